// Shards: state with an owner instead of locks. A shard belongs to one thread; all work on its entities runs
// there. A command reads and changes shard memory and appends to the shard's open batch without suspending;
// its answer leaves when the batch is on disk. A failed batch closes the shard: its memory is dropped, every
// waiter is faulted, and the next call builds it anew from the store.
//
// A command that suspended must compare epoch() with the one its memory was made in before it appends again.
#pragma once
#include <concepts>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "base/executor.h"
#include "base/task.h"
#include "base/task_group.h"
#include "core/signal.h"
#include "core/world.h"
#include "store/store.h"

namespace outcrop {

class Shard {
 public:
  using OpenHook = std::function<void(Shard&)>;

  Shard(uint32_t index, Executor& executor, World& world);
  ~Shard();

  uint32_t index() const { return index_; }
  Executor& executor() const { return executor_; }
  World& world() const { return world_; }
  // "s" and the index in two bytes, big-endian: what the keys of everything the shard owns begin with, so that
  // opening a shard scans one range.
  const std::string& key_prefix() const { return key_prefix_; }
  // prefix SERVICE / ACCOUNT /: what the keys of a service's entities begin with, so that a reset finds an account's.
  // Core's own, among them the durable timers, follow the prefix with a byte below any letter.
  std::string account_prefix(std::string_view service, std::string_view account) const {
    return key_prefix_ + std::string(service) + "/" + std::string(account) + "/";
  }

  // What one service keeps in this shard; made on first use as T(Shard&), shared because a suspended caller
  // may hold it while the shard closes. T::close(), where there is one, is called then: it wakes who waits in it.
  template <class T>
  std::shared_ptr<T> memory();

  // As memory(), after `Task<Result<void>> T::load()` has run, once an epoch; who comes meanwhile waits for it.
  // A fault of load() is the answer of its caller, and the next caller tries again.
  template <class T>
  Task<Result<std::shared_ptr<T>>> loaded();

  // The writes of commands that ran since the last flush. Only on the shard's thread, without suspending
  // between the change in memory and the append. While the shard is closed what is appended goes nowhere.
  store::WriteBatch& batch();

  // Resolves when everything appended to the batch before this call is on disk. When that failed:
  // InternalFailure 500 (it may or may not have happened); on a closed shard: ServiceUnavailable 503.
  Task<Result<void>> committed();

  // Counts up each time the shard closes; what was built under another epoch is stale.
  uint64_t epoch() const { return epoch_; }
  bool is_open() const { return !closed_; }
  // Goes on when the shard is open; at once when it is. Shards::call has done it.
  Task<void> opened();

  // Closes, drops the memory, waits until what was appended before is settled, runs `while_closed` and opens again.
  // No call runs on the shard meanwhile. How a reset erases what is stored. On the shard's thread.
  Task<Result<void>> restart(std::function<Task<Result<void>>()> while_closed);

  // Called on the shard's thread each time it has opened again.
  void on_open(OpenHook hook) { open_hooks_.push_back(std::move(hook)); }

  // Flushes, waits for the disk and stays closed.
  Task<void> shut_down();

 private:
  struct Slot {
    std::shared_ptr<void> memory;
    void (*close)(void*) = nullptr;
    bool loading = false, ready = false;
    std::shared_ptr<Signal> settled;
  };
  struct Commit;  // a coroutine in committed()
  struct Flight;  // a batch that was handed to the store

  template <class T>
  Slot& slot();
  void hand_over();
  Task<void> write(Flight& flight, store::WriteBatch batch);
  void settle_flights();
  void drop_memory();
  void fail_all();
  void open_if_settled();

