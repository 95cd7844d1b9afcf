#include "services/bedrock-runtime/conversation/begin.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/conversation/check_conversation.h"
#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

namespace {

Result<void> check_supported(const Asked& asked) {
  if (asked.has_guardrail) return fail(validation_exception("Guardrails are not supported yet: remove guardrailConfig."));
  if (asked.has_prompt_variables) return fail(validation_exception("Prompts are not supported yet: remove promptVariables."));
  return {};
}

Result<inference::Latency> latency_of(const inference::CatalogModel& model, const std::optional<PerformanceConfiguration>& asked) {
  if (!asked || asked->latency.value_or("standard") == "standard") return inference::Latency::standard;
  if (model.latency_optimized) return inference::Latency::optimized;
  return fail(validation_exception(fmt::format("Latency performance configuration is not supported for {}.", model.id)));
}

Result<inference::ServiceTier> tier_of(const inference::CatalogModel& model, const std::optional<ServiceTier>& asked) {
  using enum inference::ServiceTier;
  if (!asked || asked->type == "default") return standard;
  if (!std::ranges::count(model.tiers, asked->type)) {
    return fail(validation_exception(fmt::format("The service tier {} is not supported for {}.", asked->type, model.id)));
  }
  return asked->type == "priority" ? priority : asked->type == "flex" ? flex : reserved;
}

// What the answer may be at the most, and so what is reserved for it.
Result<int64_t> output_tokens_max(const inference::CatalogModel& model, const inference::InferenceParameters& parameters) {
  const int64_t most = model.output_tokens_max.value_or(limits::output_tokens_max_unknown);
  if (!parameters.max_tokens) return most;
  if (!model.output_tokens_max || *parameters.max_tokens <= most) return *parameters.max_tokens;
  return fail(
      validation_exception(fmt::format("The maximum tokens you requested exceeds the model limit of {0}. Try again with a maximum "
                                       "tokens value that is lower than {0}.",
                                       most)));
}

Result<inference::ModelRequest> read_request(const Call& call, const ModelTarget& target, Asked& asked) {
  inference::ModelRequest request{.model_id = target.model->id, .conversation = {}};
  auto conversation = read_conversation(asked.conversation);
  if (!conversation) return fail(std::move(conversation.error()));
  request.conversation = std::move(*conversation);
  if (asked.parameters) request.conversation.parameters = read_parameters(std::move(*asked.parameters));
  auto json_output = read_json_output(std::move(asked.output));
  if (!json_output) return fail(std::move(json_output.error()));
  request.conversation.json_output = std::move(*json_output);
  if (asked.additional_response_fields) request.conversation.additional_response_fields = std::move(*asked.additional_response_fields);
  request.account = call.account();
  request.request_id = call.request_id;
  request.deadline = call.deadline;
  request.stop = call.stop;
  return request;
}

Task<Result<Begun>> begin_with(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, Asked& asked) {
  const SteadyTime began = call.world.clock.steady();
  if (!target.model->takes_converse) {
    co_return fail(validation_exception(fmt::format("The model {} is not supported for the Converse API.", target.model->id)));
  }
  co_await check_supported(asked);
  inference::ModelRequest request = co_await read_request(call, target, asked);
  co_await check_conversation(request.conversation);
  request.latency = co_await latency_of(*target.model, asked.performance);
  request.tier = co_await tier_of(*target.model, asked.tier);
  const int64_t most = co_await output_tokens_max(*target.model, request.conversation.parameters);
  const int64_t input_tokens = co_await bedrock.provider().count_tokens(request);
  Quotas::Reservation reservation = co_await bedrock.quotas().reserve(call, target, input_tokens, most);
  auto answer = co_await bedrock.provider().answer(std::move(request));
  co_return Begun{target, std::move(answer), std::move(reservation), began};
}

}  // namespace

Task<Result<Begun>> begin(BedrockRuntime& bedrock, Call& call, Asked asked) {
  const ModelTarget target = co_await model_target(bedrock.catalog(), call, asked.model_id);
  Result<Begun> begun = co_await keep(begin_with(bedrock, call, target, asked));
  if (!begun) bedrock.metrics().failed(call, target, begun.error());
  co_return begun;
}

Milliseconds time_since(const Call& call, SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(call.world.clock.steady() - began);
}

std::string_view word_of(inference::Latency latency) { return latency == inference::Latency::optimized ? "optimized" : "standard"; }

std::string_view word_of(inference::ServiceTier tier) {
  switch (tier) {
    case inference::ServiceTier::standard:
      return "default";
    case inference::ServiceTier::priority:
      return "priority";
    case inference::ServiceTier::flex:
      return "flex";
    case inference::ServiceTier::reserved:
      return "reserved";
  }
  check(false, "a service tier without a word");
  return {};
}

}  // namespace outcrop::bedrock_runtime
