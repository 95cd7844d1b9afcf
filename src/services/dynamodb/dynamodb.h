// Dynamodb: Amazon DynamoDB. One file beside this is one operation; what they share is in the folders below: value/ the values of
// attributes, expression/ the expression language and the legacy parameters in its place, table/ tables, item/ the writing of items, query/
// the reading of many.
//
// All of it is shared: store transactions alone, whose keys table/keys.h lists. A transaction reads the record of each table it writes to,
// so it commits only against tables as they are. Indexes are written with their items: they are never behind; large entries are references
// to the items (item/index_entry.h).
#pragma once
#include "core/call.h"
#include "services/dynamodb/expression/parsed_expressions.h"
#include "services/dynamodb/item/capacity_meter.h"
#include "services/dynamodb/table/tables.h"
#include "services/dynamodb/table/upkeep.h"

namespace outcrop::dynamodb {

class Dynamodb {
 public:
  Dynamodb(World& world, ServiceMetrics& metrics) : world_(world), tables_(world), upkeep_(world, tables_), capacity_(world, metrics) {}

  Task<Result<void>> start() { return upkeep_.start(); }
  Task<void> stop() { return upkeep_.stop(); }

  World& world() { return world_; }
  Tables& tables() { return tables_; }
  Upkeep& upkeep() { return upkeep_; }
  CapacityMeter& capacity() { return capacity_; }
  ParsedExpressions& parsed() { return parsed_; }

 private:
  World& world_;
  Tables tables_;
  Upkeep upkeep_;
  CapacityMeter capacity_;
  ParsedExpressions parsed_;
};

}  // namespace outcrop::dynamodb
