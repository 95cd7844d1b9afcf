// Which of several faults of one request is told: the one that DynamoDB looks for first. And what refusals consume.
#include <gtest/gtest.h>

#include "gen/dynamodb/batch_write_item.h"
#include "gen/dynamodb/delete_item.h"
#include "gen/dynamodb/query.h"
#include "gen/dynamodb/scan.h"
#include "gen/dynamodb/transact_write_items.h"
#include "gen/dynamodb/update_table.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/testing/dynamodb_harness.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view empty_value =
    "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";

struct RefusalsTest : DynamodbHarness {
  RefusalsTest() { make_indexed("events"); }
};

TEST_F(RefusalsTest, APutTellsItsValuesThenReturnValuesThenSizeThenExpressions) {
  PutItemInput input{.table_name = "events", .item = {{"pk", s("p")}, {"sk", s("a")}, {"x", AttributeValue()}}};
  input.return_values = "ALL_NEW";
  input.condition_expression = "pk =";
  EXPECT_EQ(refusal_of(run(put_item, input)), empty_value);
  input.item["x"] = s(std::string(limits::item_bytes_max, 'x'));
  EXPECT_EQ(refusal_of(run(put_item, input)), "ValidationException: ReturnValues can only be ALL_OLD or NONE");
  input.return_values = "ALL_OLD";
  EXPECT_EQ(refusal_of(run(put_item, input)), "ValidationException: Item size has exceeded the maximum allowed size");
  input.item["x"] = s("x");
  EXPECT_EQ(refusal_of(run(put_item, input)),
            "ValidationException: Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"");
}

TEST_F(RefusalsTest, UpdatesReadsAndDeletionsTellTheirKeysValuesBeforeExpressions) {
  const Item key = {{"pk", s("p")}, {"sk", AttributeValue()}};
  UpdateItemInput update{.table_name = "events", .key = key};
  update.update_expression = "SET x =";
  EXPECT_EQ(refusal_of(run(update_item, update)), empty_value);
  GetItemInput get{.table_name = "events", .key = key};
  get.projection_expression = "a..";
  EXPECT_EQ(refusal_of(run(get_item, get)), empty_value);
  DeleteItemInput erase{.table_name = "events", .key = key};
  erase.condition_expression = "pk =";
  EXPECT_EQ(refusal_of(run(delete_item, erase)), empty_value);
}

TEST_F(RefusalsTest, AQueryTellsItsStartKeyThenExpressionsThenTheTable) {
  QueryInput input{.table_name = "gone"};
  input.exclusive_start_key = Item{{"pk", AttributeValue()}};
  EXPECT_EQ(refusal_of(run(query, input)),
            "ValidationException: The provided starting key is invalid: Supplied AttributeValue is empty, "
            "must contain exactly one of the supported datatypes");
  input.exclusive_start_key = std::nullopt;
  EXPECT_EQ(refusal_of(run(query, input)),
            "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  input.key_condition_expression = "pk <> :p";
  input.expression_attribute_values = Item{{":p", s("p")}};
  EXPECT_EQ(refusal_of(run(query, input)), "ValidationException: Invalid operator used in KeyConditionExpression: <>");
  input.key_condition_expression = "pk = :p";
  EXPECT_EQ(refusal_of(run(query, input)), "ResourceNotFoundException: Requested resource not found");
}

TEST_F(RefusalsTest, AScanTellsItsFilterBeforeItsSegments) {
  ScanInput input{.table_name = "events"};
  input.segment = 1;
  Condition between{.comparison_operator = "BETWEEN"};
  between.attribute_value_list = std::vector<AttributeValue>{s("a")};
  input.scan_filter.emplace()["x"] = between;
  EXPECT_EQ(refusal_of(run(scan, input)),
            "ValidationException: One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN "
            "ComparisonOperator");
}

TEST_F(RefusalsTest, NoPathLeadsIntoAKey) {
  GetItemInput get{.table_name = "events", .key = {{"pk", s("p")}, {"sk", s("a")}}};
  get.projection_expression = "note, pk.inner";
  constexpr std::string_view refused =
      "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
  EXPECT_EQ(refusal_of(run(get_item, get)), std::string(refused) + "Key: pk");
  ScanInput all{.table_name = "events"};
  all.filter_expression = "attribute_exists(kind[0])";
  EXPECT_EQ(refusal_of(run(scan, all)), std::string(refused) + "IndexKey: kind");
}

TEST_F(RefusalsTest, KeysOfAQueryAreNeverEmpty) {
  QueryInput input{.table_name = "events"};
  input.key_condition_expression = "pk = :p";
  input.expression_attribute_values = Item{{":p", s("")}};
  EXPECT_EQ(
      refusal_of(run(query, input)),
      "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "string value. Key: pk");
}

TEST_F(RefusalsTest, ABatchSaysOfItemsWithoutKeysWhatItSaysOfKeys) {
  BatchWriteItemInput input;
  WriteRequest write;
  write.put_request = PutRequest{{{"pk", s("p")}}};
  input.request_items["events"].push_back(write);
  EXPECT_EQ(refusal_of(run(batch_write_item, input)), "ValidationException: The provided key element does not match the schema");
}

TEST_F(RefusalsTest, AFailedConditionConsumesWhatItsItemTakes) {
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("a")}, {"text", s(std::string(3000, 'x'))}}));
  const double before = metrics.values["ConsumedWriteCapacityUnits"];
  PutItemInput input{.table_name = "events", .item = {{"pk", s("p")}, {"sk", s("a")}}};
  input.condition_expression = "attribute_not_exists(pk)";
  EXPECT_FALSE(run(put_item, std::move(input)));
  EXPECT_EQ(metrics.values["ConsumedWriteCapacityUnits"] - before, 3);
  EXPECT_EQ(metrics.values["ConditionalCheckFailedRequests"], 1);
}

