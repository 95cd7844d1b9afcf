#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gen/dynamodb/batch_write_item.h"
#include "gen/dynamodb/delete_item.h"
#include "gen/dynamodb/describe_table.h"
#include "gen/dynamodb/errors.h"
#include "gen/dynamodb/query.h"
#include "gen/dynamodb/scan.h"
#include "gen/dynamodb/transact_get_items.h"
#include "gen/dynamodb/transact_write_items.h"
#include "gen/dynamodb/update_time_to_live.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/testing/dynamodb_harness.h"
#include "wire/error.h"

namespace outcrop::dynamodb {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct ItemsTest : DynamodbHarness {
  // The sort keys of what a query of an index gives.
  std::vector<std::string> query_by(std::string index, std::string attribute, std::string value, bool forward = true) {
    QueryInput input{.table_name = "events", .index_name = std::move(index)};
    input.key_condition_expression = "#k = :v";
    input.expression_attribute_names = wire::Map<std::string>{{"#k", std::move(attribute)}};
    input.expression_attribute_values = Item{{":v", s(std::move(value))}};
    input.scan_index_forward = forward;
    return sort_keys(run(query, std::move(input)));
  }
  template <class Output>
  static std::vector<std::string> sort_keys(const Result<Output>& output) {
    std::vector<std::string> keys;
    EXPECT_TRUE(output) << refusal_of(output);
    if (!output) return keys;
    for (const Item& item : items_of(*output->items)) keys.push_back(*item.find("sk")->s);
    return keys;
  }
  Item event(std::string sk, std::string kind, std::string at) {
    return {{"pk", s("p")}, {"sk", s(std::move(sk))}, {"kind", s(std::move(kind))}, {"at", n(std::move(at))}, {"note", s("more")}};
  }
};

TEST_F(ItemsTest, WhatIsPutIsThereUntilItIsDeleted) {
  make("events");
  EXPECT_EQ(get("events", "p", "a"), std::nullopt);
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("a")}, {"n", n("1.50")}}));
  const Item stored = {{"pk", s("p")}, {"sk", s("a")}, {"n", n("1.5")}};
  EXPECT_EQ(get("events", "p", "a"), stored);
  DeleteItemInput gone{.table_name = "events", .key = {{"pk", s("p")}, {"sk", s("a")}}};
  gone.return_values = "ALL_OLD";
  EXPECT_EQ(item_of(*run(delete_item, gone)->attributes), stored);
  EXPECT_EQ(get("events", "p", "a"), std::nullopt);
  EXPECT_EQ(run(delete_item, gone)->attributes, std::nullopt);
}

TEST_F(ItemsTest, AConditionThatFailsChangesNothingAndTellsTheItem) {
  make("events");
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("a")}, {"n", n("1")}}));
  PutItemInput input{.table_name = "events", .item = {{"pk", s("p")}, {"sk", s("a")}}};
  input.condition_expression = "attribute_not_exists(pk)";
  input.return_values_on_condition_check_failure = "ALL_OLD";
  const Result<PutItemOutput> refused = run(put_item, std::move(input));
  EXPECT_EQ(refusal_of(refused), "ConditionalCheckFailedException: The conditional request failed");
  const auto* error = wire::error_in<ConditionalCheckFailedException>(refused.error());
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(*item_of(*error->item).find("n"), n("1"));
  EXPECT_TRUE(get("events", "p", "a")->contains("n"));
}

TEST_F(ItemsTest, IndexesFollowEveryWrite) {
  make_indexed("events");
  ASSERT_TRUE(put("events", event("a", "x", "3")));
  ASSERT_TRUE(put("events", event("b", "x", "-1.5")));
  ASSERT_TRUE(put("events", event("c", "y", "2")));
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("sparse")}}));
  EXPECT_THAT(query_by("by-kind", "kind", "x"), ElementsAre("b", "a"));
  EXPECT_THAT(query_by("by-at", "pk", "p"), ElementsAre("b", "c", "a"));
  EXPECT_THAT(query_by("by-at", "pk", "p", false), ElementsAre("a", "c", "b"));
  UpdateItemInput moved{.table_name = "events", .key = {{"pk", s("p")}, {"sk", s("a")}}};
  moved.update_expression = "SET kind = :y REMOVE note";
  moved.expression_attribute_values = Item{{":y", s("y")}};
  ASSERT_TRUE(run(update_item, std::move(moved)));
  ASSERT_TRUE(run(delete_item, DeleteItemInput{.table_name = "events", .key = {{"pk", s("p")}, {"sk", s("c")}}}));
  EXPECT_THAT(query_by("by-kind", "kind", "x"), ElementsAre("b"));
  EXPECT_THAT(query_by("by-kind", "kind", "y"), ElementsAre("a"));
}

