// The largest writes that DynamoDB takes, to tables with all the indexes that one may have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/encoding.h"
#include "gen/dynamodb/batch_write_item.h"
#include "gen/dynamodb/delete_item.h"
#include "gen/dynamodb/describe_table.h"
#include "gen/dynamodb/query.h"
#include "gen/dynamodb/scan.h"
#include "gen/dynamodb/transact_get_items.h"
#include "gen/dynamodb/transact_write_items.h"
#include "gen/dynamodb/update_table.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/testing/dynamodb_harness.h"

namespace outcrop::dynamodb {

namespace {

using testing::ElementsAre;

constexpr size_t global_indexes = limits::global_indexes_max, local_indexes = limits::local_indexes_max;

struct LargeItemsTest : DynamodbHarness {
  // Global indexes "g0" … of "owner" and "sk", local ones "l0" … of "pk" and "at"; all hold everything.
  LargeItemsTest() {
    CreateTableInput input = definition("events");
    input.attribute_definitions->push_back({"owner", "S"});
    input.attribute_definitions->push_back({"at", "S"});
    input.global_secondary_indexes.emplace();
    input.local_secondary_indexes.emplace();
    for (size_t i = 0; i < global_indexes; ++i) {
      GlobalSecondaryIndex index{.index_name = fmt::format("g-{}", i), .key_schema = {{"owner", "HASH"}, {"sk", "RANGE"}}};
      index.projection.projection_type = "ALL";
      input.global_secondary_indexes->push_back(std::move(index));
    }
    for (size_t i = 0; i < local_indexes; ++i) {
      LocalSecondaryIndex index{.index_name = fmt::format("l-{}", i), .key_schema = {{"pk", "HASH"}, {"at", "RANGE"}}};
      index.projection.projection_type = "ALL";
      input.local_secondary_indexes->push_back(std::move(index));
    }
    EXPECT_TRUE(run(create_table, std::move(input)));
  }

  // An item that counts so many bytes.
  static Item owned_item(std::string sk, std::string owner, size_t bytes) {
    Item item = {{"pk", s("p")}, {"sk", s(sk)}, {"owner", s(owner)}, {"at", s("noon")}, {"text", s("")}};
    const size_t rest = 2 + 1 + 2 + sk.size() + 5 + owner.size() + 2 + 4 + 4;
    item["text"].s = std::string(bytes - rest, 'x');
    return item;
  }

