#include "inference/bedrock/invoked_embedding.h"

#include <fmt/format.h>

#include "inference/bedrock/upstream_fault.h"
#include "inference/refusal.h"
#include "json/writer.h"

namespace outcrop::inference {

namespace {

bool is_titan(std::string_view model_id) { return model_id.contains("titan-embed-text"); }
bool is_cohere(std::string_view model_id) { return model_id.contains("cohere.embed"); }
bool has_dimensions(std::string_view model_id) { return model_id.contains("titan-embed-text-v2") || model_id.contains("embed-v4"); }

std::string titan_body(const EmbeddingRequest& request, const std::string& text) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("inputText"), out.string(text);
  if (has_dimensions(request.model_id)) {
    if (request.dimensions > 0) out.name("dimensions"), out.number(request.dimensions);
    out.name("normalize"), out.boolean(request.normalize);
  }
  out.end_object();
  return body;
}

// Without a word about their use, texts are taken for those that are searched.
std::string cohere_body(const EmbeddingRequest& request) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("texts"), out.begin_array();
  for (const std::string& text : request.texts) out.string(text);
  out.end_array();
  out.name("input_type"), out.string(request.input_type.empty() ? "search_document" : request.input_type);
  if (!request.truncate.empty()) out.name("truncate"), out.string(request.truncate);
  out.name("embedding_types"), out.begin_array(), out.string("float"), out.end_array();
  if (has_dimensions(request.model_id) && request.dimensions > 0) out.name("output_dimension"), out.number(request.dimensions);
  out.end_object();
  return body;
}

std::unexpected<Fault> no_embedding() { return fail(fault_of_answer("The upstream's answer holds no embedding.")); }

Result<std::vector<float>> read_invoked_vector(const json::Value& value) {
  if (!value.is_array()) return no_embedding();
  std::vector<float> vector;
  vector.reserve(value.as_array().size());
  for (const json::Value& element : value.as_array()) {
    const std::optional<double> number = element.as_double();
    if (!number) return no_embedding();
    vector.push_back(float(*number));
  }
  return vector;
}

// {"embedding": […]}, {"embeddings": [[…], …]} or {"embeddings": {"float": [[…], …]}}.
const json::Value* list_in(const json::Value& answer) {
  const json::Value* list = answer.find("embeddings");
  return list && list->is_object() ? list->find("float") : list;
}

}  // namespace

Result<std::vector<std::string>> embedding_bodies(const EmbeddingRequest& request) {
  std::vector<std::string> bodies;
  if (is_titan(request.model_id)) {
    for (const std::string& text : request.texts) bodies.push_back(titan_body(request, text));
  } else if (is_cohere(request.model_id)) {
    bodies.push_back(cohere_body(request));
  } else {
    return refused(fmt::format("Embeddings of {} cannot be asked of an upstream: the form of its bodies is not built.", request.model_id));
  }
  return bodies;
}

Result<void> read_embedding_answer(std::string_view text, size_t count, Embeddings& out) {
  const auto answer = json::parse(text);
  if (!answer) return no_embedding();
  const json::Value* list = list_in(*answer);
  const json::Value* single = answer->find("embedding");
  if (single && count == 1) {
    auto vector = read_invoked_vector(*single);
    if (!vector) return fail(std::move(vector.error()));
    out.vectors.push_back(std::move(*vector));
  } else {
    if (!list || !list->is_array() || list->as_array().size() != count) return no_embedding();
    for (const json::Value& element : list->as_array()) {
      auto vector = read_invoked_vector(element);
      if (!vector) return fail(std::move(vector.error()));
      out.vectors.push_back(std::move(*vector));
    }
  }
  const json::Value* tokens = answer->find("inputTextTokenCount");
  if (tokens) out.input_tokens += std::max<int64_t>(0, tokens->as_int64().value_or(0));
  return {};
}

}  // namespace outcrop::inference
