#include "core/reset.h"

#include "core/durable_timers.h"

namespace outcrop {

Task<Result<void>> Reset::run(std::optional<std::string> account) {
  Executor& home = *Executor::current();
  co_await world_.executors.front()->enter();
  while (running_) co_await ended_.wait();
  running_ = true;
  Result<void> result = co_await keep(run_alone(std::move(account)));
  running_ = false;
  ended_.notify_all();
  co_await home.enter();
  co_return result;
}

Task<Result<void>> Reset::run_alone(std::optional<std::string> account) {
  std::vector<Result<void>> results(shards_.count());
  TaskGroup tasks;
  auto erase = [&](uint32_t index) -> Task<void> {
    results[index] = co_await keep(shards_.at(index).restart([&, index] { return erase_shard(shards_.at(index), account); }));
  };
  for (uint32_t i = 0; i < shards_.count(); ++i) tasks.spawn_on(shards_.at(i).executor(), erase(i));
  co_await tasks.join();
  for (Result<void>& result : results) co_await std::move(result);
  for (const Hook& hook : hooks_) co_await hook(account);
  co_return {};
}

Task<Result<void>> Reset::erase_shard(Shard& shard, const std::optional<std::string>& account) {
  if (!account) co_return co_await keep(erase_range(store::Range::prefix(shard.key_prefix())));
  co_await erase_entities_of(shard, *account);
  co_return co_await keep(erase_timers_of(shard, *account));
}

// Services are found by looking: one that is no longer built in may have left keys.
Task<Result<void>> Reset::erase_entities_of(Shard& shard, std::string_view account) {
  store::Range rest = store::Range::prefix(shard.key_prefix());
  rest.begin += ' ';
  for (;;) {
    std::vector<store::Entry> first = co_await world_.store.scan(rest, {.entries_max = 1});
    if (first.empty()) co_return {};
    const std::string_view key = std::string_view(first.front().key).substr(shard.key_prefix().size());
    const std::string service(key.substr(0, key.find('/')));
    co_await erase_range(store::Range::prefix(shard.account_prefix(service, account)));
    rest.begin = shard.key_prefix() + service + char('/' + 1);
  }
}

Task<Result<void>> Reset::erase_timers_of(Shard& shard, std::string_view account) {
  store::Range rest = DurableTimers::keys_of(shard);
  for (;;) {
    std::vector<store::Entry> entries = co_await world_.store.scan(rest);
    if (entries.empty()) co_return {};
    rest.begin = entries.back().key + '\0';
    store::WriteBatch batch;
    for (store::Entry& entry : entries) {
      const std::string key = entry.key;
      if (DurableTimers::decode(shard, std::move(entry)).account == account) batch.erase(key);
    }
    if (!batch.empty()) co_await world_.store.write(std::move(batch));
  }
}

// Writes nothing where nothing is: range tombstones would slow down what is stored later.
Task<Result<void>> Reset::erase_range(store::Range range) {
  std::vector<store::Entry> any = co_await world_.store.scan(range, {.entries_max = 1});
  if (any.empty()) co_return {};
  store::WriteBatch batch;
  batch.erase_range(range);
  co_return co_await keep(world_.store.write(std::move(batch)));
}

}  // namespace outcrop