TEST_F(RefusalsTest, ATransactionThatWasCarriedOutConsumesWhatReadingItTakes) {
  Put put{.item = {{"pk", s("p")}, {"sk", s("a")}, {"text", s(std::string(5000, 'x'))}}, .table_name = "events"};
  TransactWriteItemsInput input{.return_consumed_capacity = "TOTAL"};
  input.transact_items = {{.put = put}};
  input.client_request_token = "once";
  EXPECT_EQ((*run(transact_write_items, input)->consumed_capacity)[0].write_capacity_units, 10);
  const auto again = run(transact_write_items, input);
  ASSERT_TRUE(again) << refusal_of(again);
  EXPECT_EQ((*again->consumed_capacity)[0].read_capacity_units, 4);
  EXPECT_EQ((*again->consumed_capacity)[0].write_capacity_units, std::nullopt);
}

TEST_F(RefusalsTest, OneIndexIsAddedAtATime) {
  UpdateTableInput nothing{.table_name = "events"};
  nothing.global_secondary_index_updates.emplace();
  EXPECT_TRUE(refusal_of(run(update_table, nothing)).starts_with("ValidationException: At least one of ProvisionedThroughput"));
  auto adding = [](std::string index) {
    UpdateTableInput input{.table_name = "events"};
    input.attribute_definitions = std::vector<AttributeDefinition>{{.attribute_name = "kind", .attribute_type = "S"}};
    GlobalSecondaryIndexUpdate update;
    update.create = CreateGlobalSecondaryIndexAction{.index_name = std::move(index), .key_schema = {{"kind", "HASH"}}};
    update.create->projection.projection_type = "ALL";
    input.global_secondary_index_updates = {update};
    return input;
  };
  UpdateTableInput both = adding("one");
  both.global_secondary_index_updates->push_back((*adding("two").global_secondary_index_updates)[0]);
  EXPECT_EQ(refusal_of(run(update_table, both)),
            "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
  EXPECT_TRUE(run(update_table, adding("one")));
}

}  // namespace

}  // namespace outcrop::dynamodb
