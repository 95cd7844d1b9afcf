#include "services/sqs/message/message_output.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/sqs/message/message_attributes.h"
#include "services/sqs/message/message_input.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

constexpr std::string_view system_attribute_names[] = {
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
};

wire::Map<std::string> system_attributes(const Delivery& delivery, const std::vector<std::string>& asked, bool fifo) {
  wire::Map<std::string> shown;
  const StoredMessage& message = *delivery.message;
  const bool all = std::ranges::count(asked, "All") > 0;
  auto show = [&](std::string_view name, const auto& value) {
    if (all || std::ranges::count(asked, name) > 0) shown[name] = value;
  };
  show("SenderId", message.sender_id);
  show("SentTimestamp", std::to_string(ms_since_epoch(message.sent)));
  show("ApproximateReceiveCount", std::to_string(delivery.receive_count));
  show("ApproximateFirstReceiveTimestamp", std::to_string(ms_since_epoch(delivery.first_received)));
  if (fifo) show("SequenceNumber", sequence_number(delivery.sequence));
  if (message.deduplication_id) show("MessageDeduplicationId", *message.deduplication_id);
  if (message.group_id) show("MessageGroupId", *message.group_id);
  if (message.trace_header) show("AWSTraceHeader", *message.trace_header);
  if (message.dead_letter_source_arn) show("DeadLetterQueueSourceArn", *message.dead_letter_source_arn);
  return shown;
}

void show_message_attributes(std::vector<StoredAttribute>& attributes, const std::vector<std::string>& asked, Message& shown) {
  std::erase_if(attributes, [&](const StoredAttribute& attribute) { return !is_asked_for(attribute.name, asked); });
  if (attributes.empty()) return;
  shown.md5_of_message_attributes = md5_of_attributes(attributes);
  auto& values = shown.message_attributes.emplace();
  for (StoredAttribute& attribute : attributes) {
    MessageAttributeValue& value = values[attribute.name];
    value.data_type = std::move(attribute.data_type);
    (attribute.binary ? value.binary_value : value.string_value) = std::move(attribute.value);
  }
}

}  // namespace

Result<void> check_asked(const AskedAttributes& asked) {
  for (const std::string& name : asked.system)
    if (std::ranges::count(system_attribute_names, name) == 0 && !is_attribute_name(name)) return fail(unknown_attribute(name));
  return {};
}

Message shown_message(Delivery delivery, std::string receipt_handle, const AskedAttributes& asked, bool fifo) {
  Message shown;
  StoredMessage& message = *delivery.message;
  if (!asked.system.empty())
    if (auto attributes = system_attributes(delivery, asked.system, fifo); !attributes.empty()) shown.attributes = std::move(attributes);
  if (!asked.message.empty()) show_message_attributes(message.attributes, asked.message, shown);
  shown.message_id = std::move(message.message_id);
  shown.receipt_handle = std::move(receipt_handle);
  shown.md5_of_body = hex(message.body_md5);
  shown.body = std::move(message.body);
  return shown;
}

}  // namespace outcrop::sqs
