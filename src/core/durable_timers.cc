#include "core/durable_timers.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "core/limits.h"
#include "core/timers.h"
#include "store/store.h"

namespace outcrop {

namespace {

// shard prefix | 1 | due in ms, 8 bytes big-endian | kind | 0 | account | 0 | id; the value is the payload.
constexpr char timer_tag = '\1';

std::string timer_keys_begin(const Shard& shard) { return shard.key_prefix() + timer_tag; }

std::string timer_key(const Shard& shard, Instant due, std::string_view kind, std::string_view account, std::string_view id) {
  std::string key = timer_keys_begin(shard);
  key.reserve(key.size() + 10 + kind.size() + account.size() + id.size());
  const uint64_t ms = uint64_t(std::max<int64_t>(ms_since_epoch(due), 0));
  for (int shift = 56; shift >= 0; shift -= 8) key += char(ms >> shift & 0xff);
  key.append(kind).append(1, '\0').append(account).append(1, '\0').append(id);
  return key;
}

Instant due_of_timer_key(const Shard& shard, std::string_view key) {
  uint64_t ms = 0;
  for (char byte : key.substr(shard.key_prefix().size() + 1, 8)) ms = ms << 8 | uint8_t(byte);
  return instant_from_ms(int64_t(ms));
}

DurableTimer timer_of(const Shard& shard, std::string_view key, std::string payload) {
  std::string_view names = key.substr(shard.key_prefix().size() + 9);
  const size_t kind_end = names.find('\0');
  const size_t account_end = names.find('\0', kind_end + 1);
  check(kind_end != names.npos && account_end != names.npos, "a timer's key is malformed");
  return {.due = due_of_timer_key(shard, key),
          .kind = std::string(names.substr(0, kind_end)),
          .account = std::string(names.substr(kind_end + 1, account_end - kind_end - 1)),
          .id = std::string(names.substr(account_end + 1)),
          .payload = std::move(payload)};
}

}  // namespace

// The timers of one shard; all of it runs on the shard's thread.
class DurableTimers::OfShard {
 public:
  OfShard(DurableTimers& owner, Shard& shard) : owner_(owner), shard_(shard) {}

  Task<Result<void>> start();
  Task<void> stop();
  void set(DurableTimer timer);
  void cancel(const std::string& key);

 private:
  struct Running {
    std::optional<std::string> set_again;  // the payload of a timer that was set while its handler ran
    bool cancelled = false;
  };
  // What was set (or cancelled: none) behind the window while it is being read on.
  using Changes = std::map<std::string, std::optional<std::string>>;

  WallTimers& wall_timers() { return shard_.world().timers; }
  Instant now() { return shard_.world().clock.wall(); }
  void reload();
  void remember(std::string key, std::string payload);
  void forget(const std::string& key);
  void trim();
  Task<void> read_on();
  Task<Result<void>> read_window();
  void arm();
  void fire();
  Task<void> run(std::string key, std::string payload);
  Task<Result<void>> handle(const Handler& handler, const DurableTimer& timer);

