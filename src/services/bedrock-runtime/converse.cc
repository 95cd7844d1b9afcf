// Converse: a conversation goes in, a whole answer comes out.
#include "gen/bedrock-runtime/converse.h"

#include "services/bedrock-runtime/conversation/begin.h"
#include "services/bedrock-runtime/conversation/write_answer.h"

namespace outcrop::bedrock_runtime {

Task<Result<ConverseOutput>> converse(BedrockRuntime& bedrock, Call& call, ConverseInput input) {
  Begun begun = co_await begin(bedrock, call, Asked::of(input, /* streamed */ false));
  Result<inference::CollectedAnswer> collected = co_await keep(collect(begun));
  if (!collected) {
    co_await break_off(bedrock, call, begun, collected.error());
    co_return fail(std::move(collected.error()));
  }
  const Milliseconds latency = complete(bedrock, call, begun, collected->usage);
  ConverseOutput output;
  output.output.message = write_message(std::move(collected->content));
  output.stop_reason = word_of(collected->end.reason);
  output.usage = write_usage(collected->usage);
  output.metrics.latency_ms = latency.count();
  if (!collected->end.additional_fields.is_null()) output.additional_model_response_fields = std::move(collected->end.additional_fields);
  if (input.performance_config) output.performance_config = PerformanceConfiguration{std::string(word_of(begun.answer->latency))};
  if (input.service_tier) output.service_tier = ServiceTier{std::string(word_of(begun.answer->tier))};
  if (!begun.answer->served_by.empty()) {
    output.trace.emplace().prompt_router = PromptRouterTrace{foundation_model_arn(call, begun.answer->served_by)};
  }
  co_return output;
}

}  // namespace outcrop::bedrock_runtime
