// Converse: a conversation goes in, a whole answer comes out.
#include "gen/bedrock-runtime/converse.h"

#include "services/bedrock-runtime/conversation/begin.h"
#include "services/bedrock-runtime/conversation/write_answer.h"

namespace outcrop::bedrock_runtime {

namespace {

int64_t ms_since(const Call& call, SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(call.world.clock.steady() - began).count();
}

}  // namespace

Task<Result<ConverseOutput>> converse(BedrockRuntime& bedrock, Call& call, ConverseInput input) {
  Begun begun = co_await begin(bedrock, call, Asked::of(input));
  Result<inference::CollectedAnswer> collected = co_await keep(inference::collect(*begun.answer));
  if (!collected) {
    co_await begun.answer->close();
    co_return fail(std::move(collected.error()));
  }
  begun.reservation.settle(collected->usage);
  ConverseOutput output;
  output.output.message = write_message(std::move(collected->content));
  output.stop_reason = word_of(collected->end.reason);
  output.usage = write_usage(collected->usage);
  output.metrics.latency_ms = ms_since(call, begun.began);
  if (!collected->end.additional_fields.is_null()) output.additional_model_response_fields = std::move(collected->end.additional_fields);
  if (input.performance_config) output.performance_config = PerformanceConfiguration{std::string(word_of(begun.answer->latency))};
  if (input.service_tier) output.service_tier = ServiceTier{std::string(word_of(begun.answer->tier))};
  co_return output;
}

}  // namespace outcrop::bedrock_runtime