TEST_F(ItemsTest, AnIndexHoldsWhatItProjects) {
  make_indexed("events", "KEYS_ONLY");
  ASSERT_TRUE(put("events", event("a", "x", "3")));
  QueryInput input{.table_name = "events", .index_name = "by-kind"};
  input.key_condition_expression = "kind = :v AND #at BETWEEN :low AND :high";
  input.expression_attribute_names = wire::Map<std::string>{{"#at", "at"}};
  input.expression_attribute_values = Item{{":v", s("x")}, {":low", n("2")}, {":high", n("3")}};
  const auto found = run(query, input);
  ASSERT_TRUE(found) << refusal_of(found);
  EXPECT_EQ(items_of(*found->items), (std::vector<Item>{{{"pk", s("p")}, {"sk", s("a")}, {"kind", s("x")}, {"at", n("3")}}}));
  input.projection_expression = "note";
  EXPECT_EQ(refusal_of(run(query, input)),
            "ValidationException: One or more parameter values were invalid: Global secondary index by-kind does not project [note]");
  // A local index reads the items themselves.
  QueryInput local{.table_name = "events", .index_name = "by-at", .select = "ALL_ATTRIBUTES"};
  local.key_condition_expression = "pk = :v";
  local.expression_attribute_values = Item{{":v", s("p")}};
  const auto whole = run(query, std::move(local));
  ASSERT_TRUE(whole) << refusal_of(whole);
  EXPECT_TRUE(items_of(*whole->items)[0].contains("note"));
}

TEST_F(ItemsTest, PagesFollowEachOtherByTheirKeys) {
  make("events");
  for (int i = 10; i < 35; ++i) ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s(std::to_string(i))}}));
  ASSERT_TRUE(put("events", {{"pk", s("other")}, {"sk", s("1")}}));
  QueryInput input{.table_name = "events", .limit = 10};
  input.key_condition_expression = "pk = :p AND sk > :from";
  input.expression_attribute_values = Item{{":p", s("p")}, {":from", s("14")}};
  std::vector<std::string> found;
  for (int pages = 0; pages < 5; ++pages) {
    auto page = run(query, QueryInput(input));
    for (std::string& key : sort_keys(page)) found.push_back(std::move(key));
    input.exclusive_start_key = page->last_evaluated_key;
    if (!input.exclusive_start_key) break;
  }
  ASSERT_EQ(found.size(), 20u);
  EXPECT_EQ(found.front(), "15");
  EXPECT_EQ(found.back(), "34");
}

TEST_F(ItemsTest, SegmentsShareAScanBetweenThem) {
  make("events");
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(put("events", {{"pk", s("p" + std::to_string(i))}, {"sk", s(std::to_string(i))}}));
  size_t scanned = 0;
  for (int segment = 0; segment < 7; ++segment) {
    ScanInput input{.table_name = "events"};
    input.segment = segment;
    input.total_segments = 7;
    scanned += size_t(*run(scan, std::move(input))->count);
  }
  EXPECT_EQ(scanned, 60u);
}

TEST_F(ItemsTest, APageEndsAtAMegabyte) {
  make("events");
  for (int i = 0; i < 12; ++i)
    ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s(std::to_string(10 + i))}, {"text", s(std::string(100'000, 'x'))}}));
  QueryInput input{.table_name = "events"};
  input.key_condition_expression = "pk = :p";
  input.expression_attribute_values = Item{{":p", s("p")}};
  const auto page = run(query, std::move(input));
  EXPECT_EQ(*page->count, 11);
  EXPECT_TRUE(page->last_evaluated_key.has_value());
}

TransactWriteItem put_of(std::string sk, std::string condition) {
  Put put{.item = {{"pk", s("p")}, {"sk", s(std::move(sk))}}, .table_name = "events"};
  if (!condition.empty()) put.condition_expression = std::move(condition);
  return {.put = std::move(put)};
}

TEST_F(ItemsTest, ATransactionIsAllOrNothingAndTellsEveryReason) {
  make("events");
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("there")}}));
  TransactWriteItemsInput input{.transact_items = {put_of("new", ""), put_of("there", "attribute_not_exists(pk)")}};
  const auto refused = run(transact_write_items, input);
  EXPECT_EQ(refusal_of(refused),
            "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
            "ConditionalCheckFailed]");
  EXPECT_EQ(get("events", "p", "new"), std::nullopt);
  input.transact_items[1] = put_of("there", "attribute_exists(pk)");
  EXPECT_TRUE(run(transact_write_items, input));
  EXPECT_NE(get("events", "p", "new"), std::nullopt);
  input.transact_items[1] = put_of("new", "");
  EXPECT_EQ(refusal_of(run(transact_write_items, input)),
            "ValidationException: Transaction request cannot include multiple operations on one item");
}

