// InvokeModelWithResponseStream: the answer in the model's own language, chunk by chunk, each as the model makes it.
#include "gen/bedrock-runtime/invoke_model_with_response_stream.h"

#include "gen/bedrock-runtime/errors.h"
#include "json/writer.h"
#include "services/bedrock-runtime/native/native_answer.h"

namespace outcrop::bedrock_runtime {

namespace {

using Chunks = wire::EventWriter<ResponseStream>;

ResponseStream chunk_event(std::string bytes) {
  ResponseStream event;
  event.chunk.emplace().bytes = std::move(bytes);
  return event;
}

std::string invocation_metrics(const Begun& begun, const inference::Usage& usage, Milliseconds latency) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.name("inputTokenCount"), out.number(usage.input);
  out.name("outputTokenCount"), out.number(usage.output);
  out.name("invocationLatency"), out.number(latency.count());
  out.name("firstByteLatency"), out.number(begun.first_token.value_or(latency).count());
  if (usage.cache_read > 0) out.name("cacheReadInputTokenCount"), out.number(usage.cache_read);
  if (usage.cache_write > 0) out.name("cacheWriteInputTokenCount"), out.number(usage.cache_write);
  out.end_object();
  return text;
}

// Puts the metrics into the family's last chunk, behind its own members.
void add_metrics(std::string& chunk, std::string_view metrics) {
  check(chunk.size() >= 2 && chunk.ends_with('}'), "a chunk is no object");
  chunk.pop_back();
  if (!chunk.ends_with('{')) chunk += ',';
  chunk.append("\"amazon-bedrock-invocationMetrics\":").append(metrics) += '}';
}

Task<Result<void>> relay_chunks(BedrockRuntime& bedrock, Chunks& out, Call& call, NativeAnswer& native) {
  const std::unique_ptr<inference::DialectStream> stream = native.dialect.stream(native.facts());
  while (std::optional<inference::AnswerEvent> event = co_await next_event(call, native.begun)) {
    std::optional<inference::Usage> usage;
    if (auto* last = std::get_if<inference::AnswerUsage>(&*event)) usage = last->usage;
    std::vector<std::string> chunks;
    stream->take(std::move(*event), chunks);
    if (usage) {
      check(!chunks.empty(), "an answer ends without a chunk");
      const Milliseconds latency = complete(bedrock, call, native.begun, *usage);
      add_metrics(chunks.back(), invocation_metrics(native.begun, *usage, latency));
    }
    for (std::string& chunk : chunks) co_await out.write(chunk_event(std::move(chunk)));
  }
  co_return {};
}

}  // namespace

Task<Result<InvokeModelWithResponseStreamOutput>> invoke_model_with_response_stream(BedrockRuntime& bedrock, Call& call,
                                                                                    InvokeModelWithResponseStreamInput input) {
  const ModelTarget target = co_await target_of(bedrock, call, input.model_id);
  if (!target.model->dialect.empty() && !target.model->streaming) {
    co_return fail(validation_exception("The model is unsupported for streaming."));
  }
  const NativeInput asked = NativeInput::of(input, /* streamed */ true);
  NativeAnswer native = co_await counted(bedrock, call, target, begin_native(bedrock, call, target, asked));
  InvokeModelWithResponseStreamOutput output;
  output.content_type = native_media_type;
  if (input.performance_config_latency) output.performance_config_latency = word_of(native.begun.answer->latency);
  if (input.service_tier) output.service_tier = word_of(native.begun.answer->tier);
  output.body = [&bedrock, &call, native = std::move(native)](Chunks& out) mutable -> Task<Result<void>> {
    Result<void> relayed = co_await keep(relay_chunks(bedrock, out, call, native));
    if (!relayed) co_await break_off(bedrock, call, native.begun, relayed.error());
    co_return relayed;
  };
  co_return output;
}

}  // namespace outcrop::bedrock_runtime
