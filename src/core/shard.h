// Shards: state with an owner instead of locks. A shard belongs to one thread; all work on its entities runs
// there. A command reads and changes shard memory and appends to the shard's open batch without suspending;
// its answer leaves when the batch is on disk. A failed batch closes the shard, which is rebuilt from the store.
#pragma once
#include <memory>
#include <string_view>
#include <typeindex>
#include <unordered_map>

#include "base/executor.h"
#include "base/task.h"
#include "core/world.h"
#include "store/store.h"

namespace outcrop {

class Shard {
 public:
  Shard(uint32_t index, Executor& executor, World& world);
  ~Shard();

  uint32_t index() const { return index_; }
  Executor& executor() const { return executor_; }
  World& world() const { return world_; }
  // "s" and the index, big-endian: what the keys of everything the shard owns begin with, so that opening a
  // shard scans one range.
  const std::string& key_prefix() const { return key_prefix_; }

  // What one service keeps in this shard; made on first use as T(Shard&), shared because a suspended caller
  // may hold it while the shard is rebuilt. is_open() of a held one turns false then.
  template <class T>
  std::shared_ptr<T> memory();

  // The writes of commands that ran since the last flush. Only on the shard's thread, without suspending
  // between the change in memory and the append.
  store::WriteBatch& batch();

  // Resolves when everything appended to the batch before this call is on disk; on a failure the shard has
  // closed and the fault (InternalFailure 500) is every waiter's answer.
  Task<Result<void>> committed();

  // Counts up each time the shard closes; what was built under another epoch is stale.
  uint64_t epoch() const { return epoch_; }

 private:
  struct Flight;
  void schedule_flush();
  Task<void> flush();

  const uint32_t index_;
  Executor& executor_;
  World& world_;
  std::string key_prefix_;
  uint64_t epoch_ = 0;
  std::unordered_map<std::type_index, std::shared_ptr<void>> memory_;
  std::unique_ptr<Flight> flight_;
};

class Shards {
 public:
  // `count` logical shards spread over the world's executors. Sticks to a data directory: stored at creation.
  Shards(World& world, uint32_t count);
  ~Shards();

  // The shard of an entity: hash(account, region, service, entity) % count. Stable over releases.
  Shard& of(std::string_view account, std::string_view region, std::string_view service, std::string_view entity);
  Shard& at(uint32_t index);
  uint32_t count() const;

  // Runs fn(shard) on the shard's thread and brings its value back to the caller's. F: Task<R>(Shard&).
  // The closure lives until the call ends, so captures by reference are safe.
  template <class F>
  static std::invoke_result_t<F&, Shard&> call(Shard& shard, F fn) {
    Executor& home = *Executor::current();
    co_await shard.executor().enter();
    auto result = co_await keep(fn(shard));
    co_await home.enter();
    co_return result;
  }

  // Ends and waits for every flush; call before the store goes.
  Task<void> close();

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
};

template <class T>
std::shared_ptr<T> Shard::memory() {
  auto& slot = memory_[std::type_index(typeid(T))];
  if (!slot) slot = std::make_shared<T>(*this);
  return std::static_pointer_cast<T>(slot);
}

}  // namespace outcrop
