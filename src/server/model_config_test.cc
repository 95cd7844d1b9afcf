// The models of outcrop.yaml, and the keys of their servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

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
              HasSubstr("must be one of embedded, openai, llama-server, bedrock, replay, not 'opnai'"));
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

Environment variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(ModelConfig, AnUpstreamHasRegionsAndTheirAddresses) {
  auto config = models(
      "  - {match: '*', provider: bedrock, regions: [us-east-1, cn-north-1], upstream_model: us.*, profile: team, timeout: 5s}\n"
      "  - {match: 'a', provider: bedrock, regions: us-east-1, url: [http://a/, https://b/x]}\n"
      "  - {match: 'b', provider: bedrock}");
  ASSERT_TRUE(config) << describe("", config.error());
  ASSERT_TRUE(read_model_keys(config->models, variables({{"AWS_DEFAULT_REGION", "eu-west-1"}, {"AWS_BEARER_TOKEN_BEDROCK", "key"}})));
  const inference::BedrockOptions& amazon = config->models.at(0).bedrock.options;
  ASSERT_EQ(amazon.regions.size(), 2u);
  EXPECT_EQ(amazon.regions[0].url.authority(), "bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_TRUE(amazon.regions[0].url.tls);
  EXPECT_EQ(amazon.regions[1].url.host, "bedrock-runtime.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(amazon.upstream_model, "us.*");
  EXPECT_EQ(amazon.timeout, Seconds(5));
  EXPECT_EQ(amazon.api_key, "");  // the profile was asked for
  const inference::BedrockOptions& other = config->models.at(1).bedrock.options;
  ASSERT_EQ(other.regions.size(), 2u);
  EXPECT_EQ(other.regions[1].name, "us-east-1");
  EXPECT_EQ(other.regions[1].url.target, "/x");
  EXPECT_EQ(other.api_key, "key");
  EXPECT_EQ(config->models.at(2).bedrock.options.regions.at(0).name, "eu-west-1");
}

TEST(ModelConfig, AnUpstreamWithoutARegionIsSaid) {
  auto config = models("  - {match: 'm', provider: bedrock}");
  ASSERT_TRUE(config) << describe("", config.error());
  auto read = read_model_keys(config->models, variables({}));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("models: m: regions is not set, nor is the environment variable AWS_REGION"));
}

TEST(ModelConfig, WhatIsWrongWithAnUpstreamIsSaid) {
  const std::string upstream = "  - {match: a, provider: bedrock, regions: us-east-1";
  EXPECT_THAT(problems_of_models("  - {match: a, provider: bedrock, region: us-east-1}"), HasSubstr("did you mean regions?"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: bedrock, regions: US}"), HasSubstr("must be an AWS Region"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: bedrock, regions: [a-1, b-1], url: http://a}"), HasSubstr("for each address"));
  EXPECT_THAT(problems_of_models(upstream + ", upstream_model: '*.*'}"), HasSubstr("one * stands for"));
  EXPECT_THAT(problems_of_models(upstream + ", access_key_id_env: A}"), HasSubstr("or neither"));
  EXPECT_THAT(problems_of_models(upstream + ", session_token_env: A}"), HasSubstr("or neither"));
  EXPECT_THAT(problems_of_models(upstream + ", api_key: k, profile: p}"), HasSubstr("more than one of"));
}

TEST(ModelConfig, AReplaySaysWhereAndWhomItRecords) {
  auto config = models(
      "  - {match: a, provider: replay, cassettes: tapes, mode: record, matching: normalised, timing: compressed, "
      "of: {provider: openai, url: http://a, served_model: m, api_key: k}}\n"
      "  - {match: b, provider: replay, cassettes: /tapes, of: {provider: openai, url: http://a, served_model: m, api_key_env: K}}");
  ASSERT_TRUE(config) << describe("", config.error());
  const ReplayConfig& replay = config->models.at(0).replay;
  EXPECT_EQ(replay.directory, "/etc/outcrop/tapes");
  EXPECT_EQ(replay.options.mode, inference::ReplayMode::record);
  EXPECT_EQ(replay.options.match, inference::Match::normalised);
  EXPECT_EQ(replay.options.timing, inference::ReplayTiming::compressed);
  EXPECT_EQ(replay.of->openai.served_model, "m");
  EXPECT_TRUE(config->models.at(0).holds_secret());
  EXPECT_EQ(config->models.at(1).replay.options.mode, inference::ReplayMode::replay);
  EXPECT_TRUE(read_model_keys(config->models, variables({})));  // nobody is asked, so no key is needed
}

TEST(ModelConfig, WhatIsWrongWithAReplayIsSaid) {
  EXPECT_THAT(problems_of_models("  - {match: a, provider: replay}"), HasSubstr("lacks the key cassettes"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: replay, cassettes: c, mode: record}"), HasSubstr("lacks the key of"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: replay, cassettes: c, mode: play}"), HasSubstr("must be one of replay"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: replay, cassettes: c, of: {provider: replay, cassettes: d}}"),
              HasSubstr("cannot be a replay of a replay"));
  EXPECT_THAT(problems_of_models("  - {match: a, provider: replay, cassettes: c, of: {match: a, provider: embedded}}"),
              HasSubstr("not a known key"));
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
