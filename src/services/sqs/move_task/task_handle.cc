#include "services/sqs/move_task/task_handle.h"

#include "base/encoding.h"
#include "json/json.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {

std::string write_task_handle(const TaskHandle& handle) {
  return base64(json::write(json::Object{{"taskId", handle.task_id}, {"sourceArn", handle.source_arn}}));
}

std::optional<TaskHandle> read_task_handle(std::string_view text) {
  auto bytes = unbase64(text);
  if (!bytes) return std::nullopt;
  auto document = json::parse(*bytes);
  if (!document) return std::nullopt;
  const json::Value *task = document->find("taskId"), *source = document->find("sourceArn");
  if (!task || !task->is_string() || !source || !source->is_string()) return std::nullopt;
  return TaskHandle{std::string(task->as_string()), std::string(source->as_string())};
}

Fault no_such_resource(std::string_view parameter) {
  return resource_not_found_exception(fmt::format("The resource that you specified for the {} parameter doesn't exist.", parameter));
}

Result<QueueName> queue_of_arn(const Call& call, const std::string& arn, std::string_view parameter) {
  auto name = parse_queue_arn(arn, call.account());
  if (!name)
    return fail(invalid_parameter(fmt::format(
        "You must use this format to specify the {}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>", parameter)));
  if (name->account != call.account() || name->region != call.region) return fail(no_such_resource(parameter));
  return std::move(*name);
}

}  // namespace outcrop::sqs
