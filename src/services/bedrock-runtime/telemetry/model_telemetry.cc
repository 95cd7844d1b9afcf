#include "services/bedrock-runtime/telemetry/model_telemetry.h"

#include <fmt/format.h>

#include "net/url.h"

namespace outcrop::bedrock_runtime {

namespace {

using telemetry::Attribute;
using telemetry::Attributes;

// Bounds of buckets as the conventions recommend them.
telemetry::Histogram::Description duration_description() {
  return {"gen_ai.client.operation.duration",
          "How long operations of generative AI took.",
          "s",
          {0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}};
}
telemetry::Histogram::Description tokens_description() {
  return {"gen_ai.client.token.usage",
          "Tokens that were put in and came out.",
          "{token}",
          {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}};
}
telemetry::Histogram::Description first_token_description() {
  return {"gen_ai.server.time_to_first_token",
          "Time to the first token of successful streams.",
          "s",
          {0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}};
}
telemetry::Histogram::Description per_token_description() {
  return {"gen_ai.server.time_per_output_token",
          "Time per token after the first, of successful streams.",
          "s",
          {0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5}};
}

double seconds(Milliseconds time) { return double(time.count()) / 1000; }

Attributes with(Attributes attributes, Attribute more) {
  attributes.push_back(std::move(more));
  return attributes;
}

// What metrics and spans have in common.
Attributes common_attributes(const Call& call, const ModelTarget& target, std::string_view operation) {
  Attributes attributes = {
      {"gen_ai.operation.name", std::string(operation)}, {"gen_ai.provider.name", "aws.bedrock"}, {"gen_ai.request.model", target.name}};
  if (auto url = net::parse_url(call.endpoint)) {
    attributes.push_back({"server.address", url->host});
    attributes.push_back({"server.port", int64_t(url->port)});
  }
  return attributes;
}

void describe_request(telemetry::Span& span, const inference::ModelRequest& request) {
  const inference::InferenceParameters& parameters = request.conversation.parameters;
  if (request.streamed) span.set("gen_ai.request.stream", true);
  if (parameters.max_tokens) span.set("gen_ai.request.max_tokens", int64_t(*parameters.max_tokens));
  if (parameters.temperature) span.set("gen_ai.request.temperature", *parameters.temperature);
  if (parameters.top_p) span.set("gen_ai.request.top_p", *parameters.top_p);
  if (!parameters.stop_sequences.empty()) span.set("gen_ai.request.stop_sequences", parameters.stop_sequences);
  if (request.conversation.json_output) span.set("gen_ai.output.type", "json");
  for (const auto& [name, value] : request.metadata) span.set(fmt::format("aws.bedrock.request_metadata.{}", name), value);
}

// Input tokens are all of them, cached or not, as the conventions count.
void describe_usage(telemetry::Span& span, const inference::Usage& usage) {
  span.set("gen_ai.usage.input_tokens", usage.input + usage.cache_read + usage.cache_write);
  span.set("gen_ai.usage.output_tokens", usage.output);
  if (usage.cache_read > 0) span.set("gen_ai.usage.cache_read.input_tokens", usage.cache_read);
  if (usage.cache_write > 0) span.set("gen_ai.usage.cache_creation.input_tokens", usage.cache_write);
}

}  // namespace

ModelTelemetry::ModelTelemetry(telemetry::Telemetry& telemetry)
    : telemetry_(telemetry),
      duration_(telemetry.histogram(duration_description())),
      tokens_(telemetry.histogram(tokens_description())),
      first_token_(telemetry.histogram(first_token_description())),
      per_token_(telemetry.histogram(per_token_description())) {}

ModelTelemetry::Invocation ModelTelemetry::begin_chat(const Call& call, const ModelTarget& target, const inference::ModelRequest& request) {
  Invocation invocation = begin(call, target, "chat");
  if (invocation.span.records()) describe_request(invocation.span, request);
  return invocation;
}

ModelTelemetry::Invocation ModelTelemetry::begin_embeddings(const Call& call, const ModelTarget& target) {
  return begin(call, target, "embeddings");
}

ModelTelemetry::Invocation ModelTelemetry::begin(const Call& call, const ModelTarget& target, std::string_view operation) {
  if (!telemetry_.is_on()) return {};
  Invocation invocation{.span = telemetry_.start_span(call, fmt::format("{} {}", operation, target.name), telemetry::SpanKind::client),
                        .attributes = common_attributes(call, target, operation)};
  if (!invocation.span.records()) return invocation;
  for (const Attribute& attribute : invocation.attributes) invocation.span.set(attribute.name, attribute.value);
  invocation.span.set("aws.request_id", call.request_id);
  invocation.span.set("cloud.account.id", call.account());
  invocation.span.set("cloud.region", call.region);
  return invocation;
}

void ModelTelemetry::succeeded(Invocation invocation, const Success& success) {
  if (invocation.attributes.empty()) return;
  const inference::Usage& usage = success.usage;
  telemetry::Span& span = invocation.span;
  invocation.attributes.push_back({"gen_ai.response.model", std::string(success.model_id)});
  span.set("gen_ai.response.model", std::string(success.model_id));
  if (success.stop_reason) {
    span.set("gen_ai.response.finish_reasons", std::vector<std::string>{std::string(inference::word_of(*success.stop_reason))});
  }
  if (success.first_token) span.set("gen_ai.response.time_to_first_chunk", seconds(*success.first_token));
  describe_usage(span, usage);
  duration_.record(seconds(success.latency), invocation.attributes);
  const int64_t input = usage.input + usage.cache_read + usage.cache_write;
  tokens_.record(double(input), with(invocation.attributes, {"gen_ai.token.type", "input"}));
  if (usage.output > 0) tokens_.record(double(usage.output), with(invocation.attributes, {"gen_ai.token.type", "output"}));
  if (!success.first_token) return;
  first_token_.record(seconds(*success.first_token), invocation.attributes);
  if (usage.output > 1) {
    per_token_.record(seconds(success.latency - *success.first_token) / double(usage.output - 1), invocation.attributes);
  }
}

void ModelTelemetry::failed(Invocation invocation, const Fault& fault, Milliseconds latency) {
  if (invocation.attributes.empty()) return;
  invocation.span.fail(fault.code, fault.message);
  duration_.record(seconds(latency), with(invocation.attributes, {"error.type", fault.code}));
}

}  // namespace outcrop::bedrock_runtime
