#include "services/lambda/async/destinations.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "base/encoding.h"

namespace outcrop::lambda {

namespace {

json::Value attributes_json(const DestinationMessage& message) {
  json::Object attributes;
  for (const auto& [name, type, value] : message.attributes) attributes.set(name, json::Object{{"DataType", type}, {"StringValue", value}});
  return attributes;
}

json::Object message_for_queue(const Arn& to, const DestinationMessage& message) {
  json::Object input{{"QueueUrl", fmt::format("/{}/{}", to.account, to.resource)}, {"MessageBody", message.body}};
  if (!message.attributes.empty()) input.set("MessageAttributes", attributes_json(message));
  if (!message.trace_header.empty())
    input.set("MessageSystemAttributes",
              json::Object{{"AWSTraceHeader", json::Object{{"DataType", "String"}, {"StringValue", message.trace_header}}}});
  return input;
}

}  // namespace

Task<Result<void>> DirectoryDestinations::send(const Place& from, std::string_view arn, const DestinationMessage& message) {
  const std::optional<Arn> to = parse_arn(arn);
  if (!to) co_return fail("UnsupportedDestination", 400, fmt::format("{} is no ARN.", arn));
  const Call call = {.world = world_,
                     .identity = {.kind = Identity::Kind::service, .account = from.account, .arn = "lambda.amazonaws.com"},
                     .region = std::string(to->region),
                     .service = "lambda",
                     .operation = "Invoke",
                     .request_id = world_.random.uuid(),
                     .trace_header = message.trace_header};
  if (to->service == "sqs") {
    co_await directory_.invoke_json(call, "sqs", "SendMessage", message_for_queue(*to, message));
  } else if (to->service == "lambda") {
    json::Object input{{"FunctionName", arn}, {"InvocationType", "Event"}, {"Payload", base64(message.body)}};
    co_await directory_.invoke_json(call, "lambda", "Invoke", std::move(input));
  } else {
    co_return fail("UnsupportedDestination", 400, fmt::format("Destinations of {} are not supported.", to->service));
  }
  co_return {};
}

}  // namespace outcrop::lambda
