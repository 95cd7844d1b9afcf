#include "services/lambda/mapping/check_target.h"

#include <fmt/format.h>

#include "gen/lambda/errors.h"
#include "services/lambda/poller/sqs_source.h"

namespace outcrop::lambda {

namespace {

Fault no_such_function() { return invalid_parameter_value_exception("Function does not exist"); }

// AWS names the operation with which it looks whether there is something to receive.
Fault cannot_receive(const Fault& fault) {
  if (fault.code == "QueueDoesNotExist")
    return invalid_parameter_value_exception(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: " +
        fault.message);
  if (fault.status == 403)
    return invalid_parameter_value_exception("The provided execution role does not have permissions to call ReceiveMessage on SQS");
  return fault;
}

Task<Result<VersionRecord>> mapped_version(Lambda& lambda, const FunctionName& function) {
  Result<std::string> version = co_await keep(lambda.functions().resolve(function));
  if (!version) co_return fail(version.error().status == 404 ? no_such_function() : std::move(version.error()));
  std::optional<VersionRecord> record = co_await lambda.functions().version(function.place, function.name, *version);
  if (!record) co_return fail(no_such_function());
  co_return std::move(*record);
}

}  // namespace

Task<Result<void>> check_function(Lambda& lambda, const FunctionName& function) {
  co_await mapped_version(lambda, function);
  co_return {};
}

Task<Result<void>> check_target(Lambda& lambda, const Mapping& mapping) {
  const VersionRecord version = co_await mapped_version(lambda, mapping.function());
  const std::optional<QueueArn> queue = QueueArn::parse(mapping.record.source_arn);
  if (!queue) co_return fail(invalid_parameter_value_exception("Unrecognized event source."));
  if (queue->region != mapping.place.region)
    co_return fail(
        invalid_parameter_value_exception("The event source must be in the same Region as the function: " + mapping.record.source_arn));
  SqsSource source(lambda.world(), lambda.directory(), mapping.place, mapping.record.function_name, *queue);
  source.act_as(version.role);
  const Result<Seconds> hidden = co_await keep(source.visibility_timeout());
  if (!hidden) co_return fail(cannot_receive(hidden.error()));
  if (hidden->count() < version.timeout_seconds)
    co_return fail(invalid_parameter_value_exception(fmt::format(
        "Queue visibility timeout: {} seconds is less than Function timeout: {} seconds", hidden->count(), version.timeout_seconds)));
  co_return {};
}

}  // namespace outcrop::lambda