  DurableTimers& owner_;
  Shard& shard_;
  std::map<std::string, std::string> window_;  // payloads by key: every timer before window_end_ that does not run
  size_t window_bytes_ = 0;
  std::string window_end_;  // empty: nothing lies behind the window
  std::optional<Changes> changes_;
  std::map<std::string, Running> running_;
  size_t handlers_running_ = 0;
  Timer wake_;
  Instant wake_at_;
  bool stopping_ = false;
  TaskGroup tasks_;
};

Task<Result<void>> DurableTimers::OfShard::start() {
  window_end_ = timer_keys_begin(shard_);
  changes_.emplace();
  co_await read_window();
  shard_.on_open([this](Shard&) { reload(); });
  arm();
  co_return {};
}

// The shard has opened again: what memory held may never have been stored.
void DurableTimers::OfShard::reload() {
  if (stopping_) return;
  window_.clear();
  running_.clear();
  window_bytes_ = handlers_running_ = 0;
  wake_.reset();
  window_end_ = timer_keys_begin(shard_);
  changes_.emplace();
  tasks_.spawn(read_on());
}

Task<void> DurableTimers::OfShard::stop() {
  stopping_ = true;
  wake_.reset();
  tasks_.request_stop();
  co_await tasks_.join();
}

void DurableTimers::OfShard::set(DurableTimer timer) {
  check(timer.kind.size() <= limits::timer_kind_bytes_max && timer.id.size() <= limits::timer_id_bytes_max &&
            timer.payload.size() <= limits::timer_payload_bytes_max,
        "a durable timer is larger than the limits");
  check(timer.kind.find('\0') == std::string::npos && timer.account.find('\0') == std::string::npos, "a timer's name has a zero byte");
  std::string key = timer_key(shard_, timer.due, timer.kind, timer.account, timer.id);
  shard_.batch().put(key, timer.payload);
  if (!shard_.is_open()) return;
  if (auto running = running_.find(key); running != running_.end()) {
    running->second = Running{std::move(timer.payload), false};
  } else if (window_end_.empty() || key < window_end_) {
    remember(std::move(key), std::move(timer.payload));
    trim();
    arm();
  } else if (changes_) {
    (*changes_)[std::move(key)] = std::move(timer.payload);
  }
}

void DurableTimers::OfShard::cancel(const std::string& key) {
  shard_.batch().erase(key);
  if (!shard_.is_open()) return;
  if (auto running = running_.find(key); running != running_.end()) {
    running->second = Running{std::nullopt, true};
  } else if (window_end_.empty() || key < window_end_) {
    forget(key);
  } else if (changes_) {
    (*changes_)[key] = std::nullopt;
  }
}

void DurableTimers::OfShard::remember(std::string key, std::string payload) {
  forget(key);
  window_bytes_ += key.size() + payload.size();
  window_.emplace(std::move(key), std::move(payload));
}

void DurableTimers::OfShard::forget(const std::string& key) {
  auto found = window_.find(key);
  if (found == window_.end()) return;
  window_bytes_ -= found->first.size() + found->second.size();
  window_.erase(found);
}

// Forgets what is due last when the window has grown to twice its size; the store has it.
void DurableTimers::OfShard::trim() {
  if (changes_) return;
  if (window_.size() <= 2 * limits::timer_window_entries && window_bytes_ <= 2 * limits::timer_window_bytes) return;
  while (window_.size() > limits::timer_window_entries || (window_.size() > 1 && window_bytes_ > limits::timer_window_bytes)) {
    window_end_ = std::prev(window_.end())->first;
    forget(std::string(window_end_));
  }
}

// Reads the window on until it succeeds; a store that fails now and then must not stop time for a shard.
Task<void> DurableTimers::OfShard::read_on() {
  for (;;) {
    const uint64_t epoch = shard_.epoch();
    Result<void> result = co_await read_window();
    if (stopping_ || epoch != shard_.epoch()) co_return;
    if (result) break;
    log::error("a shard's timers could not be read", {{"shard", shard_.index()}, {"reason", result.error().message}});
    co_await steady_until(shard_.world().clock.steady() + limits::timer_retry_first, tasks_.stop_token());
    if (stopping_ || epoch != shard_.epoch()) co_return;
  }
  arm();
}

// Adds the next timers behind the window to it. What changes there meanwhile is in changes_, which was begun before.
Task<Result<void>> DurableTimers::OfShard::read_window() {
  const uint64_t epoch = shard_.epoch();
  co_await shard_.committed();  // what was set before changes_ began is found by the scan
  store::Range range = store::Range::prefix(timer_keys_begin(shard_));
  range.begin = window_end_;
  const store::ScanOptions options = {.entries_max = limits::timer_window_entries, .bytes_max = limits::timer_window_bytes};
  std::vector<store::Entry> entries = co_await shard_.world().store.scan(range, options);
  if (epoch != shard_.epoch()) co_return {};
  window_end_ = entries.empty() ? "" : entries.back().key + '\0';
  Changes changes = std::move(*std::exchange(changes_, std::nullopt));
  for (store::Entry& entry : entries) {
    if (!changes.contains(entry.key) && !running_.contains(entry.key)) remember(std::move(entry.key), std::move(entry.value));
  }
  for (auto& [key, payload] : changes) {
    if (payload && (window_end_.empty() || key < window_end_)) remember(key, std::move(*payload));
  }
  co_return {};
}

void DurableTimers::OfShard::arm() {
  if (stopping_) return;
  if (!window_end_.empty() && !changes_ && window_.size() < limits::timer_window_entries / 2) {
    changes_.emplace();
    tasks_.spawn(read_on());
    return;
  }
  if (window_.empty() || handlers_running_ >= limits::timer_handlers_running_max) return;
  Instant due = due_of_timer_key(shard_, window_.begin()->first);
  if (wake_ && wake_at_ == due) return;
  wake_at_ = due;
  wake_ = wall_timers().at(due, [this] { fire(); });
}

void DurableTimers::OfShard::fire() {
  wake_.reset();
  if (!shard_.is_open()) return;  // it reloads when it opens
  const uint64_t epoch = shard_.epoch();
  while (!window_.empty() && handlers_running_ < limits::timer_handlers_running_max && !stopping_) {
    if (due_of_timer_key(shard_, window_.begin()->first) > now()) break;
    auto node = window_.extract(window_.begin());
    window_bytes_ -= node.key().size() + node.mapped().size();
    running_.emplace(node.key(), Running());
    ++handlers_running_;
    tasks_.spawn(run(std::move(node.key()), std::move(node.mapped())));
    if (epoch != shard_.epoch()) return;
  }
  arm();
}

Task<void> DurableTimers::OfShard::run(std::string key, std::string payload) {
  const uint64_t epoch = shard_.epoch();
  DurableTimer timer = timer_of(shard_, key, std::move(payload));
  const auto handler = owner_.handlers_.find(timer.kind);
  if (handler == owner_.handlers_.end()) {
    log::error("a timer has no handler and stays in the store", {{"kind", timer.kind}, {"id", timer.id}});
    running_.erase(key);
    --handlers_running_;
    co_return;
  }
  for (Seconds wait = limits::timer_retry_first;; wait = std::min(wait * 2, limits::timer_retry_max)) {
    Result<void> result = co_await handle(handler->second, timer);
    if (epoch != shard_.epoch()) co_return;
    --handlers_running_;
    Running& state = running_.at(key);
    if (result || state.cancelled || state.set_again) {
      std::optional<std::string> set_again = std::move(state.set_again);
      running_.erase(key);
      if (set_again) {
        remember(std::move(key), std::move(*set_again));
      } else {
        shard_.batch().erase(key);
      }
      break;
    }
    log::warning("a timer's handler failed and will run again",
                 {{"kind", timer.kind}, {"id", timer.id}, {"code", result.error().code}, {"reason", result.error().message}});
    arm();
    co_await wall_timers().until(now() + wait, tasks_.stop_token());
    if (stopping_ || epoch != shard_.epoch()) co_return;
    ++handlers_running_;
  }
  arm();
}

Task<Result<void>> DurableTimers::OfShard::handle(const Handler& handler, const DurableTimer& timer) {
  Result<void> result;
  try {
    result = co_await keep(handler(shard_, timer));
  } catch (const std::exception& problem) {
    result = fail("InternalFailure", 500, problem.what());
  }
  check(shard_.executor().is_current(), "a timer's handler ended on another thread than its shard's");
  co_return result;
}

DurableTimers::DurableTimers(Shards& shards) : shards_(shards) {
  for (uint32_t i = 0; i < shards.count(); ++i) of_shard_.push_back(std::make_unique<OfShard>(*this, shards.at(i)));
}

DurableTimers::~DurableTimers() = default;

store::Range DurableTimers::keys_of(const Shard& shard) { return store::Range::prefix(timer_keys_begin(shard)); }

DurableTimer DurableTimers::decode(const Shard& shard, store::Entry entry) { return timer_of(shard, entry.key, std::move(entry.value)); }

void DurableTimers::on(std::string_view kind, Handler handler) {
  check(!kind.empty() && kind.size() <= limits::timer_kind_bytes_max && !handlers_.contains(kind), "a timer kind is registered once");
  handlers_.emplace(kind, std::move(handler));
}

Task<Result<void>> DurableTimers::start() {
  for (auto& timers : of_shard_) {
    Shard& shard = shards_.at(uint32_t(&timers - of_shard_.data()));
    co_await Shards::call(shard, [&](Shard&) { return timers->start(); });
  }
  co_return {};
}

Task<void> DurableTimers::stop() {
  for (auto& timers : of_shard_) {
    Shard& shard = shards_.at(uint32_t(&timers - of_shard_.data()));
    co_await Shards::call(shard, [&](Shard&) { return timers->stop(); });
  }
}

void DurableTimers::set(Shard& shard, DurableTimer timer) { of_shard_[shard.index()]->set(std::move(timer)); }

void DurableTimers::cancel(Shard& shard, Instant due, std::string_view kind, std::string_view account, std::string_view id) {
  of_shard_[shard.index()]->cancel(timer_key(shard, due, kind, account, id));
}

}  // namespace outcrop
