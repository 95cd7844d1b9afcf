// A table as its owner is told of it.
#pragma once
#include <string>

#include "gen/dynamodb/types.h"
#include "services/dynamodb/table/schema.h"

namespace outcrop::dynamodb {

inline constexpr std::string_view status_active = "ACTIVE", status_creating = "CREATING", status_deleting = "DELETING",
                                  status_updating = "UPDATING";

TableDescription describe(const Table& table, std::string_view status);

}  // namespace outcrop::dynamodb
