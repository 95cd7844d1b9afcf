// Cohere Embed, version 3 and 4 (Bedrock user guide, "Cohere Embed v3" and "Cohere Embed v4"), of texts.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/encoding.h"
#include "inference/dialects/embedding_dialect.h"
#include "inference/dialects/families.h"
#include "inference/dialects/field.h"
#include "inference/dialects/limits.h"
#include "json/writer.h"

namespace outcrop::inference::cohere_embed {

namespace {

bool is_version_4(std::string_view model_id) { return model_id.find("embed-v4") != std::string_view::npos; }

void read_output_dimension(const Field& dimension, EmbeddingBody& out) {
  out.dimensions = dimension.integer().value_or(0);
  for (int allowed : {256, 512, 1024, 1536}) {
    if (out.dimensions == allowed) return;
  }
  if (dimension) dimension.wrong(json::write(dimension.value()) + " is not a valid enum value");
}

void read_request(const Field& body, bool fourth, EmbeddingBody& out) {
  const bool read = fourth ? body.object({"texts", "input_type"}, {"embedding_types", "output_dimension", "truncate"})
                           : body.object({"texts", "input_type"}, {"embedding_types", "truncate"});
  if (!read) return;
  for (const Field& text : body["texts"].elements({1, cohere_embed_texts_max})) {
    auto said = text.text({1, fourth ? INFINITY : double(cohere_embed_characters_max)});
    if (said) out.texts.emplace_back(*said);
  }
  out.input_type = body["input_type"].one_of({"search_document", "search_query", "classification", "clustering"}).value_or("");
  const auto truncate = fourth ? body["truncate"].one_of({"NONE", "LEFT", "RIGHT"}) : body["truncate"].one_of({"NONE", "START", "END"});
  out.truncate = truncate.value_or("");
  for (const Field& type : body["embedding_types"].elements({.min = 1})) {
    auto name = fourth ? type.one_of({"float", "int8", "uint8", "binary", "ubinary", "base64"})
                       : type.one_of({"float", "int8", "uint8", "binary", "ubinary"});
    if (name) out.types.emplace_back(*name);
  }
  if (fourth) read_output_dimension(body["output_dimension"], out);
}

// The numbers in 255 steps around zero, the largest at the end of the range: an angle between two vectors stays what it was.
void write_steps(json::Writer& out, const std::vector<float>& vector, int zero) {
  float largest = 0;
  for (float number : vector) largest = std::max(largest, std::abs(number));
  for (float number : vector) out.number(zero + (largest > 0 ? int(std::lround(number / largest * 127)) : 0));
}

// Signs, eight to a number, the first in the highest bit.
void write_bits(json::Writer& out, const std::vector<float>& vector, int zero) {
  for (size_t i = 0; i < vector.size(); i += 8) {
    int bits = 0;
    for (size_t j = 0; j < 8; ++j) bits = bits * 2 + (i + j < vector.size() && vector[i + j] > 0 ? 1 : 0);
    out.number(bits - zero);
  }
}

std::string bytes_of(const std::vector<float>& vector) {
  std::string bytes(vector.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), vector.data(), bytes.size());
  return bytes;
}

void write_vector(json::Writer& out, const std::vector<float>& vector, std::string_view type) {
  if (type == "base64") return out.string(base64(bytes_of(vector)));
  out.begin_array();
  if (type == "int8") {
    write_steps(out, vector, 0);
  } else if (type == "uint8") {
    write_steps(out, vector, 128);
  } else if (type == "binary") {
    write_bits(out, vector, 128);
  } else if (type == "ubinary") {
    write_bits(out, vector, 0);
  } else {
    for (float number : vector) out.number(number);
  }
  out.end_array();
}

void write_vectors(json::Writer& out, const Embeddings& embeddings, std::string_view type) {
  out.begin_array();
  for (const std::vector<float>& vector : embeddings.vectors) write_vector(out, vector, type);
  out.end_array();
}

class CohereEmbed final : public EmbeddingDialect {
 public:
  Result<EmbeddingBody> read(std::string_view body, std::string_view model_id) const override {
    return read_body<EmbeddingBody>(body, Wording::json_schema,
                                    [model_id](const Field& body, EmbeddingBody& out) { read_request(body, is_version_4(model_id), out); });
  }

  std::string write(const EmbeddingBody& body, const Embeddings& embeddings, std::string_view, std::string_view answer_id) const override {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.name("id"), out.string(answer_id);
    out.name("embeddings");
    if (body.types.empty()) {
      write_vectors(out, embeddings, "float");
    } else {
      out.begin_object();
      for (const std::string& type : body.types) out.name(type), write_vectors(out, embeddings, type);
      out.end_object();
    }
    out.name("response_type"), out.string(body.types.empty() ? "embeddings_floats" : "embeddings_by_type");
    out.name("texts"), out.begin_array();
    for (const std::string& said : body.texts) out.string(said);
    out.end_array();
    out.end_object();
    return text;
  }
};

}  // namespace
}  // namespace outcrop::inference::cohere_embed

namespace outcrop::inference {

const EmbeddingDialect& cohere_embed_dialect() {
  static const cohere_embed::CohereEmbed dialect;
  return dialect;
}

}  // namespace outcrop::inference
