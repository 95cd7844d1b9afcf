// What a request costs between its bytes and the operation: decoding, validating and encoding SendMessage and its
// batch of ten in both protocols, and the record that a message becomes.
#include <benchmark/benchmark.h>

#include "gen/records/sqs.h"
#include "gen/sqs/manifest.h"
#include "gen/sqs/send_message.h"
#include "gen/sqs/send_message_batch.h"
#include "json/json.h"
#include "wire/protocol.h"
#include "wire/record.h"
#include "wire/validate.h"

namespace {

using namespace outcrop;

const std::string body_1_kib(1024, 'x');
constexpr std::string_view queue_url = "http://localhost:4566/000000000000/orders";
constexpr std::string_view request_id = "0b8f2c0e-5d3f-4f0e-9a57-3a5d0f1c2b4d";

std::string json_request(int entries) {
  json::Object attribute{{"trace", json::Object{{"DataType", "String"}, {"StringValue", "1-67891233-abcdef012345678912345678"}}}};
  json::Object message{{"MessageBody", body_1_kib}, {"DelaySeconds", 0}, {"MessageAttributes", attribute}};
  if (entries == 0) {
    message.set("QueueUrl", queue_url);
    return json::write(std::move(message));
  }
  json::Array batch;
  for (int i = 0; i < entries; ++i) {
    message.set("Id", "message-" + std::to_string(i));
    batch.push_back(message);
  }
  return json::write(json::Object{{"QueueUrl", queue_url}, {"Entries", std::move(batch)}});
}

std::string query_request(int entries) {
  auto message = [](const std::string& prefix) {
    return "&" + prefix + "MessageBody=" + body_1_kib + "&" + prefix + "DelaySeconds=0&" + prefix + "MessageAttribute.1.Name=trace&" +
           prefix + "MessageAttribute.1.Value.DataType=String&" + prefix +
           "MessageAttribute.1.Value.StringValue=1-67891233-abcdef012345678912345678";
  };
  std::string text = "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Flocalhost%3A4566%2F000000000000%2Forders";
  if (entries == 0) return text + message("");
  for (int i = 1; i <= entries; ++i) {
    std::string prefix = "SendMessageBatchRequestEntry." + std::to_string(i) + ".";
    text += "&" + prefix + "Id=message-" + std::to_string(i) + message(prefix);
  }
  return text;
}

sqs::SendMessageOutput sent() {
  return {.md5_of_message_body = "5d41402abc4b2a76b9719d911017c592",
          .md5_of_message_attributes = "9e107d9d372bb6826bd81d3542a419d6",
          .message_id = "219f8380-5770-4cc2-8c3e-5c715e145f5e"};
}

sqs::SendMessageBatchOutput sent_batch() {
  sqs::SendMessageBatchOutput output;
  auto& successful = output.successful.emplace();
  for (int i = 0; i < 10; ++i) {
    successful.push_back({.id = "message-" + std::to_string(i),
                          .message_id = "219f8380-5770-4cc2-8c3e-5c715e145f5e",
                          .md5_of_message_body = "5d41402abc4b2a76b9719d911017c592"});
  }
  return output;
}

// Decode, validate and encode one request and its answer.
void exchange(benchmark::State& state, const wire::Operation& operation, const wire::Protocol& protocol, const std::string& body,
              const void* output) {
  net::RequestHead head{.method = "POST", .path = "/"};
  for (auto _ : state) {
    wire::Erased input = operation.make_input();
    wire::Missing missing;
    auto decoded = protocol.decode(sqs::model, operation, {.head = head, .body = body}, input.get(), missing);
    auto valid = wire::validate(sqs::model, operation, input.get(), missing);
    if (!decoded || !valid) state.SkipWithError("the request was refused");
    benchmark::DoNotOptimize(protocol.encode(sqs::model, operation, output, request_id));
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(body.size()));
}

void send_message(benchmark::State& state, const wire::Protocol& protocol, const std::string& body) {
  sqs::SendMessageOutput output = sent();
  exchange(state, *sqs::model.find_operation("SendMessage"), protocol, body, &output);
}

void send_message_batch(benchmark::State& state, const wire::Protocol& protocol, const std::string& body) {
  sqs::SendMessageBatchOutput output = sent_batch();
  exchange(state, *sqs::model.find_operation("SendMessageBatch"), protocol, body, &output);
}

sqs::StoredMessage stored_message() {
  return {.message_id = "219f8380-5770-4cc2-8c3e-5c715e145f5e",
          .body = body_1_kib,
          .body_md5 = std::string(16, '\x5d'),
          .attributes = {{.name = "trace", .data_type = "String", .value = "1-67891233-abcdef012345678912345678"}},
          .sender_id = "000000000000",
          .sent = instant_from_ms(1'763'836'412'123)};
}

void record_encode(benchmark::State& state) {
  sqs::StoredMessage record = stored_message();
  for (auto _ : state) benchmark::DoNotOptimize(wire::encode_record(record));
}

void record_decode(benchmark::State& state) {
  std::string bytes = wire::encode_record(stored_message());
  for (auto _ : state) benchmark::DoNotOptimize(wire::decode_record<sqs::StoredMessage>(bytes));
}

BENCHMARK_CAPTURE(send_message, json, wire::aws_json_1_0(), json_request(0));
BENCHMARK_CAPTURE(send_message, query, wire::aws_query(), query_request(0));
BENCHMARK_CAPTURE(send_message_batch, json_10, wire::aws_json_1_0(), json_request(10));
BENCHMARK_CAPTURE(send_message_batch, query_10, wire::aws_query(), query_request(10));
BENCHMARK(record_encode);
BENCHMARK(record_decode);

}  // namespace

BENCHMARK_MAIN();
