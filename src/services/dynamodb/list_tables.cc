#include "gen/dynamodb/list_tables.h"

#include "services/dynamodb/dynamodb.h"

namespace outcrop::dynamodb {

namespace {

constexpr int32_t tables_listed_max = 100;

}  // namespace

// Lists tables by name, a page at a time.
Task<Result<ListTablesOutput>> list_tables(Dynamodb& dynamodb, Call& call, ListTablesInput input) {
  const size_t limit = size_t(input.limit.value_or(tables_listed_max));
  std::vector<std::string> names =
      co_await dynamodb.tables().names(place_of(call), input.exclusive_start_table_name.value_or(""), limit + 1);
  ListTablesOutput output;
  if (names.size() > limit) {
    names.resize(limit);
    output.last_evaluated_table_name = names.back();
  }
  output.table_names = std::move(names);
  co_return output;
}

}  // namespace outcrop::dynamodb
