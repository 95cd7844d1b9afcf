#include "services/sqs/message/message_input.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/sqs/limits.h"
#include "services/sqs/message/message_attributes.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

constexpr uint64_t sequence_number_base = 10'000'000'000'000'000'000u;

// Letters, digits and ASCII punctuation, 1 to `length_max`.
Result<void> check_message_id(const std::string& id, std::string_view parameter, size_t length_max) {
  bool valid = !id.empty() && id.size() <= length_max && std::ranges::all_of(id, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
  if (valid) return {};
  return fail(
      invalid_value(id, parameter,
                    fmt::format("{} can only include alphanumeric and punctuation characters. 1 to {} in length.", parameter, length_max)));
}

Result<void> check_fifo(const MessageInput& input) {
  if (!input.group_id) return fail(missing_parameter("MessageGroupId"));
  if (input.delay_seconds && *input.delay_seconds > 0)
    return fail(
        invalid_value(*input.delay_seconds, "DelaySeconds", "The request include parameter that is not valid for this queue type."));
  return {};
}

Result<void> check_standard(const MessageInput& input) {
  if (input.deduplication_id)
    return fail(invalid_value(*input.deduplication_id, "MessageDeduplicationId",
                              "The request include parameter that is not valid for this queue type."));
  return {};
}

Result<void> check_parameters(bool fifo, const MessageInput& input) {
  if (input.body.empty()) return fail(missing_parameter("MessageBody"));
  if (!is_message_text(input.body))
    return fail(invalid_message_contents(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "
        "#x10000 to #x10FFFF"));
  if (auto checked = fifo ? check_fifo(input) : check_standard(input); !checked) return checked;
  if (input.group_id)
    if (auto checked = check_message_id(*input.group_id, "MessageGroupId", limits::group_id_length_max); !checked) return checked;
  if (input.deduplication_id)
    if (auto checked = check_message_id(*input.deduplication_id, "MessageDeduplicationId", limits::deduplication_id_length_max); !checked)
      return checked;
  if (input.delay_seconds && (*input.delay_seconds < 0 || *input.delay_seconds > limits::delay_s_max))
    return fail(
        invalid_value(*input.delay_seconds, "DelaySeconds", fmt::format("DelaySeconds must be >= 0 and <= {}.", limits::delay_s_max)));
  return {};
}

}  // namespace

Result<PreparedMessage> prepare_message(const Call& call, bool fifo, MessageInput input) {
  if (auto checked = check_parameters(fifo, input); !checked) return fail(std::move(checked.error()));
  PreparedMessage prepared;
  StoredMessage& message = prepared.message;
  if (input.attributes && !input.attributes->empty()) {
    auto attributes = checked_attributes(std::move(*input.attributes));
    if (!attributes) return fail(std::move(attributes.error()));
    message.attributes = std::move(*attributes);
    prepared.attributes_md5 = md5_of_attributes(message.attributes);
  }
  if (!call.trace_header.empty()) message.trace_header = call.trace_header;
  if (input.system_attributes && !input.system_attributes->empty()) {
    auto trace_header = checked_trace_header(*input.system_attributes);
    if (!trace_header) return fail(std::move(trace_header.error()));
    prepared.system_attributes_md5 = md5_of_trace_header(*trace_header);
    message.trace_header = std::move(*trace_header);
  }
  // On a FIFO queue an explicit zero means the queue's delay.
  if (input.delay_seconds && !fifo) prepared.delay = Seconds(*input.delay_seconds);
  if (fifo && !input.deduplication_id) prepared.content_hash = hex(sha256(input.body));
  prepared.bytes = input.body.size() + bytes_of(message.attributes);
  message.body_md5 = md5(input.body);
  prepared.body_md5 = hex(message.body_md5);
  message.message_id = call.world.random.uuid();
  message.sender_id = call.identity.user_id.empty() ? call.account() : call.identity.user_id;
  message.body = std::move(input.body);
  message.group_id = std::move(input.group_id);
  message.deduplication_id = std::move(input.deduplication_id);
  return prepared;
}

Result<void> check_against(const QueueSettings& settings, PreparedMessage& prepared) {
  if (!settings.fifo || prepared.message.deduplication_id) return {};
  if (!settings.content_based_deduplication)
    return fail(
        invalid_parameter("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"));
  prepared.message.deduplication_id = prepared.content_hash;
  return {};
}

Result<void> check_size(const QueueSettings& settings, const PreparedMessage& prepared, std::string_view invalid) {
  if (int64_t(prepared.bytes) <= settings.message_bytes_max) return {};
  return fail(invalid_parameter(
      fmt::format("One or more parameters {}. Reason: Message must be shorter than {} bytes.", invalid, settings.message_bytes_max)));
}

std::string sequence_number(uint64_t sequence) { return std::to_string(sequence_number_base + sequence); }

}  // namespace outcrop::sqs
