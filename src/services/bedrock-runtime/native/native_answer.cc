#include "services/bedrock-runtime/native/native_answer.h"

#include <fmt/format.h>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

inference::AnswerFacts NativeAnswer::facts() const {
  const inference::Usage input = begun.cache.in({.input = begun.input_tokens});
  return {.model_id = begun.target.model->id,
          .answer_id = answer_id,
          .input_tokens = input.input,
          .created_s = created_s,
          .cache_read_tokens = input.cache_read,
          .cache_write_tokens = input.cache_write};
}

Result<const inference::Dialect*> dialect_of(const inference::CatalogModel& model) {
  if (const inference::Dialect* dialect = inference::find_dialect(model.dialect)) return dialect;
  if (model.dialect.empty()) {
    return fail(
        validation_exception(fmt::format("InvokeModel is not supported yet for {}: the form of its bodies is not known.", model.id)));
  }
  return fail(validation_exception(
      fmt::format("InvokeModel is not supported yet for {}: bodies of the kind {} are not built.", model.id, model.dialect)));
}

Task<Result<NativeAnswer>> begin_native(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, const NativeInput& input) {
  Terms terms{.latency = input.latency, .tier = input.tier, .began = call.world.clock.steady()};
  co_await check_headers(input);
  const inference::Dialect* dialect = co_await dialect_of(*target.model);
  inference::ModelRequest request = request_for(call, target);
  request.conversation = co_await dialect->read(input.body);
  request.streamed = input.streamed;
  const std::optional<int>& asked = request.conversation.parameters.max_tokens;
  const std::optional<int64_t> most = output_tokens_max(*target.model, asked);
  if (!most) co_return fail(dialect->too_many_tokens(*asked, int(*target.model->output_tokens_max), target.name));
  terms.output_tokens_max = *most;
  Begun begun = co_await begin_answer(bedrock, call, target, std::move(request), terms);
  const auto created = std::chrono::floor<std::chrono::seconds>(call.world.clock.wall().time_since_epoch());
  co_return NativeAnswer{std::move(begun), *dialect, call.world.random.alphanumeric(answer_id_letters), created.count()};
}

}  // namespace outcrop::bedrock_runtime
