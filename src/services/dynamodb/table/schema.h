// Table: what reads and writes of items need to know of a table; made of its record, immutable.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gen/records/dynamodb.h"
#include "services/dynamodb/table/keys.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

struct KeyAttribute {
  std::string name;
  Type type;
};

struct KeySchemaOf {
  KeyAttribute hash;
  std::optional<KeyAttribute> range;

  bool has(std::string_view name) const { return hash.name == name || (range && range->name == name); }
};

enum class ProjectionType : uint8_t { all, keys_only, include };

struct Index {
  std::string name;
  uint16_t number;  // in the keys of its entries; never used again
  bool is_global;
  KeySchemaOf keys;
  ProjectionType projection;
  std::vector<std::string> non_key_attributes;
  bool is_backfilling;  // entries are written, but not all are there
};

struct Table {
  Place place;
  std::string name;
  TableRecord record;
  KeySchemaOf keys;
  std::vector<Index> indexes;

  uint64_t prefix() const { return uint64_t(record.item_prefix); }
  bool is_on_demand() const { return record.billing_mode == "PAY_PER_REQUEST"; }
  const Index* find(std::string_view index) const;
  std::string arn() const { return "arn:aws:dynamodb:" + place.region + ":" + place.account + ":table/" + name; }
};

using TableRef = std::shared_ptr<const Table>;

TableRef make_table(Place place, std::string name, TableRecord record);

}  // namespace outcrop::dynamodb
