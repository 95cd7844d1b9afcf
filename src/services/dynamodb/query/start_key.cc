#include "services/dynamodb/query/start_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view start_invalid = "The provided starting key is invalid";

Fault start_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

Fault start_refused_for(const Fault& reason) { return start_refused(fmt::format("{}: {}", start_invalid, reason.message)); }

// AWS tells what is wrong with numbers and sets by itself.
bool is_told_alone(std::string_view message) {
  constexpr std::array<std::string_view, 5> told_alone = {"contains duplicates", "number set", "numeric value", "significant digits",
                                                          "number with magnitude"};
  return std::ranges::any_of(told_alone, [message](std::string_view part) { return message.contains(part); });
}

bool has_all_names(const Table& table, const Index* index, const Attributes& key) {
  std::set<std::string_view> names;
  auto add = [&names](const KeySchemaOf& keys) {
    names.insert(keys.hash.name);
    if (keys.range) names.insert(keys.range->name);
  };
  add(table.keys);
  if (index) add(index->keys);
  return key.size() == names.size() && std::ranges::all_of(names, [&key](std::string_view name) { return key.contains(name); });
}

Result<void> check_values(const KeySchemaOf& keys, const Attributes& start) {
  if (auto checked = check_key_value(keys, keys.hash, *start.find(keys.hash.name)); !checked) return checked;
  return keys.range ? check_key_value(keys, *keys.range, *start.find(keys.range->name)) : Result<void>();
}

// Of the index by itself, of the table as what makes the start key invalid.
Result<void> check_all_values(const Table& table, const Index* index, const Attributes& start) {
  if (index) {
    if (auto checked = check_values(index->keys, start); !checked) return checked;
  }
  auto checked = check_values(table.keys, start);
  if (!checked) return fail(start_refused_for(checked.error()));
  return {};
}

std::string key_in_store(const PageRequest& request, const Attributes& key) {
  return request.index ? entry_key(*request.table, *request.index, key).value_or("") : item_key(*request.table, key);
}

}  // namespace

Result<std::optional<Attributes>> read_start_key(std::optional<wire::Map<AttributeValue>>&& key) {
  if (!key) return std::nullopt;
  Result<Attributes> read = read_attributes(std::move(*key));
  if (read) return std::optional(std::move(*read));
  return fail(is_told_alone(read.error().message) ? std::move(read.error()) : start_refused_for(read.error()));
}

Result<void> check_query_start(const PageRequest& request, const KeyCondition& condition) {
  if (!request.start_key) return {};
  const Attributes& start = *request.start_key;
  const KeySchemaOf& keys = request.index ? request.index->keys : request.table->keys;
  if (!has_all_names(*request.table, request.index, start)) return fail(start_refused(std::string(start_invalid)));
  if (auto checked = check_values(keys, start); !checked) return checked;
  if (auto checked = check_all_values(*request.table, request.index, start); !checked) return checked;
  if (request.range.contains(key_in_store(request, start))) return {};
  if (!condition.range) return fail(start_refused("The provided starting key is outside query boundaries based on provided conditions"));
  Attributes in_partition = start;
  in_partition[keys.hash.name] = condition.hash;
  if (!request.range.contains(key_in_store(request, in_partition)))
    return fail(start_refused("The provided starting key does not match the range key predicate"));
  return fail(start_refused("The query can return at most one row and cannot be restarted"));
}

Result<void> check_scan_start(const PageRequest& request, uint64_t segment, uint64_t total) {
  if (!request.start_key) return {};
  if (!has_all_names(*request.table, request.index, *request.start_key))
    return fail(start_refused(request.index ? std::string(start_invalid)
                                            : fmt::format("{}: The provided key element does not match the schema", start_invalid)));
  if (auto checked = check_all_values(*request.table, request.index, *request.start_key); !checked) return checked;
  if (request.range.contains(key_in_store(request, *request.start_key))) return {};
  return fail(
      start_refused(fmt::format("{}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: {} "
                                "Segment: {}",
                                start_invalid, total, segment)));
}

}  // namespace outcrop::dynamodb
