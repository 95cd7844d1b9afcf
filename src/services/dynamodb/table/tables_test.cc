#include "services/dynamodb/table/tables.h"

#include "services/dynamodb/testing/dynamodb_harness.h"

namespace outcrop::dynamodb {

namespace {

struct TablesTest : DynamodbHarness {
  TablesTest() { make("events"); }

  std::optional<std::string> time_to_live() { return (*test.run(tables.get(place, "events")))->record.time_to_live; }
  Task<Result<TableRef>> expire_by(std::string attribute) {
    co_return co_await keep(tables.change(place, "events", [&](TableRecord& record) -> Result<void> {
      record.time_to_live = attribute;
      return {};
    }));
  }

  const Place place{"111122223333", "eu-central-1"};
  Tables& tables = dynamodb.tables();
};

TEST_F(TablesTest, ATableIsReadAgainOnceItHasChanged) {
  const TableRef first = *test.run(tables.get(place, "events"));
  EXPECT_EQ(*test.run(tables.get(place, "events")), first) << "a table that did not change was made anew";
  ASSERT_TRUE(test.run(expire_by("at")));
  EXPECT_EQ(time_to_live(), "at");
  ASSERT_TRUE(test.run(tables.erase(place, "events", [](const Table&) -> Result<void> { return {}; })));
  EXPECT_EQ(refusal_of(test.run(tables.get(place, "events"))), "ResourceNotFoundException: Requested resource not found");
}

TEST_F(TablesTest, WhatIsReadWhileATableChangesIsNotKept) {
  const auto changed = test.run(tables.change(place, "events", [&](TableRecord& record) -> Result<void> {
    EXPECT_EQ(time_to_live(), std::nullopt) << "the change is not committed yet";
    record.time_to_live = "at";
    return {};
  }));
  ASSERT_TRUE(changed);
  EXPECT_EQ(time_to_live(), "at");
}

TEST_F(TablesTest, WhatATransactionReadsOfItsOlderSnapshotIsNotKept) {
  const auto read = test.run(store->run([&](store::Transaction& transaction) -> Task<Result<TableRef>> {
    co_await expire_by("at");
    co_return co_await tables.get(transaction, place, "events");
  }));
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)->record.time_to_live, std::nullopt);
  EXPECT_EQ(time_to_live(), "at");
}

TEST_F(TablesTest, ATransactionReadsATableOnce) {
  const auto read = test.run(store->run([&](store::Transaction& transaction) -> Task<Result<bool>> {
    TransactionTables once(tables, transaction, place);
    const TableRef first = co_await once.get("events");
    co_return first == co_await once.get("events");
  }));
  EXPECT_EQ(read, true);
}

}  // namespace

}  // namespace outcrop::dynamodb
