// The store on an engine in this process.
#include "store/local_store.h"

#include <algorithm>

#include "base/completion.h"
#include "store/limits.h"
#include "store/local_transaction.h"

namespace outcrop::store {

Task<Result<std::optional<std::string>>> Reader::get(std::string_view key, const Engine::Snapshot* at) {
  if (auto answer = engine_.get(key, at, Wait::no)) co_return std::move(*answer);
  co_return co_await pool_.run([&] { return *engine_.get(key, at, Wait::yes); });
}

Task<Result<Page>> Reader::scan(const Range& range, const ScanOptions& options, const Engine::Snapshot* at) {
  if (auto answer = engine_.scan(range, options, at, Wait::no)) co_return std::move(*answer);
  co_return co_await pool_.run([&] { return *engine_.scan(range, options, at, Wait::yes); });
}

LocalStore::LocalStore(Parts parts)
    : parts_(std::move(parts)),
      reader_(*parts_.engine, parts_.pool),
      recent_(parts_.recent_bytes),
      committer_(*parts_.engine, validator_, recent_, parts_.activity) {}

Task<Result<std::optional<std::string>>> LocalStore::get(std::string_view key) {
  if (auto value = recent_.find(key, validator_.newest())) co_return value;
  co_return co_await reader_.get(key, nullptr);
}

Task<Result<std::vector<Entry>>> LocalStore::scan(const Range& range, ScanOptions options) {
  Page page = co_await reader_.scan(range, options, nullptr);
  co_return std::move(page.entries);
}

Task<Result<void>> LocalStore::write(WriteBatch batch) {
  if (batch.empty()) co_return {};
  co_await check_limits(batch);
  Result<bool> committed = co_await Committer::Commit(committer_, batch);
  if (!committed) co_return fail(std::move(committed.error()));
  co_return {};
}

Task<Result<void>> LocalStore::flush() {
  co_return co_await keep(parts_.pool.run([&] { return parts_.engine->sync(); }));
}

Task<Result<void>> LocalStore::trim() {
  recent_.clear();
  co_return co_await keep(parts_.pool.run([&] { return parts_.engine->trim(); }));
}

StoreStats LocalStore::stats() const {
  StoreStats stats;
  committer_.add_stats(stats);
  parts_.engine->add_stats(stats);
  stats.memory_bytes += recent_.bytes();
  return stats;
}

Task<Result<std::unique_ptr<Transaction>>> LocalStore::begin() {
  co_return std::make_unique<LocalTransaction>(validator_, *parts_.engine, reader_, recent_, parts_.clock);
}

Task<Result<bool>> LocalStore::commit(std::unique_ptr<Transaction> tx) {
  auto& local = static_cast<LocalTransaction&>(*tx);
  co_await local.check_open();
  local.drop_snapshot();
  if (!local.has_writes()) co_return true;  // all it read is one state
  WriteBatch writes = local.writes();
  co_await check_limits(writes);
  co_return co_await Committer::Commit(committer_, writes, &local.reads(), local.begun_at());
}

Task<Result<void>> LocalStore::back_off(int attempt) {
  if (attempt + 1 >= transaction_attempts_max) {
    co_return fail("TransactionConflict", 503, "the transaction conflicted with others too often; try again");
  }
  Executor& home = *Executor::current();
  // The first attempts again at once: those it conflicted with have committed.
  if (attempt < 3) {
    co_await home.yield();
    co_return {};
  }
  auto wait = Milliseconds(1 + parts_.random.below(std::min<uint64_t>(100, 4u << std::min(attempt - 3, 8))));
  Completion<bool> waited(home);
  Timer timer = home.start_timer(parts_.clock.steady() + wait, [setter = waited.setter()] { setter.set(true); });
  co_await waited;
  co_return {};
}

}  // namespace outcrop::store