  const uint32_t index_;
  Executor& executor_;
  World& world_;
  std::string key_prefix_;
  uint64_t epoch_ = 0;
  bool closed_ = false;
  bool failed_ = false;  // closed because a batch was not written
  bool restarting_ = false;
  bool shut_down_ = false;
  bool flush_is_posted_ = false;
  std::unordered_map<std::type_index, Slot> slots_;
  store::WriteBatch open_, discarded_;
  std::vector<Commit*> waiting_;  // for what is in open_
  std::deque<std::unique_ptr<Flight>> flights_;
  Signal opened_, settled_;
  std::vector<OpenHook> open_hooks_;
  TaskGroup writes_;
};

class Shards {
 public:
  // `count` logical shards, at most 65,536, spread over the world's executors. The count sticks to a data
  // directory: it is stored at creation, and InvalidConfiguration 500 answers another one.
  static Task<Result<std::unique_ptr<Shards>>> open(World& world, uint32_t count);
  ~Shards();

  // The shard of an entity: hash(account, region, service, entity) % count. Stable over releases.
  Shard& of(std::string_view account, std::string_view region, std::string_view service, std::string_view entity);
  Shard& at(uint32_t index) { return *shards_.at(index); }
  uint32_t count() const { return uint32_t(shards_.size()); }

  // Runs fn(shard) on the shard's thread, once it is open, and brings its value back to the caller's thread.
  // F: Task<R>(Shard&). The closure lives until the call ends, so captures by reference are safe.
  template <class F>
  static std::invoke_result_t<F&, Shard&> call(Shard& shard, F fn);

  // Ends and waits for every flush; call before the store goes. Shards stay closed.
  Task<void> close();

 private:
  Shards(World& world, uint32_t count);

  std::vector<std::unique_ptr<Shard>> shards_;
};

// The 64-bit hash under Shards::of: FNV-1a over the parts, each ended by a zero byte, finished by MurmurHash3's
// mixer because FNV's low bits are weak. Data on disk depends on it.
uint64_t entity_hash(std::string_view account, std::string_view region, std::string_view service, std::string_view entity);

template <class T>
Shard::Slot& Shard::slot() {
  Slot& slot = slots_[std::type_index(typeid(T))];
  if (!slot.memory) {
    slot.memory = std::make_shared<T>(*this);
    slot.settled = std::make_shared<Signal>();
    if constexpr (requires(T& memory) { memory.close(); }) slot.close = [](void* memory) { static_cast<T*>(memory)->close(); };
  }
  return slot;
}

template <class T>
std::shared_ptr<T> Shard::memory() {
  return std::static_pointer_cast<T>(slot<T>().memory);
}

template <class T>
Task<Result<std::shared_ptr<T>>> Shard::loaded() {
  for (;;) {
    if (closed_) co_await opened();
    if (shut_down_) co_return fail("ServiceUnavailable", 503, "The server is shutting down.");
    Slot& found = slot<T>();
    auto memory = std::static_pointer_cast<T>(found.memory);
    if (found.ready) co_return memory;
    if (found.loading) {
      auto settled = found.settled;
      co_await settled->wait();
      continue;
    }
    found.loading = true;
    auto settled = found.settled;
    const uint64_t epoch = epoch_;
    Result<void> result = co_await keep(memory->load());
    if (epoch == epoch_) {
      Slot& loaded_slot = slots_.at(std::type_index(typeid(T)));
      loaded_slot.loading = false;
      loaded_slot.ready = result.has_value();
      if (!result) slots_.erase(std::type_index(typeid(T)));
    }
    settled->notify_all();
    if (!result) co_return fail(std::move(result.error()));
  }
}

template <class F>
std::invoke_result_t<F&, Shard&> Shards::call(Shard& shard, F fn) {
  using R = typename std::invoke_result_t<F&, Shard&>::value_type;
  Executor& home = *Executor::current();
  co_await shard.executor().enter();
  if (!shard.is_open()) co_await shard.opened();
  std::exception_ptr thrown;
  if constexpr (std::is_void_v<R>) {
    try {
      co_await fn(shard);
    } catch (...) {
      thrown = std::current_exception();
    }
    co_await home.enter();
    if (thrown) std::rethrow_exception(thrown);
  } else {
    std::optional<R> result;
    try {
      result.emplace(co_await keep(fn(shard)));
    } catch (...) {
      thrown = std::current_exception();
    }
    co_await home.enter();
    if (thrown) std::rethrow_exception(thrown);
    co_return std::move(*result);
  }
}

}  // namespace outcrop
