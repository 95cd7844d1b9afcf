// The models of outcrop.yaml: which provider answers for which.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inference/bedrock/bedrock_provider.h"
#include "inference/embedded_provider.h"
#include "inference/llama/llama_server.h"
#include "inference/openai/openai_provider.h"
#include "inference/replay/replay_provider.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

enum class ProviderKind { embedded, openai, llama_server, bedrock, replay };

struct ModelConfig;

// Of `provider: bedrock`. What is empty is the environment's to say.
struct UpstreamConfig {
  std::vector<std::string> regions;  // by preference
  std::vector<net::Url> urls;        // one a Region, or any number in one Region; none: Amazon's
  std::string profile;
  std::string access_key_id_env, secret_access_key_env, session_token_env;  // environment variables
  auth::SigningCredentials keys;                                            // that were in them
  inference::BedrockOptions options;                                        // whose regions are made of the above
};

// Of `provider: replay`.
struct ReplayConfig {
  std::string directory;
  inference::ReplayOptions options;
  std::shared_ptr<ModelConfig> of;  // who is recorded; null: nobody

  bool records() const { return options.mode != inference::ReplayMode::replay; }
};

struct ModelConfig {
  std::string match;  // * stands for any text: "anthropic.*"
  ProviderKind provider = ProviderKind::embedded;
  std::optional<inference::Latency> latency;   // only requests that ask for it
  std::optional<inference::ServiceTier> tier;  // likewise
  std::string fallback;                        // the model that is asked when this one fails, or empty
  inference::EmbeddedPace pace;
  inference::OpenAiOptions openai;  // the timeout and the sharing of llama-server's too
  inference::LlamaOptions llama;
  uint16_t llama_port = 0;  // chosen at start
  UpstreamConfig bedrock;
  ReplayConfig replay;
  std::string api_key_env;  // the environment variable the key of an openai or a bedrock is in, or empty

  bool holds_secret() const;
};

// `node` is a list of them; relative paths start at `directory`.
void read_models(YamlReader& yaml, const YAML::Node& node, const std::filesystem::path& directory, std::vector<ModelConfig>& out);

}  // namespace outcrop::server
