// Writing events and reading them: what is accepted, in which order it is read, and how pages go on.
#include "services/cloudwatch-logs/limits.h"
#include "services/cloudwatch-logs/testing/logs_harness.h"

namespace outcrop::cloudwatch_logs {
namespace {

class Events : public LogsHarness {
 public:
  Events() { make("app", {"one", "two"}); }
};

TEST_F(Events, AreReadInTheOrderOfTimeWhateverTheOrderOfWriting) {
  put("one", {{2s, "c"}, {3s, "d"}});
  put("one", {{1s, "a"}, {2s, "later of the same time"}});
  EXPECT_THAT(all_of("one"), ElementsAre("a", "c", "later of the same time", "d"));
}

TEST_F(Events, SayWhenTheyHappenedAndWhenTheyCame) {
  put("one", {{-5s, "early"}});
  const auto page = get({.log_stream_name = "one"});
  EXPECT_EQ(page.events->at(0).timestamp, now_ms() - 5000);
  EXPECT_EQ(page.events->at(0).ingestion_time, now_ms());
}

TEST_F(Events, SurviveARestart) {
  put("one", {{0s, "before"}});
  restart();
  put("one", {{0s, "after"}});
  EXPECT_THAT(all_of("one"), ElementsAre("before", "after"));
}

TEST_F(Events, PagesGoForwardFromTheHeadAndTheTokenStaysAtTheEnd) {
  put("one", {{0s, "a"}, {1s, "b"}, {2s, "c"}});
  auto page = get({.log_stream_name = "one", .limit = 2, .start_from_head = true});
  EXPECT_THAT(messages(page), ElementsAre("a", "b"));
  page = get({.log_stream_name = "one", .next_token = page.next_forward_token, .limit = 2});
  EXPECT_THAT(messages(page), ElementsAre("c"));
  const auto token = page.next_forward_token;
  page = get({.log_stream_name = "one", .next_token = token, .limit = 2});
  EXPECT_THAT(messages(page), IsEmpty());
  EXPECT_EQ(page.next_forward_token, token);
  put("one", {{3s, "d"}});
  EXPECT_THAT(messages(get({.log_stream_name = "one", .next_token = token})), ElementsAre("d")) << "what came meanwhile";
}

TEST_F(Events, PagesGoBackwardFromTheTailUnlessToldOtherwise) {
  put("one", {{0s, "a"}, {1s, "b"}, {2s, "c"}});
  auto page = get({.log_stream_name = "one", .limit = 2});
  EXPECT_THAT(messages(page), ElementsAre("b", "c"));
  page = get({.log_stream_name = "one", .next_token = page.next_backward_token, .limit = 2});
  EXPECT_THAT(messages(page), ElementsAre("a"));
  const auto token = page.next_backward_token;
  page = get({.log_stream_name = "one", .next_token = token, .limit = 2});
  EXPECT_THAT(messages(page), IsEmpty());
  EXPECT_EQ(page.next_backward_token, token);
  EXPECT_THAT(messages(get({.log_stream_name = "one", .next_token = page.next_forward_token})), ElementsAre("a", "b", "c"));
}

TEST_F(Events, AreReadFromAStartTimeUpToBeforeAnEndTime) {
  put("one", {{0s, "a"}, {1s, "b"}, {2s, "c"}});
  EXPECT_THAT(messages(get({.log_stream_name = "one", .start_time = now_ms() + 1000, .end_time = now_ms() + 2000})), ElementsAre("b"));
}

TEST_F(Events, APageHoldsAMegabyte) {
  for (int i = 0; i < 4; ++i) put("one", {{Seconds(i), std::string(400'000, char('a' + i))}});
  const auto page = get({.log_stream_name = "one", .start_from_head = true});
  EXPECT_EQ(page.events->size(), 2u);
  EXPECT_EQ(get({.log_stream_name = "one", .next_token = page.next_forward_token}).events->size(), 2u);
}

TEST_F(Events, TooOldAndTooNewOnesAreRejectedAndTheRestIsTaken) {
  auto output = put_events("one", {{now_ms() - 15 * 86'400'000LL, "old"}, {now_ms(), "now"}, {now_ms() + 3 * 3'600'000, "new"}}).value();
  EXPECT_EQ(output.rejected_log_events_info->too_old_log_event_end_index, 1);
  EXPECT_EQ(output.rejected_log_events_info->too_new_log_event_start_index, 2);
  EXPECT_FALSE(output.rejected_log_events_info->expired_log_event_end_index);
  EXPECT_THAT(all_of("one"), ElementsAre("now"));
}

TEST_F(Events, PastTheRetentionAreRejected) {
  ASSERT_TRUE(run(put_retention_policy, PutRetentionPolicyInput{.log_group_name = "app", .retention_in_days = 1}));
  auto output = put_events("one", {{now_ms() - 2 * 86'400'000LL, "old"}, {now_ms(), "now"}}).value();
  EXPECT_EQ(output.rejected_log_events_info->expired_log_event_end_index, 1);
  EXPECT_THAT(all_of("one"), ElementsAre("now"));
}

TEST_F(Events, ABatchMustBeInOrderOfTimeWithinADayAndAMegabyte) {
  EXPECT_EQ(refusal(put_events("one", {{now_ms(), "b"}, {now_ms() - 1, "a"}})),
            "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.");
  EXPECT_THAT(refusal(put_events("one", {{now_ms() - 86'400'001, "a"}, {now_ms(), "b"}})),
              testing::HasSubstr("cannot span more than 24 hours"));
  const std::string half(524'288, 'x');
  EXPECT_EQ(refusal(put_events("one", {{now_ms(), half}, {now_ms(), half}})),
            "InvalidParameterException: Upload too large: 1048628 bytes exceeds limit of 1048576");
  EXPECT_EQ(refusal(put_events("one", {{now_ms(), std::string(1'048'550, 'x')}})), "") << "the largest event there is";
  EXPECT_EQ(refusal(put_events("one", {{now_ms(), std::string(1'048'551, 'x')}})),
            "InvalidParameterException: Log event too large: 1048577 bytes exceeds limit of 1048576");
}

TEST_F(Events, ABatchMayHaveTenThousand) {
  std::vector<InputLogEvent> events(limits::batch_events_max, {now_ms(), "line"});
  ASSERT_TRUE(put_events("one", std::move(events)));
  EXPECT_EQ(all_of("one").size(), limits::batch_events_max);
}

TEST_F(Events, WhatDoesNotExistIsNamed) {
  EXPECT_EQ(refusal(put_events("other", {{now_ms(), "a"}})), "ResourceNotFoundException: The specified log stream does not exist.");
  EXPECT_EQ(refusal(run(get_log_events, GetLogEventsInput{.log_group_name = "other", .log_stream_name = "one"})),
            "ResourceNotFoundException: The specified log group does not exist.");
  EXPECT_EQ(refusal(run(get_log_events, GetLogEventsInput{.log_group_name = "app", .log_stream_name = "one", .next_token = "x/1"})),
            "InvalidParameterException: The specified nextToken is invalid.");
}

TEST_F(Events, EntitiesAreToldThatTheyAreRejected) {
  PutLogEventsInput input{.log_group_name = "app", .log_stream_name = "one", .log_events = {{now_ms(), "a"}}, .entity = Entity()};
  EXPECT_EQ(run(put_log_events, std::move(input))->rejected_entity_info->error_type, "UnsupportedLogGroupType");
}

TEST_F(Events, OfAllStreamsAreFilteredInTheOrderOfTime) {
  put("one", {{1s, "a ERROR"}, {3s, "c ERROR"}});
  put("two", {{2s, "b ERROR"}, {4s, "fine"}});
  const auto page = filter({.filter_pattern = "ERROR"});
  EXPECT_THAT(messages(page), ElementsAre("a ERROR", "b ERROR", "c ERROR"));
  EXPECT_EQ(page.events->at(1).log_stream_name, "two");
  EXPECT_EQ(page.events->at(1).event_id->size(), 56u);
  EXPECT_FALSE(page.next_token);
  EXPECT_THAT(*page.searched_log_streams, IsEmpty());
}

TEST_F(Events, FilteringGoesOnPageByPage) {
  put("one", {{1s, "a"}, {2s, "b"}, {3s, "c"}});
  auto page = filter({.limit = 2});
  EXPECT_THAT(messages(page), ElementsAre("a", "b"));
  ASSERT_TRUE(page.next_token);
  page = filter({.next_token = page.next_token, .limit = 2});
  EXPECT_THAT(messages(page), ElementsAre("c"));
  EXPECT_FALSE(page.next_token);
}

TEST_F(Events, FilteringThatLooksAtMuchGivesAnEmptyPageAndGoesOn) {
  for (int i = 0; i < 10; ++i) put("one", {{Seconds(i), std::string(1'000'000, 'x')}});
  put("two", {{20s, "found"}});
  auto page = filter({.filter_pattern = "found"});
  EXPECT_THAT(messages(page), IsEmpty());
  ASSERT_TRUE(page.next_token);
  EXPECT_THAT(messages(filter({.filter_pattern = "found", .next_token = page.next_token})), ElementsAre("found"));
}

TEST_F(Events, AreFilteredByStreamAndByTimeWithTheLastMillisecond) {
  put("one", {{1s, "a"}, {3s, "c"}});
  put("two", {{2s, "b"}});
  EXPECT_THAT(messages(filter({.log_stream_names = std::vector<std::string>{"one"}})), ElementsAre("a", "c"));
  EXPECT_THAT(messages(filter({.log_stream_name_prefix = "t"})), ElementsAre("b"));
  EXPECT_THAT(messages(filter({.start_time = now_ms() + 2000, .end_time = now_ms() + 3000})), ElementsAre("b", "c"));
  EXPECT_EQ(
      refusal(run(filter_log_events, FilterLogEventsInput{.log_group_name = "app", .log_stream_names = std::vector<std::string>{"three"}})),
      "ResourceNotFoundException: The specified log stream does not exist.");
}

TEST_F(Events, OfOtherServicesComeThroughTheSink) {
  LogSink& sink = *logs;
  const LogSink::Stream to{"111122223333", "eu-central-1", "/aws/lambda/f", "2027/01/15/[$LATEST]1"};
  ASSERT_TRUE(world.run(sink.append(to, {{now() + 1s, "second"}, {now(), "first"}, {now(), ""}})));
  const auto page = run(get_log_events, GetLogEventsInput{.log_group_name = to.group, .log_stream_name = to.stream}).value();
  EXPECT_THAT(messages(page), ElementsAre("first", "second"));
}

TEST_F(Events, LinesThatTakeSeveralBatchesAreAllWritten) {
  std::vector<LogSink::Line> lines(25'000, {now(), "line"});
  lines.push_back({now(), std::string(1'048'549, 'x') + "é and more"});
  ASSERT_TRUE(world.run(logs->append({"111122223333", "eu-central-1", "app", "one"}, std::move(lines))));
  size_t read = 0;
  auto page = get({.log_stream_name = "one", .start_from_head = true});
  while (!page.events->empty() && read <= 25'001u) {
    read += page.events->size();
    if (page.events->back().message->size() > 4) EXPECT_EQ(page.events->back().message->size(), 1'048'549u) << "cut before the character";
    page = get({.log_stream_name = "one", .next_token = page.next_forward_token});
  }
  EXPECT_EQ(read, 25'001u);
}

}  // namespace
}  // namespace outcrop::cloudwatch_logs
