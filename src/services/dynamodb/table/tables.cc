#include "services/dynamodb/table/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/dynamodb/errors.h"
#include "services/dynamodb/limits.h"
#include "wire/record.h"

namespace outcrop::dynamodb {

Fault resource_not_found() { return resource_not_found_exception("Requested resource not found"); }

Fault table_not_found(std::string_view name) {
  return resource_not_found_exception(fmt::format("Requested resource not found: Table: {} not found", name));
}

Tables::Changing::Changing(Tables& tables) : tables_(tables) {
  std::scoped_lock lock(tables_.mutex_);
  ++tables_.era_;
  ++tables_.changing_;
}

Tables::Changing::~Changing() {
  std::scoped_lock lock(tables_.mutex_);
  --tables_.changing_;
}

Tables::Latest Tables::latest(std::string_view key) {
  std::scoped_lock lock(mutex_);
  if (changing_ > 0) return {nullptr, no_era};
  const auto found = known_.find(key);
  const bool is_latest = found != known_.end() && found->second.read_in == era_;
  return {is_latest ? found->second.table : nullptr, era_};
}

// Tables are made anew only where the record has changed, which its bytes tell.
Result<TableRef> Tables::known(const Place& place, std::string_view name, const std::optional<std::string>& stored, Era read_in) {
  if (!stored) return fail(resource_not_found());
  const std::string key = TableKeys(place).table(name);
  {
    std::scoped_lock lock(mutex_);
    if (auto found = known_.find(key); found != known_.end() && found->second.stored == *stored) {
      found->second.read_in = std::max(found->second.read_in, read_in);
      return found->second.table;
    }
  }
  Result<TableRecord> record = wire::decode_record<TableRecord>(*stored);
  if (!record) return fail(std::move(record.error()));
  TableRef table = make_table(place, std::string(name), std::move(*record));
  std::scoped_lock lock(mutex_);
  if (known_.size() >= limits::cached_tables_max) known_.clear();
  known_.insert_or_assign(key, Known{*stored, table, read_in});
  return table;
}

Task<Result<TableRef>> Tables::get(const Place& place, std::string_view name) {
  const std::string key = TableKeys(place).table(name);
  Latest found = latest(key);
  if (found.table) co_return std::move(found.table);
  const std::optional<std::string> stored = co_await world_.store.get(key);
  co_return known(place, name, stored, found.era);
}

Task<Result<TableRef>> Tables::get(store::Transaction& transaction, const Place& place, std::string_view name) {
  const std::optional<std::string> stored = co_await transaction.get(TableKeys(place).table(name));
  co_return known(place, name, stored);
}

Task<Result<TableRef>> Tables::create(const Place& place, std::string_view name, TableRecord record) {
  const Changing changing(*this);
  const TableKeys keys(place);
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    if (co_await transaction.get(keys.table(name)))
      co_return fail(resource_in_use_exception(fmt::format("Table already exists: {}", name)));
    const std::vector<store::Entry> tables = co_await transaction.scan(keys.tables_behind(""), {.entries_max = limits::tables_max});
    if (tables.size() >= limits::tables_max)
      co_return fail(limit_exceeded_exception(fmt::format(
          "Subscriber limit exceeded: Number of tables in the account {} exceeded the limit of {}", place.account, limits::tables_max)));
    transaction.put(keys.table(name), wire::encode_record(record));
    co_return {};
  });
  co_return make_table(place, std::string(name), std::move(record));
}

Task<Result<TableRef>> Tables::change(const Place& place, std::string_view name, const Change& change) {
  const Changing changing(*this);
  const std::string key = TableKeys(place).table(name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<TableRef>> {
    const std::optional<std::string> stored = co_await transaction.get(key);
    if (!stored) co_return fail(table_not_found(name));
    TableRecord record = co_await wire::decode_record<TableRecord>(*stored);
    co_await change(record);
    transaction.put(key, wire::encode_record(record));
    co_return make_table(place, std::string(name), std::move(record));
  }));
}

Task<Result<TableRef>> Tables::erase(const Place& place, std::string_view name, const May& may) {
  const Changing changing(*this);
  const std::string key = TableKeys(place).table(name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<TableRef>> {
    const std::optional<std::string> stored = co_await transaction.get(key);
    if (!stored) co_return fail(table_not_found(name));
    TableRef table = make_table(place, std::string(name), co_await wire::decode_record<TableRecord>(*stored));
    co_await may(*table);
    transaction.erase(key);
    transaction.erase_range(store::Range::prefix(items_prefix(table->prefix())));
    co_return table;
  }));
}

Task<Result<std::vector<std::string>>> Tables::names(const Place& place, std::string_view after, size_t count) {
  const TableKeys keys(place);
  store::Range range = keys.tables_behind(after);
  std::vector<std::string> names;
  while (names.size() < count) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = count - names.size()});
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) names.emplace_back(keys.name_in(entry.key));
    range.begin = store::key_after(entries.back().key);
  }
  co_return names;
}

Task<Result<std::vector<TableRef>>> Tables::all() {
  store::Range range = TableKeys::all_of(std::nullopt);
  std::vector<TableRef> tables;
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range);
    if (entries.empty()) co_return tables;
    for (const store::Entry& entry : entries) {
      const std::optional<TableKeys::Named> at = TableKeys::place_in(entry.key);
      if (at) tables.push_back(co_await known({at->account, at->region}, at->name, entry.value));
    }
    range.begin = store::key_after(entries.back().key);
  }
}

// Writes nothing where nothing is.
Task<Result<void>> Tables::forget(const std::optional<std::string>& account) {
  const Changing changing(*this);
  store::Range range = TableKeys::all_of(account);
  store::WriteBatch batch;
  batch.erase_range(range);
  bool is_any = false;
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range);
    if (entries.empty()) break;
    is_any = true;
    for (const store::Entry& entry : entries) {
      if (!TableKeys::place_in(entry.key)) continue;
      const TableRecord record = co_await wire::decode_record<TableRecord>(entry.value);
      batch.erase_range(store::Range::prefix(items_prefix(uint64_t(record.item_prefix))));
    }
    range.begin = store::key_after(entries.back().key);
  }
  if (is_any) co_await world_.store.write(std::move(batch));
  std::scoped_lock lock(mutex_);
  known_.clear();
  co_return {};
}

Task<Result<TableRef>> TransactionTables::get(std::string_view name) {
  if (auto found = read_.find(name); found != read_.end()) co_return found->second;
  co_return read_[name] = co_await tables_.get(transaction_, place_, name);
}

}  // namespace outcrop::dynamodb
