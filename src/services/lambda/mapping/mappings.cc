#include "services/lambda/mapping/mappings.h"

#include <fmt/format.h>

#include <limits>

#include "gen/lambda/errors.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

Fault no_such_mapping() { return resource_not_found_exception("The resource you requested does not exist."); }

Fault mapping_exists(const Mapping& mapping, std::string_view uuid) {
  const std::string function =
      mapping.record.qualifier ? mapping.record.function_name + ":" + *mapping.record.qualifier : mapping.record.function_name;
  return resource_conflict_exception(
      fmt::format("An event source mapping with SQS arn (\" {} \") and function (\" {} \") already exists. Please update or delete the "
                  "existing mapping with UUID {}",
                  mapping.record.source_arn, function, uuid));
}

Result<Mapping> decoded_mapping(const Place& place, std::string_view uuid, std::string_view stored) {
  auto record = wire::decode_record<MappingRecord>(stored);
  if (!record) return fail(std::move(record.error()));
  return Mapping{place, std::string(uuid), std::move(*record)};
}

bool is_of_same_pair(const MappingRecord& a, const MappingRecord& b) {
  return a.source_arn == b.source_arn && a.function_name == b.function_name && a.qualifier == b.qualifier;
}

bool any_mapping(const Mapping&) { return true; }

}  // namespace

Task<Result<Mapping>> Mappings::create(const Place& place, MappingRecord record) {
  const Mapping mapping{place, world_.random.uuid(), std::move(record)};
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<Mapping>> {
    co_await check_unique(transaction, mapping);
    transaction.put(FunctionKeys(place).mapping(mapping.uuid), wire::encode_record(mapping.record));
    co_return mapping;
  }));
}

// Scans them all, so that of two that are made at once one is refused.
Task<Result<void>> Mappings::check_unique(store::Transaction& transaction, const Mapping& mapping) {
  store::Range range = FunctionKeys(mapping.place).mappings();
  for (;;) {
    const std::vector<store::Entry> entries = co_await transaction.scan(range);
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) {
      const std::string_view uuid = FunctionKeys::last_part(entry.key);
      const MappingRecord other = co_await wire::decode_record<MappingRecord>(entry.value);
      if (uuid != mapping.uuid && is_of_same_pair(other, mapping.record)) co_return fail(mapping_exists(mapping, uuid));
    }
    range.begin = store::key_after(entries.back().key);
  }
}

Task<Result<Mapping>> Mappings::get(const Place& place, std::string_view uuid) {
  std::optional<Mapping> mapping = co_await find(place, uuid);
  if (!mapping) co_return fail(no_such_mapping());
  co_return std::move(*mapping);
}

Task<Result<std::optional<Mapping>>> Mappings::find(const Place& place, std::string_view uuid) {
  const std::string key = FunctionKeys(place).mapping(uuid);
  const std::optional<std::string> stored = co_await world_.store.get(key);
  if (!stored) co_return std::nullopt;
  co_return co_await decoded_mapping(place, uuid, *stored);
}

Task<Result<Mapping>> Mappings::change(const Place& place, std::string_view uuid, const Change& change) {
  const std::string key = FunctionKeys(place).mapping(uuid);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<Mapping>> {
    const std::optional<std::string> stored = co_await transaction.get(key);
    if (!stored) co_return fail(no_such_mapping());
    Mapping mapping = co_await decoded_mapping(place, uuid, *stored);
    const MappingRecord before = mapping.record;
    co_await change(mapping.record);
    if (!is_of_same_pair(before, mapping.record)) co_await check_unique(transaction, mapping);
    transaction.put(key, wire::encode_record(mapping.record));
    co_return mapping;
  }));
}

Task<Result<Mapping>> Mappings::erase(const Place& place, std::string_view uuid) {
  const std::string key = FunctionKeys(place).mapping(uuid);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<Mapping>> {
    const std::optional<std::string> stored = co_await transaction.get(key);
    if (!stored) co_return fail(no_such_mapping());
    transaction.erase(key);
    co_return co_await decoded_mapping(place, uuid, *stored);
  }));
}

Task<Result<std::vector<Mapping>>> Mappings::list(const Place& place, std::string_view after, size_t count, const Wanted& wanted) {
  const FunctionKeys keys(place);
  store::Range range = keys.mappings();
  if (!after.empty()) range.begin = store::key_after(keys.mapping(after));
  std::vector<Mapping> mappings;
  while (mappings.size() < count) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      Mapping mapping = co_await decoded_mapping(place, FunctionKeys::last_part(entry.key), entry.value);
      if (mappings.size() < count && wanted(mapping)) mappings.push_back(std::move(mapping));
    }
    range.begin = store::key_after(entries.back().key);
  }
  co_return mappings;
}

// Goes from place to place, past whatever else lies there.
Task<Result<std::vector<Mapping>>> Mappings::all() {
  std::vector<Mapping> mappings;
  store::Range range = FunctionKeys::all_of({});
  for (;;) {
    const std::vector<store::Entry> first = co_await world_.store.scan(range, {.entries_max = 1});
    if (first.empty()) co_return mappings;
    const Place place = FunctionKeys::place_in(first.front().key);
    std::vector<Mapping> here = co_await list(place, "", std::numeric_limits<size_t>::max(), any_mapping);
    std::ranges::move(here, std::back_inserter(mappings));
    range.begin = FunctionKeys(place).all().end;
  }
}

}  // namespace outcrop::lambda
