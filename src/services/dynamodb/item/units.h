// Capacity: what reads and writes consume ("Read/write capacity mode", Developer Guide): a read unit for each 4 KB of an item, half of it
// when eventually consistent and two when in a transaction; a write unit for each KB, two in a transaction.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "gen/dynamodb/types.h"
#include "services/dynamodb/table/schema.h"

namespace outcrop::dynamodb {

enum class Consistency : uint8_t { eventual, strong, transactional };

// At least those of one item, also where there is none.
double read_units(size_t bytes, Consistency consistency);
double write_units(size_t bytes, bool in_transaction);

// What one request consumed of a table and its indexes.
struct Consumed {
  double table_read = 0, table_write = 0;
  std::map<std::string, double> index_read = {}, index_write = {};  // by the index's name

  void add(const Consumed& other);
};

// As ReturnConsumedCapacity asks for it: "NONE", "TOTAL", "INDEXES"; none for "NONE" and nothing.
std::optional<ConsumedCapacity> describe(const Table& table, const Consumed& consumed, const std::optional<std::string>& asked,
                                         bool in_transaction = false);

}  // namespace outcrop::dynamodb
