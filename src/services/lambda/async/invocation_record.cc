#include "services/lambda/async/invocation_record.h"

#include <algorithm>

#include "json/json.h"
#include "json/writer.h"
#include "services/lambda/async/limits.h"
#include "services/lambda/invoke/payload_check.h"

namespace outcrop::lambda {

namespace {

constexpr int answered_status = 200;

std::string_view condition_word(Ending::Condition condition) {
  switch (condition) {
    case Ending::Condition::success:
      return "Success";
    case Ending::Condition::retries_exhausted:
      return "RetriesExhausted";
    case Ending::Condition::event_age_exceeded:
      return "EventAgeExceeded";
    case Ending::Condition::zero_reserved_concurrency:
      return "ZeroReservedConcurrency";
  }
  return {};
}

void write_context(json::Writer& writer, const FunctionName& name, const AsyncEventRecord& event, const Ending& ending) {
  writer.name("requestContext");
  writer.begin_object();
  writer.name("requestId");
  writer.string(event.request_id);
  writer.name("functionArn");
  writer.string(name.arn() + ":" + std::string(name.qualifier_or_latest()));
  writer.name("condition");
  writer.string(condition_word(ending.condition));
  writer.name("approximateInvokeCount");
  writer.number(event.invocations);
  writer.end_object();
}

// A function answers with JSON, except one that writes something else to the Runtime API.
void write_payload(json::Writer& writer, std::string_view payload) {
  if (json_problem(payload)) {
    writer.string(payload);
  } else {
    writer.raw(payload);
  }
}

void write_answer(json::Writer& writer, const InvokedWhole& answer) {
  writer.name("responseContext");
  writer.begin_object();
  writer.name("statusCode");
  writer.number(answered_status);
  writer.name("executedVersion");
  writer.string(answer.executed_version);
  if (!answer.outcome.function_error.empty()) {
    writer.name("functionError");
    writer.string(answer.outcome.function_error);
  }
  writer.end_object();
  writer.name("responsePayload");
  write_payload(writer, answer.payload);
}

void write_refusal(json::Writer& writer, const Fault& refusal) {
  writer.name("responseContext");
  writer.begin_object();
  writer.name("statusCode");
  writer.number(refusal.status);
  writer.end_object();
}

// The errorMessage of a function's error.
std::string error_message(std::string_view payload) {
  auto error = json::parse(payload);
  const json::Value* message = error ? error->find("errorMessage") : nullptr;
  return message && message->is_string() ? std::string(message->as_string()) : std::string();
}

// At most `bytes` of a text, without cutting a character.
std::string cut(std::string text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (uint8_t(text[bytes]) & 0xc0) == 0x80) --bytes;
  text.resize(bytes);
  return text;
}

}  // namespace

DestinationMessage invocation_record(const FunctionName& name, const AsyncEventRecord& event, const Ending& ending, Instant now) {
  DestinationMessage message = {.trace_header = event.trace_header.value_or("")};
  json::Writer writer(message.body);
  writer.begin_object();
  writer.name("version");
  writer.string("1.0");
  writer.name("timestamp");
  writer.string(iso8601(now, /* with_ms */ true));
  write_context(writer, name, event, ending);
  writer.name("requestPayload");
  writer.raw(event.payload);
  if (ending.answer) write_answer(writer, *ending.answer);
  if (ending.refusal && ending.condition != Ending::Condition::zero_reserved_concurrency) write_refusal(writer, *ending.refusal);
  writer.end_object();
  return message;
}

DestinationMessage dead_letter(const AsyncEventRecord& event, const Ending& ending) {
  const int status = ending.answer ? answered_status : ending.refusal ? ending.refusal->status : 429;
  const std::string words = ending.answer ? error_message(ending.answer->payload) : ending.refusal ? ending.refusal->message : "";
  DestinationMessage message = {.body = event.payload, .trace_header = event.trace_header.value_or("")};
  message.attributes = {{"RequestID", "String", event.request_id}, {"ErrorCode", "Number", std::to_string(status)}};
  if (!words.empty()) message.attributes.push_back({"ErrorMessage", "String", cut(words, limits::dead_letter_message_bytes_max)});
  return message;
}

}  // namespace outcrop::lambda
