// CloudWatch Logs in a test's world: a memory store, a manual clock, four shards; its operations as functions.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "core/testing/test_world.h"
#include "gen/cloudwatch-logs/create_log_group.h"
#include "gen/cloudwatch-logs/create_log_stream.h"
#include "gen/cloudwatch-logs/delete_log_group.h"
#include "gen/cloudwatch-logs/delete_log_stream.h"
#include "gen/cloudwatch-logs/delete_retention_policy.h"
#include "gen/cloudwatch-logs/describe_log_groups.h"
#include "gen/cloudwatch-logs/describe_log_streams.h"
#include "gen/cloudwatch-logs/filter_log_events.h"
#include "gen/cloudwatch-logs/get_log_events.h"
#include "gen/cloudwatch-logs/put_log_events.h"
#include "gen/cloudwatch-logs/put_log_group_deletion_protection.h"
#include "gen/cloudwatch-logs/put_retention_policy.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"

namespace outcrop::cloudwatch_logs {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class LogsHarness : public testing::Test {
 public:
  using Messages = std::vector<std::string>;

  LogsHarness() { open(); }
  ~LogsHarness() override { close(); }

  // The server ends in order and starts again on what is stored.
  void restart() {
    close();
    open();
  }

  Instant now() const { return world.clock.wall(); }
  int64_t now_ms() const { return ms_since_epoch(now()); }
  void advance(Milliseconds by) { world.advance(by); }

  template <class Output, class Input>
  Result<Output> run(Task<Result<Output>> (*operation)(CloudwatchLogs&, Call&, Input), Input input) {
    Call made{.world = world.world, .identity = {.account = "111122223333"}, .region = "eu-central-1", .service = "cloudwatch-logs"};
    return world.run(operation(*logs, made, std::move(input)));
  }

  void make(std::string group, std::initializer_list<std::string> streams = {}) {
    ASSERT_TRUE(run(create_log_group, CreateLogGroupInput{.log_group_name = group}));
    for (const std::string& stream : streams)
      ASSERT_TRUE(run(create_log_stream, CreateLogStreamInput{.log_group_name = group, .log_stream_name = stream}));
  }
  Result<PutLogEventsOutput> put_events(std::string stream, std::vector<InputLogEvent> events) {
    return run(put_log_events,
               PutLogEventsInput{.log_group_name = "app", .log_stream_name = std::move(stream), .log_events = std::move(events)});
  }
  // Events of now plus `offset`.
  void put(std::string stream, std::vector<std::pair<Milliseconds, std::string>> events) {
    std::vector<InputLogEvent> input;
    for (auto& [offset, message] : events) input.push_back({ms_since_epoch(now() + offset), message});
    auto output = put_events(std::move(stream), std::move(input));
    ASSERT_TRUE(output) << output.error().message;
    ASSERT_FALSE(output->rejected_log_events_info);
  }
  GetLogEventsOutput get(GetLogEventsInput input) {
    input.log_group_name = "app";
    auto output = run(get_log_events, std::move(input));
    EXPECT_TRUE(output) << output.error().message;
    return output.value_or(GetLogEventsOutput());
  }
  FilterLogEventsOutput filter(FilterLogEventsInput input) {
    input.log_group_name = "app";
    auto output = run(filter_log_events, std::move(input));
    EXPECT_TRUE(output) << output.error().message;
    return output.value_or(FilterLogEventsOutput());
  }
  template <class Output>
  static Messages messages(const Output& output) {
    Messages texts;
    for (const auto& event : *output.events) texts.push_back(*event.message);
    return texts;
  }
  Messages all_of(std::string stream) { return messages(get({.log_stream_name = std::move(stream), .start_from_head = true})); }
  LogGroup shown() {
    auto output = run(describe_log_groups, DescribeLogGroupsInput{.log_group_name_prefix = "app"});
    EXPECT_TRUE(output && !output->log_groups->empty());
    return output && !output->log_groups->empty() ? output->log_groups->front() : LogGroup();
  }
  size_t stored_keys() { return world.run(world.store.scan(store::Range::all(), {.entries_max = 100'000})).value().size(); }

  // "ResourceNotFoundException: The specified log group does not exist.", or "" for none.
  template <class T>
  static std::string refusal(const Result<T>& result) {
    return result ? "" : result.error().code + ": " + result.error().message;
  }

  TestWorld world;
  std::unique_ptr<Shards> shards;
  std::optional<DurableTimers> timers;
  std::optional<CloudwatchLogs> logs;

 private:
  void open() {
    shards = world.run(Shards::open(world.world, 4)).value();
    timers.emplace(*shards);
    logs.emplace(world.world, *shards, *timers);
    EXPECT_TRUE(world.run(timers->start()));
  }
  void close() {
    world.run(timers->stop());
    world.run(shards->close());
    logs.reset();
    timers.reset();
    shards.reset();
    world.executor.run_until_idle();
  }
};

}  // namespace outcrop::cloudwatch_logs
