#include "services/dynamodb/item/item_key.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/digest.h"
#include "core/shard.h"
#include "services/dynamodb/limits.h"
#include "store/keys.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view key_invalid = "One or more parameter values were invalid: ";
constexpr std::string_view key_not_valid = "One or more parameter values are not valid. ";
// Longer partition keys are hashed, so that every key stays below the store's 2,500 bytes.
constexpr size_t plain_partition_bytes_max = 150;
constexpr size_t item_digest_bytes = 16;

Fault key_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }
Fault key_mismatch() { return key_refused("The provided key element does not match the schema"); }

// The bytes of a key attribute's value: those of a string or binary, or of a number what sorts as it does.
std::string key_bytes(const Value& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  if (const auto* binary = value.as<Binary>()) return binary->bytes;
  const auto* number = value.as<Decimal>();
  check(number != nullptr, "a key that is no string, number or binary");
  return number->sortable();
}

// "string", "binary"; none: it is not empty, or a number.
std::optional<std::string_view> kind_of_empty(const Value& value) {
  if (const auto* text = value.as<std::string>(); text && text->empty()) return "string";
  if (const auto* binary = value.as<Binary>(); binary && binary->bytes.empty()) return "binary";
  return std::nullopt;
}

Result<void> check_size(const KeySchemaOf& keys, const KeyAttribute& attribute, const Value& value) {
  const bool is_hash = keys.hash.name == attribute.name;
  const size_t bytes = item_bytes(value);
  if (is_hash && bytes > limits::partition_key_bytes_max)
    return fail(key_refused(
        fmt::format("{}Size of hashkey has exceeded the maximum size limit of{} bytes", key_invalid, limits::partition_key_bytes_max)));
  if (!is_hash && bytes > limits::sort_key_bytes_max)
    return fail(key_refused(fmt::format("{}Aggregated size of all range keys has exceeded the size limit of {} bytes", key_invalid,
                                        limits::sort_key_bytes_max)));
  return {};
}

Result<void> check_present_key(const KeySchemaOf& keys, const KeyAttribute& attribute, const Value& value) {
  if (const auto kind = kind_of_empty(value))
    return fail(key_refused(fmt::format("{}The AttributeValue for a key attribute cannot contain an empty {} value. Key: {}", key_not_valid,
                                        *kind, attribute.name)));
  return check_size(keys, attribute, value);
}

Result<void> check_item_key(const KeySchemaOf& keys, const KeyAttribute& attribute, const Attributes& item) {
  const Value* value = item.find(attribute.name);
  if (!value) return fail(key_refused(fmt::format("{}Missing the key {} in the item", key_invalid, attribute.name)));
  if (value->type() != attribute.type)
    return fail(key_refused(fmt::format("{}Type mismatch for key {} expected: {} actual: {}", key_invalid, attribute.name,
                                        type_name(attribute.type), type_name(value->type()))));
  return check_present_key(keys, attribute, *value);
}

Result<void> check_index_key(const Index& index, const KeyAttribute& attribute, const Attributes& item) {
  const Value* value = item.find(attribute.name);
  if (!value) return {};
  if (value->type() != attribute.type)
    return fail(key_refused(fmt::format("{}Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", key_invalid,
                                        attribute.name, type_name(attribute.type), type_name(value->type()), index.name)));
  if (const auto kind = kind_of_empty(*value))
    return fail(
        key_refused(fmt::format("{}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute "
                                "cannot contain an empty {} value. IndexName: {}, IndexKey: {}",
                                key_not_valid, *kind, index.name, attribute.name)));
  return check_size(index.keys, attribute, *value);
}

void write_partition(store::KeyWriter& writer, const Value& hash) {
  const std::string bytes = key_bytes(hash);
  writer.u64(partition_hash(hash));
  if (bytes.size() <= plain_partition_bytes_max)
    writer.u8(0).text(bytes);
  else
    writer.u8(1).raw(sha256(bytes));
}

}  // namespace

Result<void> check_item_keys(const Table& table, const Attributes& item) {
  if (auto checked = check_item_key(table.keys, table.keys.hash, item); !checked) return checked;
  if (table.keys.range) {
    if (auto checked = check_item_key(table.keys, *table.keys.range, item); !checked) return checked;
  }
  for (const Index& index : table.indexes) {
    if (auto checked = check_index_key(index, index.keys.hash, item); !checked) return checked;
    if (!index.keys.range) continue;
    if (auto checked = check_index_key(index, *index.keys.range, item); !checked) return checked;
  }
  return {};
}

Result<void> check_key_value(const KeySchemaOf& keys, const KeyAttribute& attribute, const Value& value) {
  if (value.type() != attribute.type) return fail(key_mismatch());
  return check_present_key(keys, attribute, value);
}

Result<void> check_key(const Table& table, const Attributes& key) {
  if (key.size() != (table.keys.range ? 2u : 1u)) return fail(key_mismatch());
  for (const auto& [name, value] : key) {
    const bool is_hash = table.keys.hash.name == name;
    if (!is_hash && !(table.keys.range && table.keys.range->name == name)) return fail(key_mismatch());
    const KeyAttribute& attribute = is_hash ? table.keys.hash : *table.keys.range;
    if (auto checked = check_key_value(table.keys, attribute, value); !checked) return checked;
  }
  return {};
}

Attributes key_of(const Table& table, const Attributes& item) {
  Attributes key;
  key[table.keys.hash.name] = *item.find(table.keys.hash.name);
  if (table.keys.range) key[table.keys.range->name] = *item.find(table.keys.range->name);
  return key;
}

std::string item_key(const Table& table, const Attributes& item) {
  std::string key = partition_prefix(table, nullptr, *item.find(table.keys.hash.name));
  if (table.keys.range) key += sort_bytes(nullptr, *item.find(table.keys.range->name));
  return key;
}

std::optional<std::string> entry_key(const Table& table, const Index& index, const Attributes& item) {
  const Value* hash = item.find(index.keys.hash.name);
  const Value* range = index.keys.range ? item.find(index.keys.range->name) : nullptr;
  if (!hash || (index.keys.range && !range)) return std::nullopt;
  std::string key = partition_prefix(table, &index, *hash);
  if (range) key += sort_bytes(&index, *range);
  return key + sha256(item_key(table, item)).substr(0, item_digest_bytes);
}

std::string partition_prefix(const Table& table, const Index* index, const Value& hash) {
  store::KeyWriter writer(items_prefix(table.prefix(), index ? index->number : 0));
  write_partition(writer, hash);
  return std::move(writer).str();
}

std::string sort_bytes(const Index* index, const Value& range) {
  if (!index) return key_bytes(range);
  return store::KeyWriter().text(key_bytes(range)).str();
}

uint64_t partition_hash(const Value& hash) { return entity_hash("", "", type_name(hash.type()), key_bytes(hash)); }

}  // namespace outcrop::dynamodb
