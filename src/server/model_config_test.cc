// The models of outcrop.yaml, and the keys of their servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.h"
#include "server/models.h"

namespace outcrop::server {
namespace {

using testing::HasSubstr;

std::expected<Config, std::vector<Problem>> models(const std::string& list) { return parse_config("models:\n" + list, "/etc/outcrop", {}); }

std::string problems_of_models(const std::string& list) {
  auto config = models(list);
  return config ? "" : describe("outcrop.yaml", config.error());
}

TEST(ModelConfig, AModelServerHasAddressesAndTheNameOfItsModel) {
  auto config =
      models("  - {match: 'anthropic.*', provider: openai, url: [http://a:8000/v1/, https://b], served_model: qwen3, timeout: 5s}");
  ASSERT_TRUE(config) << describe("", config.error());
  const ModelConfig& model = config->models.at(0);
  EXPECT_EQ(model.match, "anthropic.*");
  EXPECT_EQ(model.provider, ProviderKind::openai);
  ASSERT_EQ(model.openai.endpoints.size(), 2u);
  EXPECT_EQ(model.openai.endpoints[0].target, "/v1");
  EXPECT_TRUE(model.openai.endpoints[1].tls);
  EXPECT_EQ(model.openai.served_model, "qwen3");
  EXPECT_EQ(model.openai.timeout, Seconds(5));
  EXPECT_FALSE(model.openai.max_completion_tokens);
}

TEST(ModelConfig, TheEmbeddedModelHasAPace) {
  auto config = models("  - {match: '*', provider: embedded, first_token_delay: 300ms, tokens_per_second: 50}");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->models.at(0).pace.first_token, Milliseconds(300));
  EXPECT_EQ(config->models.at(0).pace.tokens_per_second, 50);
}

TEST(ModelConfig, AnEntryMayBeForOneLatencyOrTierAndHaveAFallback) {
  auto config = models(
      "  - {match: a, provider: embedded, latency: optimized}\n"
      "  - {match: a, provider: embedded, tier: flex}\n"
      "  - {match: a, provider: embedded, fallback: amazon.nova-lite-v1:0}");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->models.at(0).latency, inference::Latency::optimized);
  EXPECT_EQ(config->models.at(1).tier, inference::ServiceTier::flex);
  EXPECT_EQ(config->models.at(2).fallback, "amazon.nova-lite-v1:0");
}

TEST(ModelConfig, HowMuchAtATimeIsBounded) {
  auto config = models("  - {match: a, provider: openai, url: http://a, served_model: m, concurrency: 4, queue: 2s}");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->models.at(0).openai.sharing.window_max, 4u);
  EXPECT_EQ(config->models.at(0).openai.sharing.place_wait, Seconds(2));
}

TEST(ModelConfig, ALlamaServerHasAFileRelativeToTheConfiguration) {
  auto config = models(
      "  - {match: a, provider: llama-server, gguf: models/qwen3.gguf, command: ./llama, args: [--gpu-layers, '99'], context: 4096}");
  ASSERT_TRUE(config) << describe("", config.error());
  const inference::LlamaOptions& llama = config->models.at(0).llama;
  EXPECT_EQ(llama.gguf, "/etc/outcrop/models/qwen3.gguf");
  EXPECT_EQ(llama.command, "/etc/outcrop/./llama");
  EXPECT_EQ(llama.served_model, "qwen3");
  EXPECT_EQ(llama.arguments, (std::vector<std::string>{"--gpu-layers", "99"}));
  EXPECT_EQ(llama.context, 4096);
  EXPECT_EQ(models("  - {match: a, provider: llama-server, gguf: m.gguf}")->models.at(0).llama.command, "llama-server");
}

TEST(ModelConfig, WhatIsWrongIsSaid) {
  const std::string server = "  - {match: a, provider: openai, url: http://a, served_model: m";
  EXPECT_THAT(problems_of_models("  - {match: a, provider: opnai}"),
              HasSubstr("must be one of embedded, openai, llama-server, not 'opnai'"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: openai, url: http://a}"), HasSubstr("served_model"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: openai, url: a:80, served_model: m}"), HasSubstr("must be a URL"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: openai, url: 'http://a/?x=1', served_model: m}"), HasSubstr("without a query"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: embedded, url: http://a}"), HasSubstr("not a known key"));
  EXPECT_THAT(problems_of_models(server + ", tokens_per_second: 3}"), HasSubstr("not a known key"));
  EXPECT_THAT(problems_of_models(server + ", timeout: 0s}"), HasSubstr("timeout"));
  EXPECT_THAT(problems_of_models(server + ", max_completion_tokens: yes}"), HasSubstr("must be true or false"));
  EXPECT_THAT(problems_of_models(server + ", api_key: k, api_key_env: K}"), HasSubstr("both api_key and api_key_env"));
  EXPECT_THAT(problems_of_models(server + "}\n" + server + "}"), HasSubstr("match a is given twice"));
  EXPECT_THAT(problems_of_models(server + ", concurrency: 0}"), HasSubstr("must be a number from 1 to 1024"));
  EXPECT_THAT(problems_of_models(server + ", latency: fast}"), HasSubstr("must be one of standard, optimized"));
  EXPECT_THAT(problems_of_models(server + ", tier: cheap}"), HasSubstr("must be one of default, priority, flex, reserved"));
  EXPECT_THAT(problems_of_models(server + ", fallback: 'b*'}"), HasSubstr("must be the id of a model"));
  EXPECT_THAT(problems_of_models(server + ", fallback: a}"), HasSubstr("is its own fallback"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: llama-server}"), HasSubstr("gguf"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: llama-server, gguf: m, context: many}"),
              HasSubstr("must be a number of tokens"));
}

TEST(ModelConfig, AKeyIsNotInTheMessageAboutIt) {
  const std::string problems = problems_of_models("  - {match: a, provider: openai, url: http://a, served_model: m, api_key: 'sk secret'}");
  EXPECT_THAT(problems, HasSubstr("api_key"));
  EXPECT_THAT(problems, testing::Not(HasSubstr("secret")));
}

TEST(ModelConfig, AKeyMayBeInTheEnvironment) {
  auto config = models("  - {match: a, provider: openai, url: http://a, served_model: m, api_key_env: MODEL_KEY}");
  ASSERT_TRUE(config) << describe("", config.error());
  auto unset = read_model_keys(config->models, [](const char*) { return std::nullopt; });
  ASSERT_FALSE(unset);
  EXPECT_THAT(unset.error().message, HasSubstr("MODEL_KEY"));
  ASSERT_TRUE(read_model_keys(config->models, [](const char* name) { return std::string(name) + "-value"; }));
  EXPECT_EQ(config->models.at(0).openai.api_key, "MODEL_KEY-value");
}

}  // namespace
}  // namespace outcrop::server
