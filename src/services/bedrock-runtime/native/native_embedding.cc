#include "services/bedrock-runtime/native/native_embedding.h"

#include "inference/token_estimate.h"

namespace outcrop::bedrock_runtime {

namespace {

// Where the catalogue does not know the model's: that of most.
constexpr int64_t dimensions_unknown = 1024;

int default_dimensions(const inference::CatalogModel& model) {
  const json::Value* dimensions = model.facts.find("dimensions");
  const json::Value* known = dimensions ? dimensions->find("default") : nullptr;
  return int(known ? known->as_int64().value_or(dimensions_unknown) : dimensions_unknown);
}

inference::EmbeddingRequest request_for(const Call& call, const ModelTarget& target, const inference::EmbeddingBody& body) {
  inference::EmbeddingRequest request{
      .model_id = target.model->id, .asked_id = target.service_profile(), .texts = body.texts, .dimensions = body.dimensions};
  request.default_dimensions = default_dimensions(*target.model);
  request.normalize = body.normalize;
  request.input_type = body.input_type;
  request.truncate = body.truncate;
  request.deadline = call.deadline;
  request.stop = call.stop;
  return request;
}

int64_t estimate_tokens(const std::vector<std::string>& texts) {
  int64_t tokens = 0;
  for (const std::string& text : texts) {
    inference::TokenEstimate estimate;
    estimate.add(text);
    tokens += estimate.total();
  }
  return tokens;
}

Task<Result<inference::Embeddings>> embeddings_of(BedrockRuntime& bedrock, Call& call, const ModelTarget& target,
                                                  inference::ServiceTier tier, const inference::EmbeddingBody& body) {
  Quotas::Reservation reservation =
      co_await bedrock.quotas().reserve(call, target, {.input_tokens = estimate_tokens(body.texts), .tier = tier});
  inference::Embeddings embeddings = co_await bedrock.provider().embed(request_for(call, target, body));
  reservation.settle({.input = embeddings.input_tokens}, &call.answer_headers);
  co_return embeddings;
}

}  // namespace

Task<Result<NativeEmbedding>> embed(BedrockRuntime& bedrock, Call& call, const ModelTarget& target,
                                    const inference::EmbeddingDialect& dialect, const NativeInput& input) {
  const SteadyTime began = call.world.clock.steady();
  co_await check_headers(input);
  co_await latency_of(*target.model, input.latency);
  const inference::ServiceTier tier = co_await tier_of(*target.model, input.tier);
  const inference::EmbeddingBody body = co_await dialect.read(input.body, target.model->id);
  ModelTelemetry::Invocation told = bedrock.telemetry().begin_embeddings(call, target);
  const auto embeddings = co_await keep(embeddings_of(bedrock, call, target, tier, body));
  const Milliseconds latency = time_since(call, began);
  if (!embeddings) {
    bedrock.telemetry().failed(std::move(told), embeddings.error(), latency);
    co_return fail(embeddings.error());
  }
  const int64_t tokens = embeddings->input_tokens;
  bedrock.metrics().embedded(call, target, {.input_tokens = tokens, .latency = latency});
  bedrock.telemetry().succeeded(std::move(told), {.usage = {.input = tokens}, .latency = latency, .model_id = target.model->id});
  const std::string id = call.world.random.alphanumeric(answer_id_letters);
  co_return NativeEmbedding{dialect.write(body, *embeddings, target.model->id, id), tokens, latency};
}

}  // namespace outcrop::bedrock_runtime
