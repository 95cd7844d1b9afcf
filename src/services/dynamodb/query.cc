#include "gen/dynamodb/query.h"

#include <array>

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/query/filter_keys.h"
#include "services/dynamodb/query/key_condition.h"
#include "services/dynamodb/query/key_paths.h"
#include "services/dynamodb/query/read_request.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

namespace {

Result<void> check_query_parameters(const QueryInput& input) {
  const std::array<Given, 3> expressions = {{{"ProjectionExpression", input.projection_expression.has_value()},
                                             {"FilterExpression", input.filter_expression.has_value()},
                                             {"KeyConditionExpression", input.key_condition_expression.has_value()}}};
  const std::array<Given, 4> legacy = {{{"AttributesToGet", input.attributes_to_get.has_value()},
                                        {"QueryFilter", input.query_filter.has_value()},
                                        {"ConditionalOperator", input.conditional_operator.has_value()},
                                        {"KeyConditions", input.key_conditions.has_value() && input.key_condition_expression.has_value()}}};
  return check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
}

Result<void> use_legacy_parameters(RequestExpressions& expressions, QueryInput& input) {
  if (input.query_filter) {
    if (auto used = expressions.use_filter(std::move(*input.query_filter), input.conditional_operator); !used) return used;
  }
  return input.attributes_to_get ? expressions.use_attributes(std::move(*input.attributes_to_get)) : Result<void>();
}

Result<RequestExpressions> query_expressions(Dynamodb& dynamodb, QueryInput& input) {
  return RequestExpressions::read(dynamodb.parsed(), {.key_condition = std::move(input.key_condition_expression),
                                                      .filter = std::move(input.filter_expression),
                                                      .projection = std::move(input.projection_expression),
                                                      .names = std::move(input.expression_attribute_names),
                                                      .values = std::move(input.expression_attribute_values)});
}

// Legacy parameters are looked at before the start key, expressions behind it.
struct QueryAsked {
  RequestExpressions expressions;
  ReadParameters parameters;
  std::vector<KeyTerm> terms;
};

Result<QueryAsked> query_asked(Dynamodb& dynamodb, QueryInput& input) {
  QueryAsked asked;
  if (auto checked = check_query_parameters(input); !checked) return fail(std::move(checked.error()));
  const bool is_legacy = input.query_filter || input.attributes_to_get;
  if (auto used = use_legacy_parameters(asked.expressions, input); !used) return fail(std::move(used.error()));
  Result<ReadParameters> parameters = read_parameters(input);
  if (!parameters) return fail(std::move(parameters.error()));
  asked.parameters = std::move(*parameters);
  if (!input.key_conditions && !input.key_condition_expression)
    return fail("ValidationException", 400,
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  if (!is_legacy) {
    Result<RequestExpressions> expressions = query_expressions(dynamodb, input);
    if (!expressions) return fail(std::move(expressions.error()));
    asked.expressions = std::move(*expressions);
  }
  Result<std::vector<KeyTerm>> terms =
      asked.expressions.key_condition ? key_terms(*asked.expressions.key_condition) : key_terms(std::move(*input.key_conditions));
  if (!terms) return fail(std::move(terms.error()));
  asked.terms = std::move(*terms);
  return asked;
}

}  // namespace

// Gives the items of one partition, of the table or an index, in the order of their sort key.
Task<Result<QueryOutput>> query(Dynamodb& dynamodb, Call& call, QueryInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  const bool has_legacy_filter = input.query_filter.has_value();
  QueryAsked asked = co_await query_asked(dynamodb, input);
  const TableRef table = co_await dynamodb.tables().get(place_of(call), table_name);
  const Index* index = co_await index_of(*table, asked.parameters);
  const KeySchemaOf& keys = index ? index->keys : table->keys;
  const KeyCondition condition = co_await key_condition(std::move(asked.terms), keys);
  PageRequest request = co_await page_request(table, index, std::move(asked.parameters), asked.expressions);
  request.range = range_of(*table, index, condition);
  request.is_reversed = !input.scan_index_forward.value_or(true);
  co_await check_query_start(request, condition);
  co_await check_key_paths(*table, request.projection);
  if (request.filter) co_await check_filter_keys(*request.filter, keys, has_legacy_filter ? "QueryFilter" : "Filter Expression");
  co_await check_key_paths(*table, request.filter);
  const bool counts_only = request.counts_only;
  co_await dynamodb.capacity().admit_read(*table, request.index);
  Page page = co_await read_page(call.world, std::move(request));
  dynamodb.capacity().consumed(*table, page.consumed);
  co_return answer_of<QueryOutput>(*table, std::move(page), counts_only, input.return_consumed_capacity);
}

}  // namespace outcrop::dynamodb
