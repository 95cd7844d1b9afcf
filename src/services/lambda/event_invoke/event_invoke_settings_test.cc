// What functions do with asynchronous events: what may be said of it, and how it is shown.
#include "services/lambda/event_invoke/event_invoke_settings.h"

#include <gmock/gmock.h>

#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

using ::testing::ElementsAre;

DestinationConfig destinations(std::optional<std::string> success, std::optional<std::string> failure) {
  DestinationConfig config;
  if (success) config.on_success = OnSuccess{std::move(success)};
  if (failure) config.on_failure = OnFailure{std::move(failure)};
  return config;
}

struct EventInvocation : SettingsHarness {
  EventInvocation() {
    have_function("orders");
    have_function("audit");
    have_version("orders", "1");
    have_alias("orders", "live", "1");
  }
  Result<EventInvokeRecord> put(const FunctionName& name, EventInvokeRequest request) {
    return run(settings.change(
        name, [&](const std::optional<EventInvokeRecord>&) { return changed_event_invoke(request, TestWorld::start, {}); }));
  }
  std::string refusal_of(std::optional<std::string> success, std::optional<std::string> failure = {}) {
    return refusal_in_full(put(orders, {.destinations = destinations(std::move(success), std::move(failure))}));
  }

  EventInvokeSettings settings{world};
  const FunctionName orders = name_of("orders");
  const std::string queue = "arn:aws:sqs:us-east-1:111122223333:done", arn = "arn:aws:lambda:us-east-1:111122223333:function:";
};

TEST_F(EventInvocation, IsShownWithBothDestinationsAndTheQualifier) {
  const EventInvokeRecord stored = put(orders, {.retries_max = 1, .destinations = destinations(queue, {})}).value();
  const auto shown = describe_event_invoke<FunctionEventInvokeConfig>(orders, stored);
  EXPECT_EQ(shown.function_arn, arn + "orders:$LATEST");
  EXPECT_EQ(shown.maximum_retry_attempts, 1);
  EXPECT_FALSE(shown.maximum_event_age_in_seconds);
  EXPECT_EQ(shown.destination_config->on_success->destination, queue);
  EXPECT_TRUE(shown.destination_config->on_failure);
  EXPECT_FALSE(shown.destination_config->on_failure->destination);
}

TEST_F(EventInvocation, OfAFunctionIsThatOfItsLatestVersion) {
  ASSERT_TRUE(put(name_of("orders", "$LATEST"), {.retries_max = 2}));
  EXPECT_EQ(run(settings.find(orders)).value()->retries_max, 2);
  EXPECT_FALSE(run(settings.find(name_of("orders", "1"))).value());
}

TEST_F(EventInvocation, NeedsSomethingToBeSaid) {
  EXPECT_EQ(refusal_in_full(check_event_invoke_request({})),
            "400 InvalidParameterValueException: You must specify at least one of error handling or destination setting.");
  EXPECT_TRUE(check_event_invoke_request({.destinations = DestinationConfig()}));
}

TEST_F(EventInvocation, IsOfWhatIsThere) {
  for (const FunctionName& name : {name_of("none"), name_of("orders", "7"), name_of("orders", "blue")})
    EXPECT_EQ(refusal_in_full(put(name, {.retries_max = 1})), "404 ResourceNotFoundException: The function doesn't exist.");
  EXPECT_EQ(refusal_in_full(run(settings.erase(orders))),
            "404 ResourceNotFoundException: The function " + arn + "orders:$LATEST doesn't have an EventInvokeConfig");
}

TEST_F(EventInvocation, EndsAtServicesThatTakeIt) {
  EXPECT_EQ(refusal_of(queue, "arn:aws:sns:us-east-1:111122223333:failed"), "no refusal");
  EXPECT_EQ(refusal_of(arn + "audit", "arn:aws:s3:::failed"), "no refusal");
  EXPECT_EQ(refusal_of("arn:aws:iam:us-east-1:111122223333:role"),
            "400 InvalidParameterValueException: The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
            "arn:aws:iam:us-east-1:111122223333:role), onFailure=null) is invalid.");
  EXPECT_EQ(refusal_of("arn:aws:s3:::done", queue),
            "400 InvalidParameterValueException: The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
            "arn:aws:s3:::done), onFailure=OnFailure(destination=" +
                queue + ")) is invalid.");
}

TEST_F(EventInvocation, EndsAtOtherFunctionsThatAreThere) {
  EXPECT_EQ(refusal_of(arn + "none"), "400 InvalidParameterValueException: The destination ARN " + arn + "none is invalid.");
  EXPECT_EQ(refusal_of(arn + "orders"), "400 InvalidParameterValueException: You can't specify the function as a destination for itself.");
}

TEST_F(EventInvocation, IsListedByQualifier) {
  for (const FunctionName& name : {name_of("orders", "live"), orders, name_of("orders", "1")}) ASSERT_TRUE(put(name, {.retries_max = 1}));
  ASSERT_TRUE(put(name_of("audit"), {.retries_max = 1}));
  const auto qualifiers = [&](std::string_view after, size_t count) {
    std::vector<std::string> found;
    for (const auto& stored : run(settings.list(orders, after, count)).value()) found.push_back(stored.qualifier);
    return found;
  };
  EXPECT_THAT(qualifiers("", 50), ElementsAre("$LATEST", "1", "live"));
  EXPECT_THAT(qualifiers("$LATEST", 1), ElementsAre("1"));
}

}  // namespace
}  // namespace outcrop::lambda
