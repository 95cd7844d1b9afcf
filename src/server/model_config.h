// The models of outcrop.yaml: which provider answers for which.
#pragma once
#include <string>
#include <vector>

#include "inference/embedded_provider.h"
#include "inference/openai/openai_provider.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

enum class ProviderKind { embedded, openai };

struct ModelConfig {
  std::string match;  // * stands for any text: "anthropic.*"
  ProviderKind provider = ProviderKind::embedded;
  inference::EmbeddedPace pace;     // of the embedded one
  inference::OpenAiOptions openai;  // of the other
  std::string api_key_env;          // the environment variable its key is in, or empty
};

// `node` is a list of them.
void read_models(YamlReader& yaml, const YAML::Node& node, std::vector<ModelConfig>& out);

}  // namespace outcrop::server
