#include "server/model_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "server/paths.h"

namespace outcrop::server {

namespace {

Parsed<std::string> parse_model_pattern(std::string_view text) {
  auto allowed = [](char c) { return c > ' ' && c < 0x7f; };
  if (text.empty() || text.size() > 256 || !std::ranges::all_of(text, allowed))
    return std::unexpected(fmt::format("must be a model id, with * for any text, as in anthropic.*, not '{}'", text));
  return std::string(text);
}

Parsed<ProviderKind> parse_provider(std::string_view text) {
  if (text == "embedded") return ProviderKind::embedded;
  if (text == "openai") return ProviderKind::openai;
  if (text == "llama-server") return ProviderKind::llama_server;
  return std::unexpected(fmt::format("must be one of embedded, openai, llama-server, not '{}'", text));
}

Parsed<net::Url> parse_model_url(std::string_view text) {
  auto url = net::parse_url(text);
  if (!url) return std::unexpected(fmt::format("must be a URL, as in http://127.0.0.1:8000/v1: {}", url.error().message));
  if (url->target.contains('?')) return std::unexpected(fmt::format("must be a URL without a query, not '{}'", text));
  while (url->target.ends_with('/')) url->target.pop_back();
  return std::move(*url);
}

Parsed<std::string> parse_served_model(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::unexpected("must be 1 to 256 characters");
  return std::string(text);
}

// The value stays out of the message: it would end up in a log.
Parsed<std::string> parse_api_key(std::string_view text) {
  if (text.empty() || text.size() > 4096 || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
    return std::unexpected("must be 1 to 4096 printable ASCII characters without spaces");
  return std::string(text);
}

Parsed<std::string> parse_variable_name(std::string_view text) {
  auto allowed = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || text.size() > 256 || !std::ranges::all_of(text, allowed))
    return std::unexpected(fmt::format("must be the name of an environment variable, not '{}'", text));
  return std::string(text);
}

Parsed<Milliseconds> parse_model_timeout(std::string_view text) {
  auto timeout = parse_duration(text);
  if (timeout && timeout->count() == 0) return std::unexpected("must be longer than nothing");
  return timeout;
}

Parsed<bool> parse_boolean(std::string_view text) {
  if (text != "true" && text != "false") return std::unexpected(fmt::format("must be true or false, not '{}'", text));
  return text == "true";
}

Parsed<double> parse_pace(std::string_view text) {
  double pace = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pace);
  if (error != std::errc() || end != text.data() + text.size() || !(pace >= 0 && pace <= 1e6))
    return std::unexpected(fmt::format("must be a number from 0 to 1000000, not '{}'", text));
  return pace;
}

Parsed<inference::Latency> parse_latency(std::string_view text) {
  if (text == "standard") return inference::Latency::standard;
  if (text == "optimized") return inference::Latency::optimized;
  return std::unexpected(fmt::format("must be one of standard, optimized, not '{}'", text));
}

Parsed<inference::ServiceTier> parse_tier(std::string_view text) {
  using enum inference::ServiceTier;
  if (text == "default") return standard;
  if (text == "priority") return priority;
  if (text == "flex") return flex;
  if (text == "reserved") return reserved;
  return std::unexpected(fmt::format("must be one of default, priority, flex, reserved, not '{}'", text));
}

Parsed<std::string> parse_fallback(std::string_view text) {
  auto id = parse_model_pattern(text);
  if (!id || id->contains('*')) return std::unexpected(fmt::format("must be the id of a model, not '{}'", text));
  return id;
}

Parsed<size_t> parse_concurrency(std::string_view text) {
  size_t most = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || most < 1 || most > inference::limits::endpoint_window_max)
    return std::unexpected(fmt::format("must be a number from 1 to {}, not '{}'", inference::limits::endpoint_window_max, text));
  return most;
}

Parsed<int> parse_context(std::string_view text) {
  int tokens = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tokens);
  if (error != std::errc() || end != text.data() + text.size() || tokens < 1)
    return std::unexpected(fmt::format("must be a number of tokens, not '{}'", text));
  return tokens;
}

Parsed<std::string> parse_argument(std::string_view text) {
  if (text.contains('\0')) return std::unexpected("must not hold a zero byte");
  return std::string(text);
}

// Decides which other keys there may be.
ProviderKind provider_of(const YAML::Node& item) {
  if (!item.IsMap()) return ProviderKind::embedded;
  const YAML::Node name = item["provider"];
  return name && name.IsScalar() ? parse_provider(name.Scalar()).value_or(ProviderKind::embedded) : ProviderKind::embedded;
}

