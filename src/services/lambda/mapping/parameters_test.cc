#include "services/lambda/mapping/parameters.h"

#include <gtest/gtest.h>

#include "services/lambda/mapping/limits.h"

namespace outcrop::lambda {
namespace {

constexpr std::string_view queue_arn = "arn:aws:sqs:us-east-1:000000000000:orders";

CreateEventSourceMappingInput asked(std::string_view arn = queue_arn) {
  CreateEventSourceMappingInput input;
  input.event_source_arn = std::string(arn);
  input.function_name = "handle";
  return input;
}

MappingRecord fresh(const CreateEventSourceMappingInput& input) {
  MappingRecord record;
  record.source_arn = *input.event_source_arn;
  record.is_enabled = true;
  record.batch_size = limits::mapping_batch_size_default;
  return record;
}

// Empty: they are taken.
std::string refusal_of(const CreateEventSourceMappingInput& input) {
  if (auto kind = check_source(input); !kind) return kind.error().message;
  MappingRecord record = fresh(input);
  auto set = set_parameters(input, record);
  return set ? "" : set.error().message;
}

MappingRecord made_of(const CreateEventSourceMappingInput& input) {
  MappingRecord record = fresh(input);
  EXPECT_TRUE(set_parameters(input, record));
  return record;
}

TEST(MappingParameters, ASourceIsNamed) {
  CreateEventSourceMappingInput input;
  EXPECT_EQ(refusal_of(input), "Unrecognized event source.");
  EXPECT_EQ(refusal_of(asked("arn:aws:sns:us-east-1:000000000000:topic")), "Unrecognized event source.");
  EXPECT_EQ(refusal_of(asked()), "");
}

TEST(MappingParameters, BatchesBeyondTenNeedAWindow) {
  auto input = asked();
  input.batch_size = 11;
  EXPECT_EQ(refusal_of(input), "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  input.maximum_batching_window_in_seconds = 1;
  EXPECT_EQ(refusal_of(input), "");
  EXPECT_EQ(made_of(input).batch_size, 11);
}

TEST(MappingParameters, AChangeIsCheckedTogetherWithWhatStays) {
  auto input = asked();
  input.batch_size = 100;
  input.maximum_batching_window_in_seconds = 5;
  MappingRecord record = made_of(input);
  UpdateEventSourceMappingInput change;
  change.maximum_batching_window_in_seconds = 0;
  EXPECT_FALSE(set_parameters(change, record));
  change.batch_size = 10;
  EXPECT_TRUE(set_parameters(change, record));
  EXPECT_EQ(record.window_seconds, 0);
}

TEST(MappingParameters, FifoQueuesHaveNoWindowAndBatchesOfTenAtMost) {
  auto input = asked("arn:aws:sqs:us-east-1:000000000000:orders.fifo");
  input.maximum_batching_window_in_seconds = 5;
  EXPECT_EQ(refusal_of(input), "Batching window is not supported for FIFO queues");
  input.maximum_batching_window_in_seconds = 0;
  input.batch_size = 11;
  EXPECT_EQ(refusal_of(input), "Batch size must be at most 10 for FIFO queues");
}

TEST(MappingParameters, WhatOnlyStreamsHaveIsRefusedByName) {
  auto input = asked();
  input.parallelization_factor = 2;
  EXPECT_EQ(refusal_of(input), "Unsupported ParallelizationFactor parameter for given event source mapping type.");
  input = asked();
  input.destination_config.emplace().on_failure.emplace().destination = std::string(queue_arn);
  EXPECT_EQ(refusal_of(input), "Unsupported DestinationConfig parameter for given event source mapping type.");
  input = asked();
  input.starting_position = "LATEST";
  EXPECT_EQ(refusal_of(input), "StartingPosition is not valid for SQS event sources.");
}

TEST(MappingParameters, ADestinationOfSuccessIsRefusedWhateverTheSource) {
  auto input = asked("arn:aws:kinesis:us-east-1:000000000000:stream/s");
  input.destination_config.emplace().on_success.emplace().destination = std::string(queue_arn);
  EXPECT_EQ(refusal_of(input), "Unsupported DestinationConfig parameter for given event source mapping type.");
}

TEST(MappingParameters, StreamsHaveAStartingPosition) {
  auto input = asked("arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s");
  EXPECT_EQ(refusal_of(input),
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.");
  input.starting_position = "AT_TIMESTAMP";
  EXPECT_EQ(refusal_of(input), "Unsupported starting position for arn type: arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s");
}

TEST(MappingParameters, WhatIsNotBuiltIsRefusedByName) {
  auto input = asked();
  input.provisioned_poller_config.emplace().minimum_pollers = 2;
  EXPECT_TRUE(refusal_of(input).starts_with("ProvisionedPollerConfig is not supported by this server"));
  input = asked();
  input.metrics_config.emplace().metrics = {"EventCount"};
  EXPECT_TRUE(refusal_of(input).starts_with("MetricsConfig is not supported by this server"));
  EXPECT_NE(source_not_built(SourceKind::mq, input).message.find("Amazon MQ"), std::string::npos);
}

TEST(MappingParameters, FiltersAreCheckedAndCanBeTakenAway) {
  auto input = asked();
  input.filter_criteria.emplace().filters = {Filter{R"({"body":["x"]})"}};
  MappingRecord record = made_of(input);
  EXPECT_EQ(record.filter_patterns, std::vector<std::string>{R"({"body":["x"]})"});
  UpdateEventSourceMappingInput change;
  change.filter_criteria.emplace();
  EXPECT_TRUE(set_parameters(change, record));
  EXPECT_TRUE(record.filter_patterns.empty());
  input.filter_criteria->filters = {Filter{}};
  EXPECT_EQ(refusal_of(input), "Invalid filter pattern definition.");
  input.filter_criteria->filters = std::vector<Filter>(11, Filter{R"({"body":["x"]})"});
  EXPECT_EQ(refusal_of(input), "An event source mapping has at most 10 filters.");
}

TEST(MappingParameters, WhatIsNotGivenStays) {
  auto input = asked();
  input.scaling_config.emplace().maximum_concurrency = 7;
  input.function_response_types = {"ReportBatchItemFailures"};
  MappingRecord record = made_of(input);
  const MappingRecord before = record;
  EXPECT_TRUE(set_parameters(UpdateEventSourceMappingInput{}, record));
  EXPECT_EQ(record, before);
  UpdateEventSourceMappingInput change;
  change.scaling_config.emplace();
  change.function_response_types.emplace();
  EXPECT_TRUE(set_parameters(change, record));
  EXPECT_FALSE(record.maximum_concurrency);
  EXPECT_FALSE(record.reports_item_failures);
}

}  // namespace
}  // namespace outcrop::lambda