  std::vector<std::string> owned_by(const std::string& owner, const std::string& index = "g-0") {
    QueryInput input{.table_name = "events", .index_name = index};
    input.key_condition_expression = "#o = :o";
    input.expression_attribute_names = wire::Map<std::string>{{"#o", "owner"}};
    input.expression_attribute_values = Item{{":o", s(owner)}};
    std::vector<std::string> keys;
    do {
      const auto page = run(query, QueryInput(input));
      EXPECT_TRUE(page) << refusal_of(page);
      if (!page) break;
      for (const Item& item : items_of(*page->items)) keys.push_back(*item.find("sk")->s);
      input.exclusive_start_key = page->last_evaluated_key;
    } while (input.exclusive_start_key);
    return keys;
  }
  // All that is in the store for the table, without the table itself.
  size_t stored() {
    return test.run(store->scan(store::Range::prefix("dynamodb-items/"), {.entries_max = 100'000, .bytes_max = size_t(1) << 30}))->size();
  }
};

TEST_F(LargeItemsTest, TheLargestItemIsInAllIndexes) {
  const Item item = owned_item("a", "ann", limits::item_bytes_max);
  const auto done = put("events", item);
  ASSERT_TRUE(done) << refusal_of(done);
  EXPECT_EQ(stored(), 1 + global_indexes + local_indexes);
  for (const char* index : {"g-0", "g-19"}) EXPECT_THAT(owned_by("ann", index), ElementsAre("a"));
  ScanInput scanned{.table_name = "events", .index_name = "l-4"};
  const auto page = run(scan, std::move(scanned));
  ASSERT_TRUE(page) << refusal_of(page);
  EXPECT_EQ(items_of(*page->items), std::vector<Item>{item});
}

// Frozen: a reference is 2 and the key of its item behind the table's prefix.
TEST_F(LargeItemsTest, ALargeEntryIsAReferenceOnDisk) {
  ASSERT_TRUE(put("events", owned_item("a", "ann", 1000)));
  ASSERT_TRUE(put("events", owned_item("a", "ann", 20'000)));
  const std::vector<store::Entry> entries = test.run(store->scan(store::Range::prefix("dynamodb-items/"))).value();
  const std::string item_key = entries[0].key.substr(std::string_view("dynamodb-items/").size() + 8 + 2);
  ASSERT_EQ(entries.size(), 1 + global_indexes + local_indexes);
  for (size_t i = 1; i < entries.size(); ++i) EXPECT_EQ(hex(entries[i].value), "02" + hex(item_key));
}

TEST_F(LargeItemsTest, LargeEntriesFollowTheirItem) {
  ASSERT_TRUE(put("events", owned_item("a", "ann", 300'000)));
  ASSERT_TRUE(put("events", owned_item("b", "ann", 300'000)));
  ASSERT_TRUE(put("events", owned_item("a", "bob", 300'000)));
  EXPECT_THAT(owned_by("ann"), ElementsAre("b"));
  EXPECT_THAT(owned_by("bob"), ElementsAre("a"));
  const Item small = owned_item("a", "bob", 500);
  ASSERT_TRUE(put("events", small));
  EXPECT_EQ(run(scan, ScanInput{.table_name = "events", .index_name = "g-7"})->count, 2);
  for (const char* sk : {"a", "b"})
    ASSERT_TRUE(run(delete_item, DeleteItemInput{.table_name = "events", .key = {{"pk", s("p")}, {"sk", s(sk)}}}));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(LargeItemsTest, APageOfLargeEntriesEndsAtAMegabyteAndIsCharged) {
  for (const char* sk : {"a", "b", "c", "d"}) ASSERT_TRUE(put("events", owned_item(sk, "ann", limits::item_bytes_max)));
  ScanInput input{.table_name = "events", .index_name = "g-3", .return_consumed_capacity = "INDEXES"};
  const auto page = run(scan, std::move(input));
  ASSERT_TRUE(page) << refusal_of(page);
  EXPECT_EQ(*page->count, 3);
  EXPECT_TRUE(page->last_evaluated_key.has_value());
  EXPECT_EQ(*page->consumed_capacity->table->capacity_units, 0);
  EXPECT_EQ(*page->consumed_capacity->global_secondary_indexes->find("g-3")->capacity_units, 150);
  EXPECT_THAT(owned_by("ann"), ElementsAre("a", "b", "c", "d"));
}

TEST_F(LargeItemsTest, TheLargestTransactionIsWrittenWithAllIndexes) {
  constexpr size_t items = limits::transaction_items_max;
  TransactWriteItemsInput input;
  auto fill = [&](const std::string& owner) {
    input.transact_items.clear();
    for (size_t i = 0; i < items; ++i) {
      Put put{.item = owned_item(fmt::format("{:03}", i), owner, limits::transaction_bytes_max / items), .table_name = "events"};
      input.transact_items.push_back({.put = std::move(put)});
    }
  };
  fill("ann");
  auto done = run(transact_write_items, input);
  ASSERT_TRUE(done) << refusal_of(done);
  EXPECT_EQ(owned_by("ann").size(), items);
  fill("bob");
  done = run(transact_write_items, input);
  ASSERT_TRUE(done) << refusal_of(done);
  EXPECT_EQ(owned_by("ann").size(), 0u);
  EXPECT_EQ(owned_by("bob", "g-19").size(), items);
  EXPECT_EQ(stored(), items * (1 + global_indexes + local_indexes));
}

TEST_F(LargeItemsTest, ATransactionIsMeasuredByWhatItsItemsBecome) {
  TransactWriteItemsInput updates, checks;
  for (size_t i = 0; i < 12; ++i) {
    const std::string sk = fmt::format("{:02}", i);
    ASSERT_TRUE(put("events", owned_item(sk, "ann", 390'000)));
    Update update{.key = {{"pk", s("p")}, {"sk", s(sk)}}, .update_expression = "SET seen = :n", .table_name = "events"};
    update.expression_attribute_values = Item{{":n", n("1")}};
    updates.transact_items.push_back({.update = std::move(update)});
    ConditionCheck check{.key = {{"pk", s("p")}, {"sk", s(sk)}}, .table_name = "events", .condition_expression = "attribute_exists(pk)"};
    checks.transact_items.push_back({.condition_check = std::move(check)});
  }
  EXPECT_EQ(refusal_of(run(transact_write_items, updates)),
            "ValidationException: Collection size limits exceeded: the transaction is larger than 4 MB");
  TransactGetItemsInput reads;
  for (const TransactWriteItem& item : updates.transact_items)
    reads.transact_items.push_back({.get = {.key = item.update->key, .table_name = "events"}});
  EXPECT_EQ(refusal_of(run(transact_get_items, reads)),
            "ValidationException: Collection size limits exceeded: the transaction is larger than 4 MB");
  updates.transact_items.resize(10);
  const auto updated = run(transact_write_items, updates);
  EXPECT_TRUE(updated) << refusal_of(updated);
  const auto checked = run(transact_write_items, checks);
  EXPECT_TRUE(checked) << refusal_of(checked);
}

TEST_F(LargeItemsTest, TheLargestBatchIsWrittenWithAllIndexes) {
  BatchWriteItemInput input;
  for (size_t i = 0; i < limits::batch_write_items_max; ++i) {
    WriteRequest write;
    write.put_request = PutRequest{owned_item(fmt::format("{:02}", i), "ann", limits::item_bytes_max)};
    input.request_items["events"].push_back(std::move(write));
  }
  const auto done = run(batch_write_item, std::move(input));
  ASSERT_TRUE(done) << refusal_of(done);
  EXPECT_TRUE(done->unprocessed_items->empty());
  EXPECT_EQ(owned_by("ann").size(), limits::batch_write_items_max);
}

TEST_F(LargeItemsTest, AnIndexIsFilledWithLargeItems) {
  make("plain");
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(put("plain", {{"pk", s("p")}, {"sk", s(std::to_string(i))}, {"owner", s("ann")}, {"text", s(std::string(400'000, 'x'))}}));
  UpdateTableInput input{.table_name = "plain"};
  input.attribute_definitions = std::vector<AttributeDefinition>{{.attribute_name = "owner", .attribute_type = "S"}};
  GlobalSecondaryIndexUpdate update;
  update.create = CreateGlobalSecondaryIndexAction{.index_name = "by-owner", .key_schema = {{"owner", "HASH"}}};
  update.create->projection.projection_type = "ALL";
  input.global_secondary_index_updates = {update};
  ASSERT_TRUE(run(update_table, std::move(input)));
  test.advance(Seconds(1));
  size_t found = 0;
  ScanInput all{.table_name = "plain", .index_name = "by-owner"};
  do {
    const auto page = run(scan, ScanInput(all));
    ASSERT_TRUE(page) << refusal_of(page);
    found += size_t(*page->count);
    all.exclusive_start_key = page->last_evaluated_key;
  } while (all.exclusive_start_key);
  EXPECT_EQ(found, 20u);
}

TEST_F(LargeItemsTest, LargeEntriesAreCountedAsWhatTheyHold) {
  ASSERT_TRUE(put("events", owned_item("a", "ann", 300'000)));
  test.advance(Seconds(6 * 3600 + 120));
  const auto described = *run(describe_table, DescribeTableInput{.table_name = "events"})->table;
  EXPECT_EQ(described.table_size_bytes, 300'000);
  EXPECT_EQ((*described.global_secondary_indexes)[0].index_size_bytes, 300'000);
}

}  // namespace

}  // namespace outcrop::dynamodb
