#include "core/shard.h"

#include "base/log.h"
#include "core/limits.h"

namespace outcrop {

struct Shard::Commit {
  std::coroutine_handle<> waiter;
  bool settled = false;
  Result<void> result;

  bool await_ready() const noexcept { return settled; }
  void await_suspend(std::coroutine_handle<> self) noexcept { waiter = self; }
  void await_resume() const noexcept {}

  void settle(bool durable) {
    if (!durable) result = fail("InternalFailure", 500, "The request could not be made durable.");
    settled = true;
    if (waiter) waiter.resume();
  }
};

struct Shard::Flight {
  std::vector<Commit*> waiting;
  bool done = false;
  Result<void> result;
};

namespace {

constexpr std::string_view shard_count_key = "core/shards";

std::string shard_key_prefix(uint32_t index) { return {'s', char(index >> 8), char(index & 0xff)}; }

}  // namespace

Shard::Shard(uint32_t index, Executor& executor, World& world)
    : index_(index), executor_(executor), world_(world), key_prefix_(shard_key_prefix(index)) {}

Shard::~Shard() { check(flights_.empty() && waiting_.empty(), "a shard was destroyed before it was shut down"); }

store::WriteBatch& Shard::batch() {
  check(executor_.is_current(), "a shard's batch was touched from another thread");
  if (closed_) {
    discarded_.clear();
    return discarded_;
  }
  if (!flush_is_posted_) {
    flush_is_posted_ = true;
    executor_.post([this] {
      flush_is_posted_ = false;
      hand_over();
    });
  }
  return open_;
}

Task<Result<void>> Shard::committed() {
  if (closed_) co_return fail("ServiceUnavailable", 503, "The service is temporarily unavailable. Please try again.");
  if (open_.empty() && flights_.empty()) co_return {};
  Commit commit;
  (open_.empty() ? flights_.back()->waiting : waiting_).push_back(&commit);
  if (open_.bytes() >= limits::shard_batch_bytes_max) hand_over();
  co_await commit;
  co_return std::move(commit.result);
}

// Gives the open batch to the store. Batches overlap in flight; the store commits one caller's in order.
void Shard::hand_over() {
  if (open_.empty()) return;
  flights_.push_back(std::make_unique<Flight>());
  Flight& flight = *flights_.back();
  flight.waiting = std::exchange(waiting_, {});
  writes_.spawn(write(flight, std::exchange(open_, {})));
}

Task<void> Shard::write(Flight& flight, store::WriteBatch batch) {
  flight.result = co_await world_.store.write(std::move(batch));
  flight.done = true;
  settle_flights();
}

// Answers come in the order of the batches, whatever order their writes ended in.
void Shard::settle_flights() {
  while (!flights_.empty() && flights_.front()->done) {
    if (!flights_.front()->result && !failed_) {
      const Fault& fault = flights_.front()->result.error();
      log::error("a shard closes: its batch was not written", {{"shard", index_}, {"code", fault.code}, {"reason", fault.message}});
      fail_all();
      continue;
    }
    std::unique_ptr<Flight> flight = std::move(flights_.front());
    flights_.pop_front();
    for (Commit* commit : flight->waiting) commit->settle(true);
  }
  open_if_settled();
}

// Closes after a failure. What later batches changed was computed from what the failed one should have left,
// so all of them are answered as failed, whatever the store makes of them.
void Shard::fail_all() {
  std::vector<Commit*> failed;
  for (auto& flight : flights_) {
    auto waiting = std::exchange(flight->waiting, {});
    failed.insert(failed.end(), waiting.begin(), waiting.end());
  }
  failed.insert(failed.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
  open_.clear();
  failed_ = true;
  if (!std::exchange(closed_, true)) drop_memory();
  for (Commit* commit : failed) commit->settle(false);
}

void Shard::drop_memory() {
  ++epoch_;
  for (auto& [type, slot] : std::exchange(slots_, {})) {
    if (slot.close) slot.close(slot.memory.get());
  }
}

void Shard::open_if_settled() {
  if (!closed_ || !flights_.empty()) return;
  settled_.notify_all();
  if (restarting_ || shut_down_) return;
  closed_ = failed_ = false;
  for (auto& hook : open_hooks_) hook(*this);
  opened_.notify_all();
}

Task<void> Shard::opened() {
  while (closed_ && !shut_down_) co_await opened_.wait();
}

Task<Result<void>> Shard::restart(std::function<Task<Result<void>>()> while_closed) {
  check(executor_.is_current(), "a shard was restarted from another thread");
  co_await opened();
  if (shut_down_) co_return fail("ServiceUnavailable", 503, "The server is shutting down.");
  hand_over();
  closed_ = restarting_ = true;
  drop_memory();
  while (!flights_.empty()) co_await settled_.wait();
  Result<void> result = co_await keep(while_closed());
  restarting_ = false;
  open_if_settled();
  if (shut_down_) opened_.notify_all();
  co_return result;
}

Task<void> Shard::shut_down() {
  check(executor_.is_current(), "a shard was shut down from another thread");
  hand_over();
  shut_down_ = true;
  while (restarting_) co_await opened_.wait();
  closed_ = true;
  opened_.notify_all();
  co_await writes_.join();
  drop_memory();
  while (flush_is_posted_) co_await executor_.yield();
}

uint64_t entity_hash(std::string_view account, std::string_view region, std::string_view service, std::string_view entity) {
  uint64_t hash = 0xcbf29ce484222325;
  for (std::string_view part : {account, region, service, entity}) {
    for (char c : part) hash = (hash ^ uint8_t(c)) * 0x100000001b3;
    hash *= 0x100000001b3;  // the zero byte
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

Shards::Shards(World& world, uint32_t count) {
  check(!world.executors.empty(), "a world needs an executor");
  for (uint32_t i = 0; i < count; ++i) {
    shards_.push_back(std::make_unique<Shard>(i, *world.executors[i % world.executors.size()], world));
  }
}

Shards::~Shards() = default;

Task<Result<std::unique_ptr<Shards>>> Shards::open(World& world, uint32_t count) {
  check(count > 0 && count <= limits::shards_max, "the number of shards is out of range");
  std::optional<std::string> stored = co_await world.store.get(shard_count_key);
  if (stored && *stored != std::to_string(count)) {
    co_return fail("InvalidConfiguration", 500,
                   fmt::format("The data directory was created with {} shards and cannot be opened with {}.", *stored, count));
  }
  if (!stored) {
    store::WriteBatch batch;
    batch.put(shard_count_key, std::to_string(count));
    co_await world.store.write(std::move(batch));
  }
  co_return std::unique_ptr<Shards>(new Shards(world, count));
}

Shard& Shards::of(std::string_view account, std::string_view region, std::string_view service, std::string_view entity) {
  return *shards_[entity_hash(account, region, service, entity) % shards_.size()];
}

Task<void> Shards::close() {
  for (auto& shard : shards_) {
    Executor& home = *Executor::current();
    co_await shard->executor().enter();
    co_await shard->shut_down();
    co_await home.enter();
  }
}

}  // namespace outcrop
