#include "inference/dialects/embedding_dialect.h"

#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {

constexpr std::string_view titan_1 = "amazon.titan-embed-text-v1", titan_2 = "amazon.titan-embed-text-v2:0";
constexpr std::string_view cohere_3 = "cohere.embed-english-v3", cohere_4 = "cohere.embed-v4:0";

const EmbeddingDialect& dialect_of(std::string_view model_id) {
  return *find_embedding_dialect(model_id.starts_with("amazon") ? "titan-embed-text" : "cohere-embed");
}

EmbeddingBody read_embedding(std::string_view model_id, std::string_view body) {
  Result<EmbeddingBody> read = dialect_of(model_id).read(body, model_id);
  EXPECT_TRUE(read) << read.error().message;
  return read ? std::move(*read) : EmbeddingBody();
}

std::string refusal_of_embedding(std::string_view model_id, std::string_view body) {
  Result<EmbeddingBody> read = dialect_of(model_id).read(body, model_id);
  return read ? "was read" : read.error().message;
}

std::string written_embedding(std::string_view model_id, std::vector<std::string> types, std::vector<std::vector<float>> vectors) {
  return dialect_of(model_id).write({.texts = {"Hello"}, .types = std::move(types)}, {std::move(vectors), 3}, model_id, "A1b2C3");
}

}  // namespace

TEST(TitanEmbedText, Version2TakesDimensionsAndTypes) {
  const EmbeddingBody body =
      read_embedding(titan_2, R"({"inputText":"Hello","dimensions":512,"normalize":false,"embeddingTypes":["float","binary"]})");
  EXPECT_EQ(body.texts, (std::vector<std::string>{"Hello"}));
  EXPECT_EQ(body.dimensions, 512);
  EXPECT_FALSE(body.normalize);
  EXPECT_EQ(body.types, (std::vector<std::string>{"float", "binary"}));
  EXPECT_TRUE(read_embedding(titan_2, R"({"inputText":"Hello"})").normalize);
}

TEST(TitanEmbedText, Version1TakesTextAlone) {
  EXPECT_EQ(refusal_of_embedding(titan_1, R"({"inputText":"Hello","dimensions":512})"),
            malformed("#: extraneous key [dimensions] is not permitted"));
}

TEST(TitanEmbedText, ProblemsAreTold) {
  EXPECT_EQ(refusal_of_embedding(titan_2, R"({"inputText":"","dimensions":300})"),
            malformed("#/inputText: expected minLength: 1, actual: 0#/dimensions: 300 is not a valid enum value"));
  EXPECT_EQ(refusal_of_embedding(titan_2, R"({"inputText":")" + std::string(50'001, 'a') + "\"}"),
            malformed("#/inputText: expected maxLength: 50000, actual: 50001"));
}

TEST(TitanEmbedText, AnswersWithVectors) {
  EXPECT_TRUE(same_json(written_embedding(titan_1, {}, {{0.5F, -0.25F}}), R"({"embedding":[0.5,-0.25],"inputTextTokenCount":3})"));
  EXPECT_TRUE(same_json(written_embedding(titan_2, {"binary"}, {{0.5F, -0.25F}}),
                        R"({"embedding":[0.5,-0.25],"embeddingsByType":{"binary":[1,0]},"inputTextTokenCount":3})"));
  EXPECT_TRUE(same_json(written_embedding(titan_2, {}, {{0.5F, -0.25F}}),
                        R"({"embedding":[0.5,-0.25],"embeddingsByType":{"float":[0.5,-0.25]},"inputTextTokenCount":3})"));
}

TEST(CohereEmbed, TakesTextsAndWhatTheyAreFor) {
  const EmbeddingBody body =
      read_embedding(cohere_3, R"({"texts":["a","b"],"input_type":"search_query","truncate":"END","embedding_types":["int8"]})");
  EXPECT_EQ(body.texts.size(), 2);
  EXPECT_EQ(body.input_type, "search_query");
  EXPECT_EQ(body.truncate, "END");
  EXPECT_EQ(body.types, (std::vector<std::string>{"int8"}));
  EXPECT_EQ(read_embedding(cohere_4, R"({"texts":["a"],"input_type":"clustering","output_dimension":256,"truncate":"RIGHT"})").dimensions,
            256);
}

TEST(CohereEmbed, ProblemsAreTold) {
  EXPECT_EQ(
      refusal_of_embedding(cohere_3, R"({"inputText":"a"})"),
      malformed("#: required key [texts] not found#: required key [input_type] not found#: extraneous key [inputText] is not permitted"));
  EXPECT_EQ(refusal_of_embedding(cohere_3, R"({"input_type":"search_query","texts":[")" + std::string(2049, 'a') + "\"]}"),
            malformed("#/texts/0: expected maxLength: 2048, actual: 2049"));
  std::string many = R"({"input_type":"search_query","texts":["a")";
  for (int i = 0; i < 96; ++i) many += ",\"a\"";
  EXPECT_EQ(refusal_of_embedding(cohere_3, many + "]}"), malformed("#/texts: expected maximum item count: 96, found: 97"));
}

TEST(CohereEmbed, AnswersWithFloatsOrByType) {
  EXPECT_TRUE(same_json(written_embedding(cohere_3, {}, {{0.5F, -0.25F}}),
                        R"({"id":"A1b2C3","embeddings":[[0.5,-0.25]],"response_type":"embeddings_floats","texts":["Hello"]})"));
  EXPECT_TRUE(same_json(written_embedding(cohere_3, {"float", "int8", "uint8", "binary", "ubinary"}, {{0.5F, -0.25F, 0, 0, 0, 0, 0, 0.1F}}),
                        R"({"id":"A1b2C3","embeddings":{"float":[[0.5,-0.25,0,0,0,0,0,0.1]],"int8":[[127,-64,0,0,0,0,0,25]],
      "uint8":[[255,64,128,128,128,128,128,153]],"binary":[[1]],"ubinary":[[129]]},"response_type":"embeddings_by_type","texts":["Hello"]})"));
}

TEST(CohereEmbed, Base64IsFloatsInLittleEndian) {
  EXPECT_TRUE(same_json(written_embedding(cohere_4, {"base64"}, {{1.0F}}),
                        R"({"id":"A1b2C3","embeddings":{"base64":["AACAPw=="]},"response_type":"embeddings_by_type","texts":["Hello"]})"));
}

TEST(EmbeddingDialect, OthersAreNotBuilt) { EXPECT_EQ(find_embedding_dialect("nova-embed"), nullptr); }

}  // namespace outcrop::inference
