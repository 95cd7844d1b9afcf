#include "services/cloudwatch/alarm/deliver.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudwatch/alarm/alarm_text.h"

namespace outcrop::cloudwatch {
namespace {

constexpr std::string_view action_services[] = {"aiops", "automate", "autoscaling", "lambda", "sns", "ssm", "ssm-incidents", "swf"};

// The third part of an ARN.
std::string_view service_of(std::string_view arn) {
  if (!arn.starts_with("arn:")) return {};
  const size_t partition = arn.find(':', 4);
  if (partition == arn.npos) return {};
  const size_t end = arn.find(':', partition + 1);
  return end == arn.npos ? std::string_view() : arn.substr(partition + 1, end - partition - 1);
}

// The call that CloudWatch makes on behalf of the alarm.
Call call_of(World& world, const Place& place, std::string_view principal) {
  return {.world = world,
          .identity = {.kind = Identity::Kind::service, .account = place.account, .arn = std::string(principal)},
          .region = place.region,
          .service = "cloudwatch",
          .operation = "AlarmAction",
          .request_id = world.random.uuid()};
}

}  // namespace

bool is_action(std::string_view arn) { return std::ranges::find(action_services, service_of(arn)) != std::end(action_services); }

Task<Delivery> deliver(World& world, Directory& directory, const Place& place, const AlarmRecord& alarm, const PendingAction& action) {
  const std::string_view service = service_of(action.action);
  Delivery delivery;
  Result<json::Value> answer;
  if (service == "sns") {
    delivery.published = notification(place, alarm, action);
    const Call call = call_of(world, place, "cloudwatch.amazonaws.com");
    answer = co_await directory.invoke_json(
        call, "sns", "Publish",
        json::Object{{"TopicArn", action.action}, {"Subject", notification_subject(place, action)}, {"Message", delivery.published}});
  } else if (service == "lambda") {
    delivery.published = lambda_event(place, alarm, action, world.random.uuid());
    const Call call = call_of(world, place, "lambda.alarms.cloudwatch.amazonaws.com");
    answer = co_await directory.invoke_json(
        call, "lambda", "Invoke",
        json::Object{{"FunctionName", action.action}, {"InvocationType", "Event"}, {"Payload", base64(delivery.published)}});
  } else {
    answer = fail("UnsupportedAction", 400, fmt::format("Actions of {} are not supported.", service));
  }
  if (!answer) delivery.error = answer.error().message.empty() ? answer.error().code : answer.error().message;
  co_return delivery;
}

}  // namespace outcrop::cloudwatch
