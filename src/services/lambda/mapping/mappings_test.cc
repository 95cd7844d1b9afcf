#include "services/lambda/mapping/mappings.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "core/testing/test_world.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {
namespace {

const Place here{"000000000000", "us-east-1"}, there{"111122223333", "eu-central-1"};

MappingRecord of_pair(std::string queue, std::string function, std::optional<std::string> qualifier = {}) {
  MappingRecord record;
  record.source_arn = "arn:aws:sqs:us-east-1:000000000000:" + queue;
  record.function_name = std::move(function);
  record.qualifier = std::move(qualifier);
  record.is_enabled = true;
  record.batch_size = 10;
  record.modified_at = TestWorld::start;
  return record;
}

class MappingsTest : public testing::Test {
 protected:
  Mapping make(const Place& place, MappingRecord record) { return test.run(mappings.create(place, std::move(record))).value(); }
  std::vector<Mapping> listed(const Place& place, std::string_view after, size_t count) {
    return test.run(mappings.list(place, after, count, [](const Mapping&) { return true; })).value();
  }

  TestWorld test;
  std::unique_ptr<store::Store> store =
      std::move(*store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity}));
  World world{test.clock, test.random, *store, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  Mappings mappings{world};
};

TEST_F(MappingsTest, OneOfEachFunctionAndSource) {
  const Mapping first = make(here, of_pair("orders", "handle"));
  const auto second = test.run(mappings.create(here, of_pair("orders", "handle")));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "ResourceConflictException");
  EXPECT_EQ(second.error().message,
            "An event source mapping with SQS arn (\" arn:aws:sqs:us-east-1:000000000000:orders \") and function (\" handle \") already "
            "exists. Please update or delete the existing mapping with UUID " +
                first.uuid);
}

TEST_F(MappingsTest, AnotherAliasQueueOrPlaceIsAnotherPair) {
  make(here, of_pair("orders", "handle"));
  make(here, of_pair("orders", "handle", "live"));
  make(here, of_pair("refunds", "handle"));
  make(there, of_pair("orders", "handle"));
  EXPECT_EQ(test.run(mappings.all())->size(), 4u);
}

TEST_F(MappingsTest, AChangeMayNotMakeTwoOfOnePair) {
  make(here, of_pair("orders", "handle"));
  const Mapping other = make(here, of_pair("orders", "other"));
  const auto changed = test.run(mappings.change(here, other.uuid, [](MappingRecord& record) -> Result<void> {
    record.function_name = "handle";
    return {};
  }));
  EXPECT_EQ(changed.error().code, "ResourceConflictException");
  EXPECT_EQ(test.run(mappings.get(here, other.uuid))->record.function_name, "other");
}

TEST_F(MappingsTest, WhatIsErasedIsGone) {
  const Mapping mapping = make(here, of_pair("orders", "handle"));
  EXPECT_EQ(test.run(mappings.erase(here, mapping.uuid))->uuid, mapping.uuid);
  const auto gone = test.run(mappings.get(here, mapping.uuid));
  EXPECT_EQ(gone.error().code, "ResourceNotFoundException");
  EXPECT_EQ(gone.error().message, "The resource you requested does not exist.");
}

TEST_F(MappingsTest, AreListedPageByPage) {
  for (int i = 0; i < 5; ++i) make(here, of_pair("queue" + std::to_string(i), "handle"));
  const auto first = listed(here, "", 3), second = listed(here, first.back().uuid, 3);
  EXPECT_EQ(first.size(), 3u);
  EXPECT_EQ(second.size(), 2u);
  EXPECT_LT(first.back().uuid, second.front().uuid);
}

TEST_F(MappingsTest, AreShownAsAwsShowsThem) {
  const Mapping mapping = make(here, of_pair("orders", "handle", "live"));
  const auto shown = shown_mapping<EventSourceMappingConfiguration>(mapping, "Creating");
  EXPECT_EQ(shown.function_arn, "arn:aws:lambda:us-east-1:000000000000:function:handle:live");
  EXPECT_EQ(shown.event_source_mapping_arn, "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:" + mapping.uuid);
  EXPECT_EQ(shown.state, "Creating");
  EXPECT_EQ(shown.state_transition_reason, "USER_INITIATED");
  EXPECT_EQ(shown.function_response_types, std::vector<std::string>{});
  EXPECT_FALSE(shown.filter_criteria || shown.scaling_config || shown.last_processing_result);
}

}  // namespace
}  // namespace outcrop::lambda
