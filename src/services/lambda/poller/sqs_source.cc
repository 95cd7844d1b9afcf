#include "services/lambda/poller/sqs_source.h"

#include <charconv>

#include "base/log.h"
#include "base/task_group.h"
#include "core/timers.h"
#include "gen/sqs/delete_message_batch.h"
#include "gen/sqs/get_queue_attributes.h"
#include "gen/sqs/receive_message.h"
#include "services/lambda/poller/limits.h"

namespace outcrop::lambda {

namespace {

std::string_view name_of_role(std::string_view role) { return role.substr(role.rfind('/') + 1); }

Seconds seconds_in(const std::optional<wire::Map<std::string>>& attributes) {
  const std::string* text = attributes ? attributes->find("VisibilityTimeout") : nullptr;
  int64_t seconds = limits::hidden_default.count();
  if (text) std::from_chars(text->data(), text->data() + text->size(), seconds);
  return Seconds(seconds);
}

}  // namespace

SqsSource::SqsSource(World& world, Directory& directory, const Place& owner, std::string function, QueueArn queue)
    : world_(world),
      directory_(directory),
      owner_(owner.account),
      function_(std::move(function)),
      queue_(std::move(queue)),
      url_(queue_.url()) {}

void SqsSource::act_as(std::string_view role) {
  identity_arn_ = "arn:aws:sts::" + owner_ + ":assumed-role/" + std::string(name_of_role(role)) + "/" + function_;
}

Call SqsSource::make_call(std::stop_token stop) const {
  return {.world = world_,
          .identity = {.kind = Identity::Kind::role, .account = owner_, .arn = identity_arn_, .session = session_},
          .region = queue_.region,
          .service = "lambda",
          .request_id = world_.random.uuid(),
          .stop = std::move(stop)};
}

Task<Result<std::vector<sqs::Message>>> SqsSource::receive(int32_t count, Seconds wait, std::stop_token stop) {
  sqs::ReceiveMessageInput input{.queue_url = url_};
  input.max_number_of_messages = count;
  input.wait_time_seconds = int32_t(wait.count());
  input.message_system_attribute_names = {"All"};
  input.message_attribute_names = {"All"};
  const Call call = make_call(std::move(stop));
  sqs::ReceiveMessageOutput output = co_await directory_.invoke<sqs::ReceiveMessageOutput>(call, "sqs", "ReceiveMessage", std::move(input));
  if (!output.messages) co_return std::vector<sqs::Message>();
  co_return std::move(*output.messages);
}

Task<Result<Seconds>> SqsSource::visibility_timeout() {
  sqs::GetQueueAttributesInput input{.queue_url = url_};
  input.attribute_names = {"VisibilityTimeout"};
  const Call call = make_call();
  const auto output = co_await directory_.invoke<sqs::GetQueueAttributesOutput>(call, "sqs", "GetQueueAttributes", std::move(input));
  co_return seconds_in(output.attributes);
}

Task<void> SqsSource::remove(std::vector<std::string> receipt_handles) {
  std::vector<std::string> rest = std::move(receipt_handles);
  while (!rest.empty()) {
    TaskGroup removing;
    for (size_t i = 0; i < limits::deletes_at_once && !rest.empty(); ++i) {
      const size_t kept = rest.size() - std::min(rest.size(), limits::deleted_at_once_max);
      std::vector<std::string> some(std::make_move_iterator(rest.begin() + ptrdiff_t(kept)), std::make_move_iterator(rest.end()));
      rest.resize(kept);
      removing.spawn(remove_some(std::move(some)));
    }
    co_await removing.join();
  }
}

// What was worked on must not be worked on again for a passing trouble; in the end the queue gives it again.
Task<void> SqsSource::remove_some(std::vector<std::string> receipt_handles) {
  Milliseconds wait = limits::delete_wait_first;
  for (int attempt = 1;; ++attempt, wait *= 2) {
    Result<std::vector<std::string>> left = co_await keep(try_remove(receipt_handles));
    if (left && left->empty()) co_return;
    if (attempt == limits::delete_attempts || (!left && left.error().is_senders())) {
      log::warning("messages that a function took could not be deleted",
                   {{"queue", url_}, {"messages", receipt_handles.size()}, {"reason", left ? "" : left.error().message}});
      co_return;
    }
    if (left) receipt_handles = std::move(*left);
    co_await steady_until(world_.clock.steady() + wait);
  }
}

// Gives what a later attempt may delete.
Task<Result<std::vector<std::string>>> SqsSource::try_remove(const std::vector<std::string>& receipt_handles) {
  sqs::DeleteMessageBatchInput input{.queue_url = url_};
  for (size_t i = 0; i < receipt_handles.size(); ++i)
    input.entries.push_back({.id = std::to_string(i), .receipt_handle = receipt_handles[i]});
  const Call call = make_call();
  const auto output = co_await directory_.invoke<sqs::DeleteMessageBatchOutput>(call, "sqs", "DeleteMessageBatch", std::move(input));
  std::vector<std::string> left;
  for (const sqs::BatchResultErrorEntry& failed : output.failed.value_or(std::vector<sqs::BatchResultErrorEntry>()))
    if (!failed.sender_fault) left.push_back(receipt_handles.at(std::stoul(failed.id)));
  co_return left;
}

}  // namespace outcrop::lambda
