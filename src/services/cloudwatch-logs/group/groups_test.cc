// Log groups and streams: how they are made, listed, kept within their retention, and how they end.
#include "base/encoding.h"
#include "gen/cloudwatch-logs/list_tags_for_resource.h"
#include "gen/cloudwatch-logs/tag_log_group.h"
#include "gen/cloudwatch-logs/tag_resource.h"
#include "gen/cloudwatch-logs/untag_resource.h"
#include "services/cloudwatch-logs/limits.h"
#include "services/cloudwatch-logs/testing/logs_harness.h"
#include "store/limits.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {
namespace {

class Groups : public LogsHarness {
 public:
  std::vector<std::string> group_names(DescribeLogGroupsInput input) {
    std::vector<std::string> names;
    const auto output = run(describe_log_groups, std::move(input)).value();
    for (const LogGroup& group : *output.log_groups) names.push_back(*group.log_group_name);
    return names;
  }
  DescribeLogStreamsOutput streams(DescribeLogStreamsInput input) {
    input.log_group_name = "app";
    return run(describe_log_streams, std::move(input)).value();
  }
  static std::vector<std::string> names(const DescribeLogStreamsOutput& output) {
    std::vector<std::string> names;
    for (const LogStream& stream : *output.log_streams) names.push_back(*stream.log_stream_name);
    return names;
  }
  std::string arn = "arn:aws:logs:eu-central-1:111122223333:log-group:app";
};

TEST_F(Groups, AreMadeOnce) {
  make("app", {"one"});
  EXPECT_EQ(refusal(run(create_log_group, CreateLogGroupInput{.log_group_name = "app"})),
            "ResourceAlreadyExistsException: The specified log group already exists");
  EXPECT_EQ(refusal(run(create_log_stream, CreateLogStreamInput{.log_group_name = "app", .log_stream_name = "one"})),
            "ResourceAlreadyExistsException: The specified log stream already exists");
  EXPECT_EQ(refusal(run(create_log_stream, CreateLogStreamInput{.log_group_name = "other", .log_stream_name = "one"})),
            "ResourceNotFoundException: The specified log group does not exist.");
}

TEST_F(Groups, SayWhatTheyAre) {
  make("app", {"one"});
  put("one", {{0s, "12345"}, {1s, "1234567890"}});
  const LogGroup group = shown();
  EXPECT_EQ(group.arn, arn + ":*");
  EXPECT_EQ(group.log_group_arn, arn);
  EXPECT_EQ(group.creation_time, now_ms());
  EXPECT_EQ(group.stored_bytes, 15 + 2 * 26);
  EXPECT_EQ(group.log_group_class, "STANDARD");
  EXPECT_FALSE(group.retention_in_days);
}

TEST_F(Groups, AreListedByNamePageByPage) {
  for (std::string name : {"b", "a/one", "c", "a/two"}) make(name);
  EXPECT_THAT(group_names({}), ElementsAre("a/one", "a/two", "b", "c"));
  EXPECT_THAT(group_names({.log_group_name_prefix = "a/"}), ElementsAre("a/one", "a/two"));
  EXPECT_THAT(group_names({.log_group_name_pattern = "two"}), ElementsAre("a/two"));
  EXPECT_THAT(group_names({.log_group_identifiers = std::vector<std::string>{"c", "arn:aws:logs:eu-central-1:111122223333:log-group:b:*"}}),
              ElementsAre("b", "c"));
  const auto page = run(describe_log_groups, DescribeLogGroupsInput{.limit = 3}).value();
  EXPECT_THAT(group_names({.next_token = page.next_token}), ElementsAre("c"));
}

TEST_F(Groups, StreamsAreListedByNameAndByTheirLastEvent) {
  make("app", {"a", "b", "c"});
  put("c", {{1s, "x"}});
  put("a", {{2s, "x"}});
  EXPECT_THAT(names(streams({})), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names(streams({.descending = true})), ElementsAre("c", "b", "a"));
  EXPECT_THAT(names(streams({.log_stream_name_prefix = "b"})), ElementsAre("b"));
  const auto page = streams({.order_by = "LastEventTime", .descending = true, .limit = 2});
  EXPECT_THAT(names(page), ElementsAre("a", "c"));
  EXPECT_THAT(names(streams({.order_by = "LastEventTime", .descending = true, .next_token = page.next_token})), ElementsAre("b"));
}

TEST_F(Groups, StreamsSayWhenTheirEventsWere) {
  make("app", {"one"});
  put("one", {{-5s, "a"}, {3s, "b"}});
  const LogStream stream = streams({}).log_streams->at(0);
  EXPECT_EQ(stream.first_event_timestamp, now_ms() - 5000);
  EXPECT_EQ(stream.last_event_timestamp, now_ms() + 3000);
  EXPECT_EQ(stream.last_ingestion_time, now_ms());
  EXPECT_EQ(stream.arn, arn + ":log-stream:one");
}

TEST_F(Groups, OnlyCertainRetentionsAreAllowed) {
  make("app");
  EXPECT_THAT(refusal(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 2})),
              testing::StartsWith("InvalidParameterException: "));
  ASSERT_TRUE(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 3653}));
  EXPECT_EQ(shown().retention_in_days, 3653);
  ASSERT_TRUE(run(delete_retention_policy, DeleteRetentionPolicyInput{.log_group_name = "app"}));
  EXPECT_FALSE(shown().retention_in_days);
}

