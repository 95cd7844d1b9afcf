// What alarms send: to an SNS and a Lambda that only take note of it. The shapes of the messages are those recorded from AWS.
#include <cstddef>

#include "base/encoding.h"
#include "services/cloudwatch/testing/cloudwatch_harness.h"
#include "wire/operation.h"

namespace outcrop::cloudwatch {
namespace {

using testing::ElementsAre;

// The one input of both operations, with the members that either has.
struct Sent {
  std::string topic_arn, subject, message, function_name, payload;
  static const wire::Shape shape;
};
struct Taken {
  static const wire::Shape shape;
};
constexpr wire::Member sent_members[] = {
    {.name = "TopicArn", .wire_name = "TopicArn", .shape = &wire::shapes::string, .offset = offsetof(Sent, topic_arn)},
    {.name = "Subject", .wire_name = "Subject", .shape = &wire::shapes::string, .offset = offsetof(Sent, subject)},
    {.name = "Message", .wire_name = "Message", .shape = &wire::shapes::string, .offset = offsetof(Sent, message)},
    {.name = "FunctionName", .wire_name = "FunctionName", .shape = &wire::shapes::string, .offset = offsetof(Sent, function_name)},
    {.name = "Payload", .wire_name = "Payload", .shape = &wire::shapes::blob, .offset = offsetof(Sent, payload)},
};
const wire::Shape Sent::shape = {.kind = wire::Kind::structure, .name = "Sent", .members = sent_members};
const wire::Shape Taken::shape = {.kind = wire::Kind::structure, .name = "Taken"};

struct Mailbox {
  std::vector<Sent> sent;
  std::vector<std::string> callers;
  std::string refusal;
};

Task<Result<Taken>> take(Mailbox& mailbox, Call& call, Sent sent) {
  if (!mailbox.refusal.empty()) co_return fail("NotFound", 404, mailbox.refusal);
  mailbox.sent.push_back(std::move(sent));
  mailbox.callers.push_back(call.identity.arn);
  co_return Taken();
}

wire::Operation operation(std::string_view name) {
  return {.name = name,
          .method = "POST",
          .uri = "/",
          .input = &Sent::shape,
          .output = &Taken::shape,
          .make_input = [] { return wire::erase(Sent()); },
          .handler = &wire::start<take, Mailbox, Sent>};
}

class Delivering : public CloudwatchHarness {
 public:
  Delivering() {
    directory->add(sns_model, sns);
    directory->add(lambda_model, lambda);
  }

  void put_acting(std::string action) {
    PutMetricAlarmInput acting = alarm("a");
    acting.alarm_description = "too many errors";
    acting.dimensions = std::vector<Dimension>{{"Host", "h"}};
    acting.alarm_actions = std::vector{std::move(action)};
    ASSERT_TRUE(run(put_metric_alarm, acting));
  }
  void set(std::string value) {
    ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = std::move(value), .state_reason = "testing"}));
    world.executor.run_until_idle();
  }

  const wire::Operation publish[1] = {operation("Publish")}, invoke[1] = {operation("Invoke")};
  const wire::ServiceModel sns_model = {.name = "sns", .operations = publish}, lambda_model = {.name = "lambda", .operations = invoke};
  Mailbox sns, lambda;
};

TEST_F(Delivering, ATopicIsSentTheAlarm) {
  put_acting("arn:aws:sns:eu-central-1:111122223333:topic");
  set("ALARM");
  ASSERT_EQ(sns.sent.size(), 1u);
  EXPECT_EQ(sns.sent[0].topic_arn, "arn:aws:sns:eu-central-1:111122223333:topic");
  EXPECT_EQ(sns.sent[0].subject, "ALARM: \"a\" in EU (Frankfurt)");
  EXPECT_THAT(sns.callers, ElementsAre("cloudwatch.amazonaws.com"));
  auto message = json::parse(sns.sent[0].message);
  ASSERT_TRUE(message);
  auto text = [&](std::string_view name) { return std::string(message->find(name)->as_string()); };
  EXPECT_EQ(text("AlarmName"), "a");
  EXPECT_EQ(text("AWSAccountId"), "111122223333");
  EXPECT_EQ(text("NewStateValue"), "ALARM");
  EXPECT_EQ(text("OldStateValue"), "INSUFFICIENT_DATA");
  EXPECT_EQ(text("NewStateReason"), "testing");
  EXPECT_EQ(text("Region"), "EU (Frankfurt)");
  EXPECT_EQ(text("AlarmArn"), "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:a");
  EXPECT_EQ(json::write(*message->find("Trigger")),
            R"({"MetricName":"errors","Namespace":"App","StatisticType":"Statistic","Statistic":"SUM","Unit":null,)"
            R"("Dimensions":[{"value":"h","name":"Host"}],"Period":60,"EvaluationPeriods":1,"ComparisonOperator":"GreaterThanThreshold",)"
            R"("Threshold":5.0,"TreatMissingData":"","EvaluateLowSampleCountPercentile":""})");
  EXPECT_THAT(history("a", "Action"), ElementsAre("Successfully executed action arn:aws:sns:eu-central-1:111122223333:topic"));
}

TEST_F(Delivering, AFunctionIsInvokedWithTheAlarm) {
  put_acting("arn:aws:lambda:eu-central-1:111122223333:function:f");
  set("ALARM");
  ASSERT_EQ(lambda.sent.size(), 1u);
  EXPECT_EQ(lambda.sent[0].function_name, "arn:aws:lambda:eu-central-1:111122223333:function:f");
  EXPECT_THAT(lambda.callers, ElementsAre("lambda.alarms.cloudwatch.amazonaws.com"));
  auto event = json::parse(lambda.sent[0].payload);
  ASSERT_TRUE(event) << lambda.sent[0].payload;
  EXPECT_EQ(event->find("source")->as_string(), "aws.cloudwatch");
  const json::Value& data = *event->find("alarmData");
  EXPECT_EQ(data.find("state")->find("value")->as_string(), "ALARM");
  EXPECT_EQ(data.find("previousState")->find("reason")->as_string(), "Unchecked: Initial alarm creation");
  const json::Value& metric = data.find("configuration")->find("metrics")->as_array().at(0);
  EXPECT_EQ(json::write(*metric.find("metricStat")),
            R"({"metric":{"namespace":"App","name":"errors","dimensions":{"Host":"h"}},"period":60,"stat":"Sum"})");
}

TEST_F(Delivering, OnlyTheActionsOfTheNewStateAreTaken) {
  put_acting("arn:aws:sns:eu-central-1:111122223333:topic");
  set("OK");
  EXPECT_TRUE(sns.sent.empty());
  set("ALARM");
  set("ALARM");
  EXPECT_EQ(sns.sent.size(), 1u);
}

TEST_F(Delivering, ARefusalIsInTheHistory) {
  sns.refusal = "Topic does not exist";
  put_acting("arn:aws:sns:eu-central-1:111122223333:topic");
  set("ALARM");
  EXPECT_THAT(
      history("a", "Action"),
      ElementsAre("Failed to execute action arn:aws:sns:eu-central-1:111122223333:topic. Received error: \"Topic does not exist\""));
}

}  // namespace
}  // namespace outcrop::cloudwatch
