#include "gen/sqs/receive_message.h"

#include "services/sqs/limits.h"
#include "services/sqs/message/message_output.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

Result<void> check_range(const std::optional<int32_t>& value, std::string_view parameter, int64_t max) {
  if (!value || (*value >= 0 && *value <= max)) return {};
  return fail(invalid_value(*value, parameter, fmt::format("Must be >= 0 and <= {}, if provided.", max)));
}

Result<ReceiveRequest> receive_request(const ReceiveMessageInput& input, bool fifo) {
  if (input.max_number_of_messages && (*input.max_number_of_messages < 1 || *input.max_number_of_messages > limits::receive_max))
    return fail(invalid_value(*input.max_number_of_messages, "MaxNumberOfMessages",
                              fmt::format("Must be between 1 and {}, if provided.", limits::receive_max)));
  if (auto checked = check_range(input.wait_time_seconds, "WaitTimeSeconds", limits::wait_s_max); !checked)
    return fail(std::move(checked.error()));
  if (auto checked = check_range(input.visibility_timeout, "VisibilityTimeout", limits::visibility_timeout_s_max); !checked)
    return fail(std::move(checked.error()));
  ReceiveRequest request{.messages_max = size_t(input.max_number_of_messages.value_or(1))};
  if (input.visibility_timeout) request.visibility_timeout = Seconds(*input.visibility_timeout);
  if (input.wait_time_seconds) request.wait = Seconds(*input.wait_time_seconds);
  if (!input.receive_request_attempt_id) return request;
  const std::string& id = *input.receive_request_attempt_id;
  if (!fifo)
    return fail(invalid_value(id, "ReceiveRequestAttemptId", "The request include parameter that is not valid for this queue type."));
  if (id.empty() || id.size() > limits::attempt_id_length_max ||
      !std::ranges::all_of(id, [](unsigned char c) { return c > 0x20 && c < 0x7F; }))
    return fail(invalid_value(id, "ReceiveRequestAttemptId",
                              "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length."));
  request.attempt_id = id;
  return request;
}

}  // namespace

// Gives up to ten messages, waiting as long as asked for the first.
Task<Result<ReceiveMessageOutput>> receive_message(Sqs& sqs, Call& call, ReceiveMessageInput input) {
  const QueueName name = co_await queue_name_of(call, input.queue_url);
  ReceiveRequest request = co_await receive_request(input, name.is_fifo());
  AskedAttributes asked;
  if (input.message_system_attribute_names) asked.system = std::move(*input.message_system_attribute_names);
  if (input.attribute_names) asked.system.insert(asked.system.end(), input.attribute_names->begin(), input.attribute_names->end());
  if (input.message_attribute_names) asked.message = std::move(*input.message_attribute_names);
  co_await check_asked(asked);

  std::vector<std::string> handles;
  auto deliveries = co_await sqs.with_queue(call, name, [&](Queue& queue) -> Task<Result<std::vector<Delivery>>> {
    auto received = co_await queue.receive(std::move(request), call.stop);
    for (const Delivery& delivery : received) handles.push_back(sqs.receipt_handle(queue, delivery));
    co_return received;
  });
  ReceiveMessageOutput output;
  if (!deliveries.empty()) output.messages.emplace();
  for (size_t i = 0; i < deliveries.size(); ++i)
    output.messages->push_back(shown_message(std::move(deliveries[i]), std::move(handles[i]), asked, name.is_fifo()));
  co_return output;
}

}  // namespace outcrop::sqs