TEST_F(Groups, WhatIsPastTheRetentionIsGoneForReadersAndThenFromTheDisk) {
  make("app", {"one"});
  ASSERT_TRUE(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 1}));
  const size_t empty = stored_keys();
  std::vector<InputLogEvent> events(2500, {now_ms(), "line"});
  ASSERT_TRUE(put_events("one", std::move(events)));
  advance(24h + 1ms);
  put("one", {{0s, "young"}});
  EXPECT_THAT(all_of("one"), ElementsAre("young"));
  EXPECT_EQ(streams({}).log_streams->at(0).first_event_timestamp, now_ms());
  advance(24h);
  EXPECT_EQ(shown().stored_bytes, 5 + 26) << "the young one ends with the next sweep";
  EXPECT_EQ(stored_keys(), empty + 2 + 1) << "an event with its place in the stream, and the counters";
  advance(48h);
  EXPECT_EQ(shown().stored_bytes, 0);
}

TEST_F(Groups, SweepsGoOnAfterARestart) {
  make("app", {"one"});
  ASSERT_TRUE(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 3}));
  put("one", {{0s, "line"}});
  restart();
  advance(5 * 24h);
  EXPECT_EQ(shown().stored_bytes, 0);
}

TEST_F(Groups, ADeletedGroupLeavesNothing) {
  const size_t empty = stored_keys();
  make("app", {"one"});
  ASSERT_TRUE(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 1}));
  put("one", {{0s, "line"}});
  ASSERT_TRUE(run(delete_log_group, DeleteLogGroupInput{.log_group_name = "app"}));
  EXPECT_EQ(stored_keys(), empty);
  make("app", {"one"});
  EXPECT_THAT(all_of("one"), IsEmpty());
}

TEST_F(Groups, ADeletedStreamsEventsAreGoneAndThenErased) {
  make("app", {"one", "two"});
  put("two", {{0s, "stays"}});
  const size_t before = stored_keys();
  put("one", {{0s, "goes"}});
  ASSERT_TRUE(run(delete_log_stream, DeleteLogStreamInput{.log_group_name = "app", .log_stream_name = "one"}));
  EXPECT_THAT(messages(filter({})), ElementsAre("stays"));
  EXPECT_EQ(refusal(put_events("one", {{now_ms(), "a"}})), "ResourceNotFoundException: The specified log stream does not exist.");
  ASSERT_TRUE(run(create_log_stream, CreateLogStreamInput{.log_group_name = "app", .log_stream_name = "one"}));
  advance(1s);
  EXPECT_EQ(shown().stored_bytes, 5 + 26);
  EXPECT_EQ(stored_keys(), before);
  EXPECT_THAT(all_of("one"), IsEmpty());
}

