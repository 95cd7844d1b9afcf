// Amazon Titan Text Embeddings, version 1 and 2 (Bedrock user guide, "Amazon Titan Text Embeddings").
#include <algorithm>

#include "inference/dialects/embedding_dialect.h"
#include "inference/dialects/families.h"
#include "inference/dialects/field.h"
#include "inference/dialects/limits.h"
#include "json/writer.h"

namespace outcrop::inference::titan_embed_text {

namespace {

bool is_version_2(std::string_view model_id) { return model_id.find("titan-embed-text-v2") != std::string_view::npos; }

void read_version_2(const Field& body, EmbeddingBody& out) {
  const Field dimensions = body["dimensions"];
  out.dimensions = dimensions.integer().value_or(0);
  if (dimensions && out.dimensions != 256 && out.dimensions != 512 && out.dimensions != 1024) {
    dimensions.wrong(std::string(json::write(dimensions.value())) + " is not a valid enum value");
  }
  out.normalize = body["normalize"].boolean().value_or(true);
  for (const Field& type : body["embeddingTypes"].elements({.min = 1})) {
    if (auto name = type.one_of({"float", "binary"})) out.types.emplace_back(*name);
  }
}

void write_floats(json::Writer& out, const std::vector<float>& vector) {
  out.begin_array();
  for (float number : vector) out.number(number);
  out.end_array();
}

// One bit a dimension: its sign.
void write_bits(json::Writer& out, const std::vector<float>& vector) {
  out.begin_array();
  for (float number : vector) out.number(number > 0 ? 1 : 0);
  out.end_array();
}

void write_by_type(json::Writer& out, const std::vector<float>& vector, const std::vector<std::string>& types) {
  out.name("embeddingsByType"), out.begin_object();
  if (types.empty() || std::ranges::count(types, "float")) out.name("float"), write_floats(out, vector);
  if (std::ranges::count(types, "binary")) out.name("binary"), write_bits(out, vector);
  out.end_object();
}

class TitanEmbedText final : public EmbeddingDialect {
 public:
  Result<EmbeddingBody> read(std::string_view body, std::string_view model_id) const override {
    return read_body<EmbeddingBody>(body, Wording::json_schema, [model_id](const Field& body, EmbeddingBody& out) {
      const bool second = is_version_2(model_id);
      if (!(second ? body.object({"inputText"}, {"dimensions", "embeddingTypes", "normalize"}) : body.object({"inputText"}))) return;
      if (auto text = body["inputText"].text({1, titan_embed_characters_max})) out.texts.emplace_back(*text);
      if (second) read_version_2(body, out);
    });
  }

  std::string write(const EmbeddingBody& body, const Embeddings& embeddings, std::string_view model_id, std::string_view) const override {
    check(embeddings.vectors.size() == 1, "one text has one embedding");
    const std::vector<float>& vector = embeddings.vectors.front();
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.name("embedding"), write_floats(out, vector);
    if (is_version_2(model_id)) write_by_type(out, vector, body.types);
    out.name("inputTextTokenCount"), out.number(embeddings.input_tokens);
    out.end_object();
    return text;
  }
};

}  // namespace
}  // namespace outcrop::inference::titan_embed_text

namespace outcrop::inference {

const EmbeddingDialect& titan_embed_text_dialect() {
  static const titan_embed_text::TitanEmbedText dialect;
  return dialect;
}

}  // namespace outcrop::inference
