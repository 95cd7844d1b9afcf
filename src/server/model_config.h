// The models of outcrop.yaml: which provider answers for which.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "inference/embedded_provider.h"
#include "inference/llama/llama_server.h"
#include "inference/openai/openai_provider.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

enum class ProviderKind { embedded, openai, llama_server };

struct ModelConfig {
  std::string match;  // * stands for any text: "anthropic.*"
  ProviderKind provider = ProviderKind::embedded;
  std::optional<inference::Latency> latency;   // only requests that ask for it
  std::optional<inference::ServiceTier> tier;  // likewise
  std::string fallback;                        // the model that is asked when this one fails, or empty
  inference::EmbeddedPace pace;                // of the embedded one
  inference::OpenAiOptions openai;             // of model servers; the timeout and the sharing of llama-server's too
  inference::LlamaOptions llama;
  uint16_t llama_port = 0;  // chosen at start
  std::string api_key_env;  // the environment variable its key is in, or empty
};

// `node` is a list of them. Files are relative to `directory`.
void read_models(YamlReader& yaml, const YAML::Node& node, const std::filesystem::path& directory, std::vector<ModelConfig>& out);

}  // namespace outcrop::server