TEST_F(Groups, ProtectedOnesAreNotDeleted) {
  ASSERT_TRUE(run(create_log_group, CreateLogGroupInput{.log_group_name = "app", .deletion_protection_enabled = true}));
  EXPECT_THAT(refusal(run(delete_log_group, DeleteLogGroupInput{.log_group_name = "app"})), testing::StartsWith("ValidationException: "));
  ASSERT_TRUE(run(put_log_group_deletion_protection,
                  PutLogGroupDeletionProtectionInput{.log_group_identifier = "app", .deletion_protection_enabled = false}));
  EXPECT_TRUE(run(delete_log_group, DeleteLogGroupInput{.log_group_name = "app"}));
}

TEST_F(Groups, HaveTags) {
  make("app");
  ASSERT_TRUE(run(tag_resource, TagResourceInput{.resource_arn = arn, .tags = {{"team", "a"}, {"stage", "test"}}}));
  ASSERT_TRUE(run(tag_log_group, TagLogGroupInput{.log_group_name = "app", .tags = {{"team", "b"}}}));
  ASSERT_TRUE(run(untag_resource, UntagResourceInput{.resource_arn = arn, .tag_keys = {"stage"}}));
  const auto tags = *run(list_tags_for_resource, ListTagsForResourceInput{.resource_arn = arn})->tags;
  EXPECT_EQ(tags.size(), 1u);
  EXPECT_EQ(*tags.find("team"), "b");
  wire::Map<std::string> many;
  for (int i = 0; i < 50; ++i) many[std::to_string(i)] = "";
  EXPECT_THAT(refusal(run(tag_resource, TagResourceInput{.resource_arn = arn, .tags = many})),
              testing::StartsWith("TooManyTagsException: "));
}

TEST_F(Groups, WhatMemoryForgetsIsReadAgain) {
  make("app", {"one"});
  put("one", {{0s, "a"}});
  for (size_t i = 0; i < 2 * limits::known_entries_max; ++i)
    ASSERT_TRUE(run(create_log_stream, CreateLogStreamInput{.log_group_name = "app", .log_stream_name = "s" + std::to_string(i)}));
  put("one", {{0s, "b"}});
  EXPECT_THAT(all_of("one"), ElementsAre("a", "b"));
  EXPECT_EQ(shown().stored_bytes, 2 * 27);
}

TEST_F(Groups, AFailedWriteLeavesTheStateBeforeIt) {
  make("app", {"one"});
  put("one", {{0s, "a"}});
  world.store.fail_writes(1);
  EXPECT_NE(refusal(put_events("one", {{now_ms(), "lost"}})), "");
  put("one", {{0s, "b"}});
  EXPECT_THAT(all_of("one"), ElementsAre("a", "b"));
}

TEST(LogRecords, AnEventHasTheseBytes) {
  const EventRecord event{"12345678", instant_from_ms(1'800'000'000'000), "line"};
  EXPECT_EQ(hex(wire::encode_record(event)), "01060831323334353637380880c0e285e3680e046c696e65");
}

TEST_F(Groups, KeysOfEventsAreTheseForeverAndInTheOrderOfTime) {
  const GroupKeys keys(shards->at(2), "111122223333", "12345678");
  const Position at{1'800'000'000'000, 7};
  const std::string of_group = std::string("s\0\2", 3) + "cloudwatch-logs/111122223333/d/12345678";
  EXPECT_EQ(keys.event(at), of_group + "e" + unhex("000001a3185c50000000000000000007").value());
  EXPECT_EQ(keys.of_stream("abcdefgh", at), of_group + "xabcdefgh" + unhex("000001a3185c50000000000000000007").value());
  EXPECT_EQ(GroupKeys::position_of(keys.of_stream("abcdefgh", at)), at);
  EXPECT_LT(keys.event({255, 9}), keys.event({256, 0}));
}

TEST(LogRecords, TheLargestEventFitsIntoTheStore) {
  const EventRecord event{"12345678", TestWorld::start, std::string(limits::event_bytes_max - limits::event_overhead_bytes, 'x')};
  EXPECT_LE(wire::encode_record(event).size(), store::value_bytes_max);
}

}  // namespace
}  // namespace outcrop::cloudwatch_logs