TEST_F(ItemsTest, ATransactionsTokenCountsForTenMinutes) {
  make("events");
  UpdateItemInput unused;
  Update add{.key = {{"pk", s("p")}, {"sk", s("a")}}, .update_expression = "ADD #n :one", .table_name = "events"};
  add.expression_attribute_names = wire::Map<std::string>{{"#n", "n"}};
  add.expression_attribute_values = Item{{":one", n("1")}};
  TransactWriteItemsInput input{.transact_items = {{.update = add}}, .client_request_token = "once"};
  ASSERT_TRUE(run(transact_write_items, input));
  ASSERT_TRUE(run(transact_write_items, input));
  EXPECT_EQ(*get("events", "p", "a")->find("n"), n("1"));
  TransactWriteItemsInput other{.transact_items = {put_of("b", "")}, .client_request_token = "once"};
  EXPECT_THAT(refusal_of(run(transact_write_items, other)), HasSubstr("IdempotentParameterMismatchException"));
  test.advance(Seconds(601));
  ASSERT_TRUE(run(transact_write_items, input));
  EXPECT_EQ(*get("events", "p", "a")->find("n"), n("2"));
}

TEST_F(ItemsTest, ATokenKnowsItsRequestWhateverTheOrderOfAttributes) {
  make("events");
  Put put{.item = {{"pk", s("p")}, {"sk", s("a")}}, .table_name = "events"};
  ASSERT_TRUE(run(transact_write_items, TransactWriteItemsInput{.transact_items = {{.put = put}}, .client_request_token = "once"}));
  put.item = {{"sk", s("a")}, {"pk", s("p")}};
  EXPECT_TRUE(run(transact_write_items, TransactWriteItemsInput{.transact_items = {{.put = put}}, .client_request_token = "once"}));
}

TEST_F(ItemsTest, OldTokensAreForgotten) {
  make("events");
  ASSERT_TRUE(run(transact_write_items, TransactWriteItemsInput{.transact_items = {put_of("a", "")}, .client_request_token = "once"}));
  auto tokens = [this] { return test.run(store->scan(TableKeys({"111122223333", "eu-central-1"}).tokens_before(Instant::max())))->size(); };
  EXPECT_EQ(tokens(), 1u);
  for (int minutes = 0; minutes < 12; ++minutes) test.advance(Seconds(60));
  EXPECT_EQ(tokens(), 0u);
}

TEST_F(ItemsTest, ATransactionReadsEachItemOnce) {
  make("events");
  const TransactGetItem get{.get = {.key = {{"pk", s("p")}, {"sk", s("a")}}, .table_name = "events"}};
  EXPECT_EQ(refusal_of(run(transact_get_items, TransactGetItemsInput{.transact_items = {get, get}})),
            "ValidationException: Transaction request cannot include multiple operations on one item");
}

TEST_F(ItemsTest, KeysThatDoNotFitAreRefusedInDynamodbsWords) {
  make_indexed("events");
  EXPECT_EQ(refusal_of(put("events", {{"pk", s("p")}})),
            "ValidationException: One or more parameter values were invalid: Missing the key sk in the item");
  EXPECT_EQ(refusal_of(put("events", {{"pk", n("1")}, {"sk", s("a")}})),
            "ValidationException: One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N");
  EXPECT_EQ(refusal_of(put("events", {{"pk", s("p")}, {"sk", s("")}})),
            "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string "
            "value. Key: sk");
  EXPECT_EQ(
      refusal_of(put("events", {{"pk", s("p")}, {"sk", s("a")}, {"kind", n("1")}})),
      "ValidationException: One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: "
      "by-kind");
  EXPECT_EQ(
      refusal_of(put("events", {{"pk", s(std::string(2049, 'x'))}, {"sk", s("a")}})),
      "ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(refusal_of(run(get_item, GetItemInput{.table_name = "events", .key = {{"pk", s("p")}}})),
            "ValidationException: The provided key element does not match the schema");
  EXPECT_EQ(refusal_of(run(get_item, GetItemInput{.table_name = "gone", .key = {{"pk", s("p")}}})),
            "ResourceNotFoundException: Requested resource not found");
}

