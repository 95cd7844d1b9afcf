// What makes a table: checked definitions of keys, indexes and capacity, as CreateTable and UpdateTable take them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/dynamodb/create_table.h"
#include "gen/records/dynamodb.h"

namespace outcrop::dynamodb {

// The record of a new table, without what the service gives it (its id, its prefix, its time). Faults, each a ValidationException 400 in
// DynamoDB's words.
Result<TableRecord> read_definition(const CreateTableInput& input);

// One more global index of a table. Faults, each a ValidationException 400: a name that is taken, keys without definition.
Result<IndexRecord> read_global_index(const TableRecord& table, const std::string& name, const std::vector<KeySchemaElement>& keys,
                                      const Projection& projection, const std::optional<ProvisionedThroughput>& throughput);

// Units of capacity where the table is provisioned. Fault: ValidationException 400.
Result<void> check_units(std::string_view billing_mode, const std::optional<ProvisionedThroughput>& throughput);

// Definitions of attributes that no key uses are refused. Fault: ValidationException 400.
Result<void> check_all_used(const TableRecord& table);

}  // namespace outcrop::dynamodb
