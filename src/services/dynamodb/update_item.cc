#include "gen/dynamodb/update_item.h"

#include <array>

#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/single_write.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

Result<void> use_legacy_parameters(RequestExpressions& expressions, UpdateItemInput& input) {
  if (input.attribute_updates) {
    if (auto used = expressions.use_updates(std::move(*input.attribute_updates)); !used) return used;
  }
  if (!input.expected) return {};
  return expressions.use_expected(std::move(*input.expected), input.conditional_operator);
}

Result<void> check_update_parameters(const UpdateItemInput& input) {
  const std::array<Given, 2> expressions = {
      {{"UpdateExpression", input.update_expression.has_value()}, {"ConditionExpression", input.condition_expression.has_value()}}};
  const std::array<Given, 3> legacy = {{{"AttributeUpdates", input.attribute_updates.has_value()},
                                        {"Expected", input.expected.has_value()},
                                        {"ConditionalOperator", input.conditional_operator.has_value()}}};
  return check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
}

Result<RequestExpressions> update_expressions(Dynamodb& dynamodb, UpdateItemInput& input) {
  Result<RequestExpressions> read = RequestExpressions::read(dynamodb.parsed(), {.update = std::move(input.update_expression),
                                                                                 .condition = std::move(input.condition_expression),
                                                                                 .names = std::move(input.expression_attribute_names),
                                                                                 .values = std::move(input.expression_attribute_values)});
  if (!read) return read;
  if (auto used = use_legacy_parameters(*read, input); !used) return fail(std::move(used.error()));
  return read;
}

// What an update touched of an item.
std::optional<wire::JsonText> touched(const std::optional<Attributes>& item, const std::optional<BoundUpdate>& update) {
  if (!item || !update) return std::nullopt;
  BoundProjection paths;
  for (const BoundUpdate::Action& action : update->actions) paths.push_back(action.path);
  const Attributes part = project(*item, paths);
  if (part.empty()) return std::nullopt;
  return item_json(part);
}

std::optional<wire::JsonText> returned(const Written& written, const std::optional<BoundUpdate>& update, std::string_view asked) {
  if (asked == "UPDATED_OLD") return touched(written.before, update);
  if (asked == "UPDATED_NEW") return touched(written.after, update);
  const std::optional<Attributes>* whole = asked == "ALL_OLD" ? &written.before : asked == "ALL_NEW" ? &written.after : nullptr;
  if (!whole || !*whole) return std::nullopt;
  return item_json(**whole);
}

}  // namespace

// Changes attributes of an item, which is made if there is none, if it meets the condition.
Task<Result<UpdateItemOutput>> update_item(Dynamodb& dynamodb, Call& call, UpdateItemInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  co_await check_update_parameters(input);
  const Attributes key = co_await read_attributes(std::move(input.key));
  const RequestExpressions expressions = co_await update_expressions(dynamodb, input);
  const ItemCondition condition{expressions.condition ? &*expressions.condition : nullptr,
                                input.return_values_on_condition_check_failure == "ALL_OLD"};
  const BoundUpdate* update = expressions.update ? &*expressions.update : nullptr;
  SingleWritten done = co_await write_one(dynamodb, place_of(call), table_name, update_request(key, update, condition));
  UpdateItemOutput output;
  output.consumed_capacity = describe(*done.table, done.written.consumed, input.return_consumed_capacity);
  output.item_collection_metrics = collection_metrics(*done.table, done.key, input.return_item_collection_metrics);
  output.attributes = returned(std::move(done.written), expressions.update, input.return_values.value_or("NONE"));
  co_return output;
}

}  // namespace outcrop::dynamodb
