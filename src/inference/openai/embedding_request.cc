#include "inference/openai/embedding_request.h"

#include <algorithm>
#include <cmath>

#include "json/writer.h"

namespace outcrop::inference {

namespace {

std::unexpected<Fault> no_embeddings() {
  return fail("ModelErrorException", 424, "The model server's answer does not hold one embedding for each text.");
}

// Empty when it is none.
std::vector<float> read_vector(const json::Value* value) {
  std::vector<float> vector;
  if (!value || !value->is_array()) return vector;
  vector.reserve(value->as_array().size());
  for (const json::Value& number : value->as_array()) {
    auto read = number.as_double();
    if (!read) return {};
    vector.push_back(float(*read));
  }
  return vector;
}

void normalize(std::vector<float>& vector) {
  double square = 0;
  for (float x : vector) square += double(x) * x;
  if (square == 0) return;
  const double length = std::sqrt(square);
  for (float& x : vector) x = float(x / length);
}

}  // namespace

std::string embedding_request(const EmbeddingRequest& request, std::string_view served_model) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("model"), out.string(served_model);
  out.name("input"), out.begin_array();
  for (const std::string& text : request.texts) out.string(text);
  out.end_array();
  if (request.dimensions > 0) out.name("dimensions"), out.number(request.dimensions);
  out.name("encoding_format"), out.string("float");
  out.end_object();
  return body;
}

Result<Embeddings> read_embeddings(std::string_view answer, const EmbeddingRequest& request) {
  const auto parsed = json::parse(answer);
  const json::Value* data = parsed ? parsed->find("data") : nullptr;
  if (!data || !data->is_array() || data->as_array().size() != request.texts.size()) return no_embeddings();
  Embeddings embeddings;
  embeddings.vectors.resize(request.texts.size());
  int64_t position = 0;
  for (const json::Value& item : data->as_array()) {
    const json::Value* written = item.find("index");
    const int64_t index = written ? written->as_int64().value_or(-1) : position;
    ++position;
    if (index < 0 || size_t(index) >= embeddings.vectors.size()) return no_embeddings();
    embeddings.vectors[size_t(index)] = read_vector(item.find("embedding"));
    if (request.normalize) normalize(embeddings.vectors[size_t(index)]);
  }
  if (std::ranges::any_of(embeddings.vectors, &std::vector<float>::empty)) return no_embeddings();
  const json::Value* usage = parsed->find("usage");
  const json::Value* tokens = usage ? usage->find("prompt_tokens") : nullptr;
  if (tokens) embeddings.input_tokens = std::max<int64_t>(0, tokens->as_int64().value_or(0));
  return embeddings;
}

}  // namespace outcrop::inference
