// InvokeModel: a body in the model's own language goes in, its whole answer or the embeddings of its texts come out.
#include "gen/bedrock-runtime/invoke_model.h"

#include "services/bedrock-runtime/native/native_answer.h"
#include "services/bedrock-runtime/native/native_embedding.h"

namespace outcrop::bedrock_runtime {

namespace {

Task<Result<InvokeModelOutput>> answer_whole(BedrockRuntime& bedrock, Call& call, NativeAnswer native) {
  Result<inference::CollectedAnswer> collected = co_await keep(collect(native.begun));
  if (!collected) {
    co_await break_off(bedrock, call, native.begun, collected.error());
    co_return fail(std::move(collected.error()));
  }
  const inference::Usage usage = collected->usage;
  const Milliseconds latency = complete(bedrock, call, native.begun, usage);
  InvokeModelOutput output;
  output.body = native.dialect.write(std::move(*collected), native.facts());
  output.content_type = native_media_type;
  output.input_token_count = usage.input;
  output.output_token_count = usage.output;
  output.invocation_latency = latency.count();
  output.performance_config_latency = word_of(native.begun.answer->latency);
  output.service_tier = word_of(native.begun.answer->tier);
  co_return output;
}

InvokeModelOutput write_embedding(NativeEmbedding embedding) {
  InvokeModelOutput output;
  output.body = std::move(embedding.body);
  output.content_type = native_media_type;
  output.input_token_count = embedding.input_tokens;
  output.invocation_latency = embedding.latency.count();
  output.performance_config_latency = word_of(inference::Latency::standard);
  output.service_tier = word_of(inference::ServiceTier::standard);
  return output;
}

}  // namespace

Task<Result<InvokeModelOutput>> invoke_model(BedrockRuntime& bedrock, Call& call, InvokeModelInput input) {
  const ModelTarget target = co_await target_of(bedrock, call, input.model_id);
  const NativeInput asked = NativeInput::of(input, /* streamed */ false);
  InvokeModelOutput output;
  if (const auto* dialect = inference::find_embedding_dialect(target.model->dialect)) {
    output = write_embedding(co_await counted(bedrock, call, target, embed(bedrock, call, target, *dialect, asked)));
  } else {
    NativeAnswer native = co_await counted(bedrock, call, target, begin_native(bedrock, call, target, asked));
    output = co_await answer_whole(bedrock, call, std::move(native));
  }
  if (!input.performance_config_latency) output.performance_config_latency.reset();
  if (!input.service_tier) output.service_tier.reset();
  co_return output;
}

}  // namespace outcrop::bedrock_runtime
