#include "services/bedrock-runtime/quota/budget_store.h"

#include "base/log.h"
#include "services/bedrock-runtime/quota/meter.h"
#include "store/keys.h"
#include "store/store.h"
#include "wire/record.h"

namespace outcrop::bedrock_runtime {

namespace {

constexpr std::string_view prefix = "global/bedrock-runtime/budgets/";

std::string key_of(const BudgetUse& use) {
  return store::KeyWriter(prefix).text(use.account).text(use.budget).text(use.tenant).text(use.unit).text(use.period).str();
}

bool is_over(const BudgetUse& use, Instant now) {
  return now >= window_of(use.period == word_of(Period::month) ? Period::month : Period::day, use.begin).end;
}

}  // namespace

Task<Result<std::vector<BudgetUse>>> BudgetStore::load() {
  std::vector<BudgetUse> uses;
  store::WriteBatch over;
  store::Range rest = store::Range::prefix(prefix);
  for (;;) {
    std::vector<store::Entry> entries = co_await world_.store.scan(rest);
    if (entries.empty()) break;
    rest.begin = store::key_after(entries.back().key);
    for (const store::Entry& entry : entries) {
      BudgetUse use = co_await wire::decode_record<BudgetUse>(entry.value);
      is_over(use, world_.clock.wall()) ? over.erase(entry.key) : uses.push_back(std::move(use));
    }
  }
  if (!over.empty()) co_await world_.store.write(std::move(over));
  co_return uses;
}

void BudgetStore::put(const std::vector<BudgetUse>& uses) {
  if (uses.empty()) return;
  std::lock_guard lock(mutex_);
  for (const BudgetUse& use : uses) pending_.insert_or_assign(key_of(use), wire::encode_record(use));
}

void BudgetStore::begin_write() {
  {
    std::lock_guard lock(mutex_);
    if (pending_.empty() || std::exchange(is_writing_, true)) return;
  }
  tasks_.spawn(write());
}

Task<void> BudgetStore::write() {
  for (;;) {
    std::map<std::string, std::string> changes;
    {
      std::lock_guard lock(mutex_);
      changes = std::exchange(pending_, {});
      if (changes.empty()) {
        is_writing_ = false;
        co_return;
      }
    }
    store::WriteBatch batch;
    for (const auto& [key, value] : changes) batch.put(key, value);
    Result<void> written = co_await keep(world_.store.write(std::move(batch)));
    if (written) continue;
    log::error("the use of budgets could not be stored", {{"reason", written.error().message}});
    keep_for_later(std::move(changes));
    co_return;
  }
}

// The next use tries again.
void BudgetStore::keep_for_later(std::map<std::string, std::string> unwritten) {
  std::lock_guard lock(mutex_);
  pending_.merge(unwritten);  // newer ones win
  is_writing_ = false;
}

Task<void> BudgetStore::stop() { co_await tasks_.join(); }

Task<Result<void>> BudgetStore::forget(const std::optional<std::string>& account) {
  const std::string keys = account ? store::KeyWriter(prefix).text(*account).str() : std::string(prefix);
  {
    std::lock_guard lock(mutex_);
    std::erase_if(pending_, [&](const auto& change) { return change.first.starts_with(keys); });
  }
  store::WriteBatch batch;
  batch.erase_range(store::Range::prefix(keys));
  co_return co_await keep(world_.store.write(std::move(batch)));
}

}  // namespace outcrop::bedrock_runtime
