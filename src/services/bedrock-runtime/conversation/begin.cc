#include "services/bedrock-runtime/conversation/begin.h"

#include <fmt/format.h>

#include "gen/bedrock-runtime/errors.h"
#include "inference/response_fields.h"
#include "services/bedrock-runtime/conversation/asked_fields.h"
#include "services/bedrock-runtime/conversation/check_conversation.h"
#include "services/bedrock-runtime/native/native_input.h"

namespace outcrop::bedrock_runtime {

namespace {

Result<void> check_supported(const Asked& asked) {
  if (asked.has_guardrail) return fail(validation_exception("Guardrails are not supported yet: remove guardrailConfig."));
  if (asked.has_prompt_variables) return fail(validation_exception("Prompts are not supported yet: remove promptVariables."));
  return {};
}

Fault too_many_tokens(const inference::CatalogModel& model) {
  return validation_exception(
      fmt::format("The maximum tokens you requested exceeds the model limit of {0}. Try again with a maximum "
                  "tokens value that is lower than {0}.",
                  *model.output_tokens_max));
}

Terms terms_of(const Asked& asked, SteadyTime began) {
  Terms terms{.latency = {}, .tier = {}, .began = began};
  if (asked.performance && asked.performance->latency) terms.latency = *asked.performance->latency;
  if (asked.tier) terms.tier = asked.tier->type;
  return terms;
}

Result<inference::ModelRequest> read_request(const Call& call, const ModelTarget& target, Asked& asked) {
  inference::ModelRequest request = request_for(call, target);
  auto conversation = read_conversation(asked.conversation);
  if (!conversation) return fail(std::move(conversation.error()));
  request.conversation = std::move(*conversation);
  if (asked.parameters) request.conversation.parameters = read_parameters(std::move(*asked.parameters));
  auto json_output = read_json_output(std::move(asked.output));
  if (!json_output) return fail(std::move(json_output.error()));
  request.conversation.json_output = std::move(*json_output);
  if (asked.additional_response_fields) request.conversation.additional_response_fields = std::move(*asked.additional_response_fields);
  if (asked.metadata) {
    for (const auto& [key, value] : *asked.metadata) request.metadata.emplace_back(key, value);
  }
  request.streamed = asked.streamed;
  return request;
}

AskedFields asked_fields(const Call& call, const Begun& begun, std::vector<std::string> paths, bool streamed) {
  return {.paths = std::move(paths),
          .dialect = inference::find_dialect(begun.target.model->dialect),
          .model_id = begun.target.model->id,
          .answer_id = call.world.random.alphanumeric(answer_id_letters),
          .input_tokens = begun.input_tokens,
          .created_s = seconds_since_epoch(call.world.clock.wall()),
          .streamed = streamed};
}

Task<Result<Begun>> begin_with(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, Asked& asked) {
  Terms terms = terms_of(asked, call.world.clock.steady());
  if (!target.model->takes_converse) {
    co_return fail(validation_exception(fmt::format("The model {} is not supported for the Converse API.", target.model->id)));
  }
  co_await check_supported(asked);
  inference::ModelRequest request = co_await read_request(call, target, asked);
  co_await check_conversation(request.conversation);
  co_await inference::check_response_field_paths(request.conversation.additional_response_fields);
  const auto most = output_tokens_max(*target.model, request.conversation.parameters.max_tokens);
  if (!most) co_return fail(too_many_tokens(*target.model));
  terms.output_tokens_max = *most;
  std::vector<std::string> paths = request.conversation.additional_response_fields;
  Begun begun = co_await begin_answer(bedrock, call, target, std::move(request), terms);
  begun.answer = with_asked_fields(std::move(begun.answer), asked_fields(call, begun, std::move(paths), asked.streamed), begun.cache);
  co_return begun;
}

}  // namespace

Task<Result<Begun>> begin(BedrockRuntime& bedrock, Call& call, Asked asked) {
  const ModelTarget target = co_await target_of(bedrock, call, asked.model_id);
  co_return co_await keep(counted(bedrock, call, target, begin_with(bedrock, call, target, asked)));
}

}  // namespace outcrop::bedrock_runtime
