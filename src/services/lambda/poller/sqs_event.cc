#include "services/lambda/poller/sqs_event.h"

#include <algorithm>

#include "base/encoding.h"
#include "json/writer.h"
#include "services/lambda/poller/limits.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view event_begin = R"({"Records":[)", event_end = "]}";

// AWS's order; whatever else a queue tells follows.
constexpr std::string_view ordered_attributes[] = {
    "ApproximateReceiveCount", "AWSTraceHeader", "SentTimestamp",          "SequenceNumber",
    "MessageGroupId",          "SenderId",       "MessageDeduplicationId", "ApproximateFirstReceiveTimestamp",
};

void write_member(json::Writer& writer, std::string_view name, std::string_view value) {
  writer.name(name);
  writer.string(value);
}

void write_attributes(json::Writer& writer, const wire::Map<std::string>& attributes) {
  writer.begin_object();
  for (std::string_view name : ordered_attributes)
    if (const std::string* value = attributes.find(name)) write_member(writer, name, *value);
  for (const auto& [name, value] : attributes)
    if (std::ranges::count(ordered_attributes, name) == 0) write_member(writer, name, value);
  writer.end_object();
}

void write_message_attribute(json::Writer& writer, const sqs::MessageAttributeValue& value) {
  writer.begin_object();
  if (value.string_value) write_member(writer, "stringValue", *value.string_value);
  if (value.binary_value) write_member(writer, "binaryValue", base64(*value.binary_value));
  for (std::string_view empty : {"stringListValues", "binaryListValues"}) {  // which SQS has reserved and nobody can send
    writer.name(empty);
    writer.begin_array();
    writer.end_array();
  }
  write_member(writer, "dataType", value.data_type);
  writer.end_object();
}

void write_message_attributes(json::Writer& writer, const sqs::Message& message) {
  writer.begin_object();
  if (message.message_attributes) {
    for (const auto& [name, value] : *message.message_attributes) {
      writer.name(name);
      write_message_attribute(writer, value);
    }
  }
  writer.end_object();
}

}  // namespace

QueueRecord queue_record(const sqs::Message& message, const RecordFrame& frame) {
  QueueRecord record{message.message_id.value_or(""), message.receipt_handle.value_or(""), {}};
  record.json.reserve(message.body.value_or("").size() + 768);
  json::Writer writer(record.json);
  writer.begin_object();
  write_member(writer, "messageId", record.message_id);
  write_member(writer, "receiptHandle", record.receipt_handle);
  write_member(writer, "body", message.body.value_or(""));
  writer.name("attributes");
  write_attributes(writer, message.attributes.value_or(wire::Map<std::string>()));
  writer.name("messageAttributes");
  write_message_attributes(writer, message);
  if (message.md5_of_message_attributes) {
    write_member(writer, "md5OfMessageAttributes", *message.md5_of_message_attributes);
  } else if (frame.is_windowed) {
    writer.name("md5OfMessageAttributes");
    writer.null();
  }
  write_member(writer, "md5OfBody", message.md5_of_body.value_or(""));
  write_member(writer, "eventSource", "aws:sqs");
  write_member(writer, "eventSourceARN", frame.source_arn);
  write_member(writer, "awsRegion", frame.region);
  writer.end_object();
  return record;
}

size_t records_that_fit(std::span<const QueueRecord> records) {
  size_t bytes = event_begin.size() + event_end.size(), count = 0;
  for (const QueueRecord& record : records) {
    bytes += record.json.size() + 1;
    if (count > 0 && bytes > limits::event_bytes_max) break;
    ++count;
  }
  return count;
}

std::string event_of(std::span<const QueueRecord> records) {
  std::string event(event_begin);
  for (const QueueRecord& record : records) {
    if (&record != &records.front()) event += ',';
    event += record.json;
  }
  event += event_end;
  return event;
}

}  // namespace outcrop::lambda
