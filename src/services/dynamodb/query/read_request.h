// What Query and Scan have in common: which of a table or its indexes is read, what of it is given, and the answer.
#pragma once
#include <optional>
#include <string>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/query/page.h"
#include "services/dynamodb/query/start_key.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

struct ReadParameters {
  std::optional<std::string> index_name, select;
  std::optional<int32_t> limit;
  bool is_consistent = false;
  std::optional<Attributes> start_key;
};

// Moves them out of an input of either operation. Fault: ValidationException 400 for values of the start key that are none.
template <class Input>
Result<ReadParameters> read_parameters(Input& input) {
  Result<std::optional<Attributes>> start_key = read_start_key(std::move(input.exclusive_start_key));
  if (!start_key) return fail(std::move(start_key.error()));
  return ReadParameters{std::move(input.index_name), std::move(input.select), input.limit, input.consistent_read.value_or(false),
                        std::move(*start_key)};
}

// The index that is read; null: the table itself. Fault: ValidationException 400 for one that is not there or cannot be read so.
Result<const Index*> index_of(const Table& table, const ReadParameters& parameters);

// A page of the table or the index, with all but its range; the start key is not checked. Fault: ValidationException 400 in DynamoDB's
// words for an index that cannot give what is asked for. `expressions` must outlive the request.
Result<PageRequest> page_request(TableRef table, const Index* index, ReadParameters parameters, const RequestExpressions& expressions);

template <class Output>
Output answer_of(const Table& table, Page&& page, bool counts_only, const std::optional<std::string>& return_consumed_capacity) {
  Output output;
  if (!counts_only) output.items = std::move(page.items).text();
  output.count = int32_t(page.count);
  output.scanned_count = int32_t(page.scanned);
  if (page.last_key) output.last_evaluated_key = write_attributes(std::move(*page.last_key));
  output.consumed_capacity = describe(table, page.consumed, return_consumed_capacity);
  return output;
}

}  // namespace outcrop::dynamodb
