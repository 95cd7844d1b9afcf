#include "server/model_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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
  return std::unexpected(fmt::format("must be one of embedded, openai, not '{}'", text));
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

// Decides which other keys there may be.
ProviderKind provider_of(const YAML::Node& item) {
  if (!item.IsMap()) return ProviderKind::embedded;
  const YAML::Node name = item["provider"];
  return name && name.IsScalar() && name.Scalar() == "openai" ? ProviderKind::openai : ProviderKind::embedded;
}

void read_openai(YamlReader& yaml, const YAML::Node& item, ModelConfig& model) {
  inference::OpenAiOptions& options = model.openai;
  yaml.map(item, {{"match", yaml.into(model.match, parse_model_pattern), true},
                  {"provider", yaml.into(model.provider, parse_provider), true},
                  {"url", yaml.append_to(options.endpoints, parse_model_url), true},
                  {"served_model", yaml.into(options.served_model, parse_served_model), true},
                  {"api_key", yaml.into(options.api_key, parse_api_key)},
                  {"api_key_env", yaml.into(model.api_key_env, parse_variable_name)},
                  {"timeout", yaml.into(options.timeout, parse_model_timeout)},
                  {"max_completion_tokens", yaml.into(options.max_completion_tokens, parse_boolean)}});
  if (options.endpoints.size() > inference::limits::model_endpoints_max)
    yaml.report(item, fmt::format("has more than {} addresses in url", inference::limits::model_endpoints_max));
  if (!options.api_key.empty() && !model.api_key_env.empty()) yaml.report(item, "has both api_key and api_key_env");
}

void read_embedded(YamlReader& yaml, const YAML::Node& item, ModelConfig& model) {
  yaml.map(item, {{"match", yaml.into(model.match, parse_model_pattern), true},
                  {"provider", yaml.into(model.provider, parse_provider), true},
                  {"first_token_delay", yaml.into(model.pace.first_token, parse_duration)},
                  {"tokens_per_second", yaml.into(model.pace.tokens_per_second, parse_pace)}});
}

}  // namespace

void read_models(YamlReader& yaml, const YAML::Node& node, std::vector<ModelConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    ModelConfig model;
    provider_of(item) == ProviderKind::openai ? read_openai(yaml, item, model) : read_embedded(yaml, item, model);
    const bool taken = std::ranges::find(out, model.match, &ModelConfig::match) != out.end();
    if (taken && !model.match.empty()) yaml.report(item, fmt::format("match {} is given twice", model.match));
    out.push_back(std::move(model));
  });
}

}  // namespace outcrop::server
