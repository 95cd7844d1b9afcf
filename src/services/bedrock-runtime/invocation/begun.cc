#include "services/bedrock-runtime/invocation/begun.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/bedrock-runtime/errors.h"
#include "inference/endpoints/server_fault.h"
#include "services/bedrock-runtime/cache/check_cache_points.h"
#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

inference::ModelRequest request_for(const Call& call, const ModelTarget& target) {
  inference::ModelRequest request{.model_id = target.model->id, .asked_id = target.service_profile(), .conversation = {}};
  request.deadline = call.deadline;
  request.stop = call.stop;
  return request;
}

std::optional<int64_t> output_tokens_max(const inference::CatalogModel& model, const std::optional<int>& asked) {
  const int64_t most = model.output_tokens_max.value_or(limits::output_tokens_max_unknown);
  if (!asked) return most;
  if (model.output_tokens_max && *asked > most) return std::nullopt;
  return *asked;
}

Result<inference::Latency> latency_of(const inference::CatalogModel& model, std::string_view asked) {
  if (asked.empty() || asked == "standard") return inference::Latency::standard;
  if (model.latency_optimized) return inference::Latency::optimized;
  return fail(validation_exception(fmt::format("Latency performance configuration is not supported for {}.", model.id)));
}

Result<inference::ServiceTier> tier_of(const inference::CatalogModel& model, std::string_view asked) {
  if (asked.empty()) return inference::ServiceTier::standard;
  const std::optional<inference::ServiceTier> tier = inference::tier_called(asked);
  const bool is_offered = tier == inference::ServiceTier::standard || std::ranges::count(model.tiers, asked) > 0;
  if (tier && is_offered) return *tier;
  return fail(validation_exception(fmt::format("The service tier {} is not supported for {}.", asked, model.id)));
}

namespace {

// A model server's failure with the members that Bedrock's error has for it.
Fault told_of_server(Fault fault, const ModelTarget& target) {
  const inference::ServerFault* server = inference::server_fault_in(fault);
  if (!server || server->status == 0 || fault.code != "ModelErrorException") return fault;
  return ModelErrorException{
      .message = std::move(fault.message), .original_status_code = server->status, .resource_name = target.model->id};
}

Task<Result<Begun>> begin_told(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, inference::ModelRequest request,
                               const Terms& terms) {
  request.latency = co_await latency_of(*target.model, terms.latency);
  request.tier = co_await tier_of(*target.model, terms.tier);
  co_await check_cache_points(*target.model, request.conversation);
  const int64_t input_tokens = co_await bedrock.provider().estimate_input(request);
  request.input_tokens = input_tokens;
  Quotas::Reservation reservation = co_await bedrock.quotas().reserve(
      call, target, {.input_tokens = input_tokens, .output_tokens_max = terms.output_tokens_max, .tier = request.tier});
  const bool streamed = request.streamed;
  const std::vector<PromptPrefix> prefixes = prefixes_of(request.conversation, cache_owner(call, *target.model));
  auto answer = co_await keep(bedrock.provider().answer(std::move(request)));
  if (!answer) co_return fail(told_of_server(std::move(answer.error()), target));
  if (streamed) reservation.tell_remaining(call.answer_headers);
  const std::string& served_by = (*answer)->served_by;
  if (!served_by.empty()) call.answer_headers.add("x-outcrop-served-by", served_by);
  Begun begun{target, std::move(*answer), std::move(reservation), terms.began, input_tokens};
  begun.streamed = streamed;
  begun.cache = bedrock.cache().use(call, *target.model, prefixes);
  co_return begun;
}

}  // namespace

Task<Result<Begun>> begin_answer(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, inference::ModelRequest request,
                                 Terms terms) {
  ModelTelemetry::Invocation told = bedrock.telemetry().begin_chat(call, target, request);
  Result<Begun> begun = co_await keep(begin_told(bedrock, call, target, std::move(request), terms));
  if (begun) {
    begun->told = std::move(told);
  } else {
    bedrock.telemetry().failed(std::move(told), begun.error(), time_since(call, terms.began));
  }
  co_return begun;
}

Task<Result<inference::CollectedAnswer>> collect(Begun& begun) {
  inference::CollectedAnswer collected = co_await inference::collect(*begun.answer);
  collected.usage = begun.cache.in(collected.usage);
  begun.stop_reason = collected.end.reason;
  co_return collected;
}

Task<Result<std::optional<inference::AnswerEvent>>> next_event(const Call& call, Begun& begun) {
  std::optional<inference::AnswerEvent> event = co_await begun.answer->next();
  if (event && std::holds_alternative<inference::BlockDelta>(*event) && ++begun.pieces % limits::pieces_between_adjustments == 0) {
    begun.reservation.follow(begun.pieces);
  }
  if (event && !begun.first_token) begun.first_token = time_since(call, begun.began);
  if (auto* end = event ? std::get_if<inference::AnswerEnd>(&*event) : nullptr) begun.stop_reason = end->reason;
  if (auto* usage = event ? std::get_if<inference::AnswerUsage>(&*event) : nullptr) usage->usage = begun.cache.in(usage->usage);
  co_return event;
}

Milliseconds complete(BedrockRuntime& bedrock, Call& call, Begun& begun, const inference::Usage& usage) {
  const Milliseconds latency = time_since(call, begun.began);
  begun.is_complete = true;
  begun.reservation.settle(usage, begun.streamed ? nullptr : &call.answer_headers);
  bedrock.metrics().succeeded(call, begun.target, {.usage = usage, .latency = latency, .first_token = begun.first_token});
  const std::string& served_by = begun.answer->served_by;
  bedrock.telemetry().succeeded(std::move(begun.told), {.usage = usage,
                                                        .latency = latency,
                                                        .first_token = begun.first_token,
                                                        .stop_reason = begun.stop_reason,
                                                        .model_id = served_by.empty() ? begun.target.model->id : served_by});
  return latency;
}

Task<void> break_off(BedrockRuntime& bedrock, const Call& call, Begun& begun, const Fault& fault) {
  co_await begun.answer->close();
  if (begun.is_complete) co_return;  // only what ends a stream did not arrive
  if (begun.pieces > 0) begun.reservation.settle(begun.cache.in({.input = begun.input_tokens, .output = begun.pieces}));
  bedrock.metrics().failed(call, begun.target, fault);
  bedrock.telemetry().failed(std::move(begun.told), fault, time_since(call, begun.began));
}

Milliseconds time_since(const Call& call, SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(call.world.clock.steady() - began);
}

}  // namespace outcrop::bedrock_runtime
