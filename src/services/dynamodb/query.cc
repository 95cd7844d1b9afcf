#include "gen/dynamodb/query.h"

#include <array>

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/query/filter_keys.h"
#include "services/dynamodb/query/key_condition.h"
#include "services/dynamodb/query/read_request.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

namespace {

Result<RequestExpressions> query_expressions(Dynamodb& dynamodb, QueryInput& input) {
  const std::array<Given, 3> expressions = {{{"ProjectionExpression", input.projection_expression.has_value()},
                                             {"FilterExpression", input.filter_expression.has_value()},
                                             {"KeyConditionExpression", input.key_condition_expression.has_value()}}};
  const std::array<Given, 4> legacy = {{{"AttributesToGet", input.attributes_to_get.has_value()},
                                        {"QueryFilter", input.query_filter.has_value()},
                                        {"ConditionalOperator", input.conditional_operator.has_value()},
                                        {"KeyConditions", input.key_conditions.has_value() && input.key_condition_expression.has_value()}}};
  auto checked =
      check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
  if (!checked) return fail(std::move(checked.error()));
  if (!input.key_conditions && !input.key_condition_expression)
    return fail("ValidationException", 400,
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  Result<RequestExpressions> read = RequestExpressions::read(dynamodb.parsed(), {.key_condition = std::move(input.key_condition_expression),
                                                                                 .filter = std::move(input.filter_expression),
                                                                                 .projection = std::move(input.projection_expression),
                                                                                 .names = std::move(input.expression_attribute_names),
                                                                                 .values = std::move(input.expression_attribute_values)});
  if (!read) return read;
  if (input.query_filter) {
    if (auto used = read->use_filter(std::move(*input.query_filter), input.conditional_operator); !used)
      return fail(std::move(used.error()));
  }
  if (!input.attributes_to_get) return read;
  if (auto used = read->use_attributes(std::move(*input.attributes_to_get)); !used) return fail(std::move(used.error()));
  return read;
}

}  // namespace

// Gives the items of one partition, of the table or an index, in the order of their sort key.
Task<Result<QueryOutput>> query(Dynamodb& dynamodb, Call& call, QueryInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  const bool has_legacy_filter = input.query_filter.has_value();
  const RequestExpressions expressions = co_await query_expressions(dynamodb, input);
  const TableRef table = co_await dynamodb.tables().get(place_of(call), table_name);
  PageRequest request = co_await page_request(table, read_parameters(input), expressions);
  const KeySchemaOf& keys = request.index ? request.index->keys : table->keys;
  const KeyCondition condition = co_await (expressions.key_condition ? key_condition(*expressions.key_condition, keys)
                                                                     : key_condition(std::move(*input.key_conditions), keys));
  if (expressions.filter) co_await check_filter_keys(*expressions.filter, keys, has_legacy_filter ? "QueryFilter" : "Filter Expression");
  request.range = range_of(*table, request.index, condition);
  request.is_reversed = !input.scan_index_forward.value_or(true);
  co_await check_start_in_range(request);
  const bool counts_only = request.counts_only;
  co_await dynamodb.capacity().admit_read(*table, request.index);
  Page page = co_await read_page(call.world, std::move(request));
  dynamodb.capacity().consumed(*table, page.consumed);
  co_return answer_of<QueryOutput>(*table, std::move(page), counts_only, input.return_consumed_capacity);
}

}  // namespace outcrop::dynamodb
