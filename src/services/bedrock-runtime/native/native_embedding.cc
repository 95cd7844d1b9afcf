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

}  // namespace

Task<Result<NativeEmbedding>> embed(BedrockRuntime& bedrock, Call& call, const ModelTarget& target,
                                    const inference::EmbeddingDialect& dialect, const NativeInput& input) {
  const SteadyTime began = call.world.clock.steady();
  co_await check_headers(input);
  co_await latency_of(*target.model, input.latency);
  const inference::ServiceTier tier = co_await tier_of(*target.model, input.tier);
  const inference::EmbeddingBody body = co_await dialect.read(input.body, target.model->id);
  Quotas::Reservation reservation =
      co_await bedrock.quotas().reserve(call, target, {.input_tokens = estimate_tokens(body.texts), .tier = tier});
  const inference::Embeddings embeddings = co_await bedrock.provider().embed(request_for(call, target, body));
  reservation.settle({.input = embeddings.input_tokens}, &call.answer_headers);
  const Milliseconds latency = time_since(call, began);
  bedrock.metrics().embedded(call, target, {.input_tokens = embeddings.input_tokens, .latency = latency});
  const std::string id = call.world.random.alphanumeric(answer_id_letters);
  co_return NativeEmbedding{dialect.write(body, embeddings, target.model->id, id), embeddings.input_tokens, latency};
}

}  // namespace outcrop::bedrock_runtime