// What every entry has, whoever answers, and what this kind has besides.
void read_entry(YamlReader& yaml, const YAML::Node& item, ModelConfig& model, std::vector<YamlReader::Key> own) {
  std::vector<YamlReader::Key> keys = {{"match", yaml.into(model.match, parse_model_pattern), true},
                                       {"provider", yaml.into(model.provider, parse_provider), true},
                                       {"latency", yaml.into(model.latency, parse_latency)},
                                       {"tier", yaml.into(model.tier, parse_tier)},
                                       {"fallback", yaml.into(model.fallback, parse_fallback)}};
  std::ranges::move(own, std::back_inserter(keys));
  yaml.map(item, keys);
}

void read_openai(YamlReader& yaml, const YAML::Node& item, ModelConfig& model) {
  inference::OpenAiOptions& options = model.openai;
  read_entry(yaml, item, model,
             {{"url", yaml.append_to(options.endpoints, parse_model_url), true},
              {"served_model", yaml.into(options.served_model, parse_served_model), true},
              {"api_key", yaml.into(options.api_key, parse_api_key)},
              {"api_key_env", yaml.into(model.api_key_env, parse_variable_name)},
              {"timeout", yaml.into(options.timeout, parse_model_timeout)},
              {"concurrency", yaml.into(options.sharing.window_max, parse_concurrency)},
              {"queue", yaml.into(options.sharing.place_wait, parse_duration)},
              {"max_completion_tokens", yaml.into(options.max_completion_tokens, parse_boolean)}});
  if (options.endpoints.size() > inference::limits::model_endpoints_max)
    yaml.report(item, fmt::format("has more than {} addresses in url", inference::limits::model_endpoints_max));
  if (!options.api_key.empty() && !model.api_key_env.empty()) yaml.report(item, "has both api_key and api_key_env");
}

void read_llama(YamlReader& yaml, const YAML::Node& item, const std::filesystem::path& directory, ModelConfig& model) {
  inference::LlamaOptions& options = model.llama;
  read_entry(yaml, item, model,
             {{"gguf", yaml.into(options.gguf, parse_file), true},
              {"command", yaml.into(options.command, parse_file)},
              {"args", yaml.append_to(options.arguments, parse_argument)},
              {"context", yaml.into(options.context, parse_context)},
              {"served_model", yaml.into(options.served_model, parse_served_model)},
              {"start_timeout", yaml.into(options.start_timeout, parse_model_timeout)},
              {"timeout", yaml.into(model.openai.timeout, parse_model_timeout)},
              {"concurrency", yaml.into(model.openai.sharing.window_max, parse_concurrency)},
              {"queue", yaml.into(model.openai.sharing.place_wait, parse_duration)}});
  if (options.gguf.empty()) return;
  options.gguf = resolve(options.gguf, directory).string();
  if (options.command.contains('/')) options.command = resolve(options.command, directory).string();
  if (options.served_model.empty()) options.served_model = std::filesystem::path(options.gguf).stem().string();
}

void read_embedded(YamlReader& yaml, const YAML::Node& item, ModelConfig& model) {
  read_entry(yaml, item, model,
             {{"first_token_delay", yaml.into(model.pace.first_token, parse_duration)},
              {"tokens_per_second", yaml.into(model.pace.tokens_per_second, parse_pace)}});
}

bool have_same_conditions(const ModelConfig& a, const ModelConfig& b) {
  return a.match == b.match && a.latency == b.latency && a.tier == b.tier;
}

}  // namespace

void read_models(YamlReader& yaml, const YAML::Node& node, const std::filesystem::path& directory, std::vector<ModelConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    ModelConfig model;
    switch (provider_of(item)) {
      case ProviderKind::openai:
        read_openai(yaml, item, model);
        break;
      case ProviderKind::llama_server:
        read_llama(yaml, item, directory, model);
        break;
      case ProviderKind::embedded:
        read_embedded(yaml, item, model);
        break;
    }
    const bool taken = std::ranges::any_of(out, [&](const ModelConfig& other) { return have_same_conditions(model, other); });
    if (taken && !model.match.empty()) yaml.report(item, fmt::format("match {} is given twice", model.match));
    if (!model.fallback.empty() && model.fallback == model.match) yaml.report(item, "is its own fallback");
    out.push_back(std::move(model));
  });
}

}  // namespace outcrop::server
