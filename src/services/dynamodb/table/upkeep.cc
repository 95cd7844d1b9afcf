#include "services/dynamodb/table/upkeep.h"

#include <set>

#include "base/log.h"
#include "core/timers.h"
#include "services/dynamodb/item/expiry.h"
#include "services/dynamodb/item/index_entry.h"
#include "services/dynamodb/item/items.h"
#include "services/dynamodb/item/transaction_token.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

constexpr size_t filled_at_once = 64;

bool is_filling(const Table& table) { return std::ranges::any_of(table.indexes, &Index::is_backfilling); }

}  // namespace

Task<Result<void>> Upkeep::start() {
  const std::vector<TableRef> all = co_await tables_.all();
  for (const TableRef& table : all) {
    if (is_filling(*table)) fill(table);
  }
  tasks_.spawn(look_after_tables());
  co_return {};
}

Task<void> Upkeep::stop() {
  tasks_.request_stop();
  co_await tasks_.join();
}

void Upkeep::fill(TableRef table) { tasks_.spawn(fill_all(std::move(table))); }

Task<void> Upkeep::fill_all(TableRef table) {
  Result<void> filled = co_await keep(fill_items(*table));
  if (filled && !tasks_.stop_token().stop_requested()) {
    auto changed = co_await keep(tables_.change(table->place, table->name, [&](TableRecord& record) -> Result<void> {
      if (record.id != table->record.id) return fail(resource_not_found());  // made anew meanwhile
      for (IndexRecord& index : record.indexes) {
        if (table->find(index.name)) index.is_backfilling = false;
      }
      return {};
    }));
    if (!changed) filled = fail(std::move(changed.error()));
  }
  if (!filled && filled.error().status >= 500)
    log::error("an index could not be filled", {{"table", table->arn()}, {"reason", filled.error().message}});
}

// A few items in each transaction, each as it is then: writes of applications meanwhile keep the entries themselves.
Task<Result<void>> Upkeep::fill_items(const Table& table) {
  store::Range range = store::Range::prefix(items_prefix(table.prefix(), 0));
  while (!tasks_.stop_token().stop_requested()) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = filled_at_once});
    if (entries.empty()) co_return {};
    co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      const TableRef current = co_await tables_.get(transaction, table.place, table.name);
      if (current->record.id != table.record.id) co_return fail(resource_not_found());
      for (const store::Entry& entry : entries) {
        const std::optional<std::string> stored = co_await transaction.get(entry.key);
        if (stored) write_entries(transaction, *current, co_await load_attributes(*stored));
      }
      co_return {};
    });
    range.begin = store::key_after(entries.back().key);
  }
  co_return {};
}

Task<void> Upkeep::look_after_tables() {
  while (!tasks_.stop_token().stop_requested()) {
    co_await world_.timers.until(world_.clock.wall() + limits::upkeep_interval, tasks_.stop_token());
    if (tasks_.stop_token().stop_requested()) co_return;
    const Result<void> done = co_await keep(look_after_once());
    if (!done && done.error().status >= 500) log::error("tables could not be looked after", {{"reason", done.error().message}});
  }
}

Task<Result<void>> Upkeep::look_after_once() {
  const std::vector<TableRef> all = co_await tables_.all();
  std::set<std::pair<std::string, std::string>> places;
  for (const TableRef& table : all) places.emplace(table->place.account, table->place.region);
  for (const auto& [account, region] : places) co_await forget_old_tokens(world_, {account, region});
  for (const TableRef& table : all) {
    if (table->record.time_to_live) co_await expire_items(table);
    const Instant counted_at = table->record.counted_at.value_or(table->record.created_at);
    if (world_.clock.wall() >= counted_at + limits::count_interval) co_await count_items(table);
  }
  co_return {};
}

Task<Result<void>> Upkeep::expire_items(TableRef table) {
  const store::Range due = expired_before(*table, world_.clock.wall());
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(due, {.entries_max = limits::expired_at_once});
    if (entries.empty() || tasks_.stop_token().stop_requested()) co_return {};
    for (const store::Entry& entry : entries) {
      const Attributes key = co_await load_attributes(entry.value);
      co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
        const TableRef current = co_await tables_.get(transaction, table->place, table->name);
        transaction.erase(entry.key);  // also where it has lost its item
        co_await write_item(transaction, *current, key, [&](const std::optional<Attributes>& before) -> Result<std::optional<Attributes>> {
          const bool is_due = before && expiry_key(*current, *before) == entry.key;
          return is_due ? std::nullopt : before;
        });
        co_return {};
      });
    }
  }
}

Task<Result<void>> Upkeep::count_items(TableRef table) {
  const Instant now = world_.clock.wall();
  const Count items = co_await count(*table, nullptr);
  std::vector<Count> of_indexes;
  for (const Index& index : table->indexes) of_indexes.push_back(co_await count(*table, &index));
  co_await tables_.change(table->place, table->name, [&](TableRecord& record) -> Result<void> {
    if (record.id != table->record.id) return fail(resource_not_found());
    record.counted_at = now;
    record.item_count = items.items;
    record.item_bytes = items.bytes;
    for (IndexRecord& index : record.indexes) {
      for (size_t i = 0; i < of_indexes.size(); ++i) {
        if (table->indexes[i].number != index.number) continue;
        index.item_count = of_indexes[i].items;
        index.item_bytes = of_indexes[i].bytes;
      }
    }
    return {};
  });
  co_return {};
}

Task<Result<Upkeep::Count>> Upkeep::count(const Table& table, const Index* index) {
  store::Range range = store::Range::prefix(items_prefix(table.prefix(), index ? index->number : 0));
  Count count;
  while (!tasks_.stop_token().stop_requested()) {
    const std::vector<store::Entry> entries = co_await scan_items(world_.store, table, index, range);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      ++count.items;
      count.bytes += int64_t(item_bytes(co_await load_attributes(entry.value)));
    }
    range.begin = store::key_after(entries.back().key);
    co_await Executor::current()->yield();
  }
  co_return count;
}

}  // namespace outcrop::dynamodb