TEST_F(ItemsTest, TheLongestKeysFitIndexesToo) {
  make_indexed("events");
  const std::string zeros(1024, '\0');
  ASSERT_TRUE(put("events", {{"pk", s(std::string(2048, '\0'))}, {"sk", s(zeros)}, {"kind", s(std::string(2048, '\0'))}, {"at", n("1")}}));
  EXPECT_THAT(query_by("by-kind", "kind", std::string(2048, '\0')), ElementsAre(zeros));
}

TEST_F(ItemsTest, ItemsExpireWhenTheirTimeHasCome) {
  make("events");
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("early")}, {"ttl", n("1800000100")}}));
  UpdateTimeToLiveInput input{.table_name = "events"};
  input.time_to_live_specification = {.enabled = true, .attribute_name = "ttl"};
  ASSERT_TRUE(run(update_time_to_live, input));
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("late")}, {"ttl", n("1800009999")}}));
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("never")}, {"ttl", s("1800000100")}}));
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("long ago")}, {"ttl", n("100")}}));
  test.advance(Seconds(90));
  EXPECT_NE(get("events", "p", "early"), std::nullopt);
  test.advance(Seconds(90));
  EXPECT_EQ(get("events", "p", "early"), std::nullopt);
  for (const char* kept : {"late", "never", "long ago"}) EXPECT_NE(get("events", "p", kept), std::nullopt) << kept;
}

TEST_F(ItemsTest, ItemsAreCountedEverySixHours) {
  make_indexed("events");
  ASSERT_TRUE(put("events", event("a", "x", "1")));
  ASSERT_TRUE(put("events", {{"pk", s("p")}, {"sk", s("b")}}));
  auto described = [this] { return *run(describe_table, DescribeTableInput{.table_name = "events"})->table; };
  test.advance(Seconds(3600));
  EXPECT_EQ(described().item_count, 0);
  test.advance(Seconds(6 * 3600));
  EXPECT_EQ(described().item_count, 2);
  EXPECT_GT(*described().table_size_bytes, 10);
  EXPECT_EQ((*described().global_secondary_indexes)[0].item_count, 1);
}

TEST_F(ItemsTest, ProvisionedCapacityRunsOutAndComesBack) {
  CreateTableInput input = definition("events");
  input.billing_mode = "PROVISIONED";
  input.provisioned_throughput = ProvisionedThroughput{.read_capacity_units = 1, .write_capacity_units = 1};
  ASSERT_TRUE(run(create_table, std::move(input)));
  const Item item = {{"pk", s("p")}, {"sk", s("a")}, {"text", s(std::string(99'000, 'x'))}};
  int written = 0;
  Result<PutItemOutput> last;
  while (written < 20 && (last = put("events", item))) ++written;
  EXPECT_EQ(written, 4) << "300 units were saved up, each write takes 97";
  EXPECT_THAT(refusal_of(last), HasSubstr("ProvisionedThroughputExceededException"));
  EXPECT_GT(metrics.values["WriteThrottleEvents"], 0);
  test.advance(Seconds(120));
  EXPECT_TRUE(put("events", item));
}

TEST_F(ItemsTest, ABatchIsBoundedAndRefusesTwins) {
  make("events");
  BatchWriteItemInput input;
  for (const char* sk : {"a", "a"}) {
    WriteRequest write;
    write.put_request = PutRequest{{{"pk", s("p")}, {"sk", s(sk)}}};
    input.request_items["events"].push_back(write);
  }
  EXPECT_EQ(refusal_of(run(batch_write_item, input)), "ValidationException: Provided list of item keys contains duplicates");
  input.request_items["events"][1].put_request->item["sk"] = s("b");
  ASSERT_TRUE(run(batch_write_item, input));
  EXPECT_NE(get("events", "p", "b"), std::nullopt);
}

}  // namespace

}  // namespace outcrop::dynamodb
