#include "server/model_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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
  if (text == "bedrock") return ProviderKind::bedrock;
  if (text == "replay") return ProviderKind::replay;
  return std::unexpected(fmt::format("must be one of embedded, openai, llama-server, bedrock, replay, not '{}'", text));
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
  if (auto latency = inference::latency_called(text)) return *latency;
  return std::unexpected(fmt::format("must be one of standard, optimized, not '{}'", text));
}

Parsed<inference::ServiceTier> parse_tier(std::string_view text) {
  if (auto tier = inference::tier_called(text)) return *tier;
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

Parsed<std::string> parse_region(std::string_view text) {
  auto allowed = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; };
  if (text.empty() || text.size() > 64 || !std::ranges::all_of(text, allowed))
    return std::unexpected(fmt::format("must be an AWS Region, as in us-east-1, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_upstream_model(std::string_view text) {
  auto allowed = [](char c) { return c > ' ' && c < 0x7f; };
  if (text.empty() || text.size() > 2048 || !std::ranges::all_of(text, allowed) || std::ranges::count(text, '*') > 1)
    return std::unexpected(
        fmt::format("must be the id or ARN of a model or an inference profile, in which one * stands for the "
                    "foundation model's id, as in eu.*, not '{}'",
                    text));
  return std::string(text);
}

Parsed<std::string> parse_profile(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::unexpected("must be the name of a profile, of 1 to 256 characters");
  return std::string(text);
}

Parsed<inference::ReplayMode> parse_replay_mode(std::string_view text) {
  using enum inference::ReplayMode;
  if (text == "replay") return replay;
  if (text == "record") return record;
  if (text == "record_missing") return record_missing;
  return std::unexpected(fmt::format("must be one of replay, record, record_missing, not '{}'", text));
}

Parsed<inference::Match> parse_match(std::string_view text) {
  if (text == "exact") return inference::Match::exact;
  if (text == "normalised") return inference::Match::normalised;
  return std::unexpected(fmt::format("must be one of exact, normalised, not '{}'", text));
}

Parsed<inference::ReplayTiming> parse_replay_timing(std::string_view text) {
  if (text == "original") return inference::ReplayTiming::original;
  if (text == "compressed") return inference::ReplayTiming::compressed;
  return std::unexpected(fmt::format("must be one of original, compressed, not '{}'", text));
}

class ModelReader {
 public:
  ModelReader(YamlReader& yaml, const std::filesystem::path& directory) : yaml_(yaml), directory_(directory) {}

  // An entry of the list, which says what it matches, or who is recorded, which does not.
  void read(const YAML::Node& item, ModelConfig& model, bool is_entry) {
    Keys keys;
    if (is_entry) {
      keys = {{"match", yaml_.into(model.match, parse_model_pattern), true},
              {"latency", yaml_.into(model.latency, parse_latency)},
              {"tier", yaml_.into(model.tier, parse_tier)},
              {"fallback", yaml_.into(model.fallback, parse_fallback)}};
    }
    keys.push_back({"provider", yaml_.into(model.provider, parse_provider), true});
    switch (provider_of(item)) {
      case ProviderKind::embedded:
        return read_embedded(item, model, std::move(keys));
      case ProviderKind::openai:
        return read_openai(item, model, std::move(keys));
      case ProviderKind::llama_server:
        return read_llama(item, model, std::move(keys));
      case ProviderKind::bedrock:
        return read_bedrock(item, model, std::move(keys));
      case ProviderKind::replay:
        if (is_entry) return read_replay(item, model, std::move(keys));
        yaml_.report(item, "cannot be a replay of a replay");
    }
  }

 private:
  using Keys = std::vector<YamlReader::Key>;

  // Decides which other keys there may be.
  static ProviderKind provider_of(const YAML::Node& item) {
    if (!item.IsMap()) return ProviderKind::embedded;
    const YAML::Node name = item["provider"];
    return name && name.IsScalar() ? parse_provider(name.Scalar()).value_or(ProviderKind::embedded) : ProviderKind::embedded;
  }

  void map(const YAML::Node& item, Keys keys, std::initializer_list<YamlReader::Key> more) {
    keys.insert(keys.end(), more);
    yaml_.map(item, keys);
  }

  void read_embedded(const YAML::Node& item, ModelConfig& model, Keys keys) {
    map(item, std::move(keys),
        {{"first_token_delay", yaml_.into(model.pace.first_token, parse_duration)},
         {"tokens_per_second", yaml_.into(model.pace.tokens_per_second, parse_pace)}});
  }

  void read_openai(const YAML::Node& item, ModelConfig& model, Keys keys) {
    inference::OpenAiOptions& options = model.openai;
    map(item, std::move(keys),
        {{"url", yaml_.append_to(options.endpoints, parse_model_url), true},
         {"served_model", yaml_.into(options.served_model, parse_served_model), true},
         {"api_key", yaml_.into(options.api_key, parse_api_key)},
         {"api_key_env", yaml_.into(model.api_key_env, parse_variable_name)},
         {"timeout", yaml_.into(options.timeout, parse_model_timeout)},
         {"concurrency", yaml_.into(options.sharing.window_max, parse_concurrency)},
         {"queue", yaml_.into(options.sharing.place_wait, parse_duration)},
         {"max_completion_tokens", yaml_.into(options.max_completion_tokens, parse_boolean)}});
    check_addresses(item, options.endpoints.size());
    if (!options.api_key.empty() && !model.api_key_env.empty()) yaml_.report(item, "has both api_key and api_key_env");
  }

  void read_llama(const YAML::Node& item, ModelConfig& model, Keys keys) {
    inference::LlamaOptions& options = model.llama;
    map(item, std::move(keys),
        {{"gguf", yaml_.into(options.gguf, parse_file), true},
         {"command", yaml_.into(options.command, parse_file)},
         {"args", yaml_.append_to(options.arguments, parse_argument)},
         {"context", yaml_.into(options.context, parse_context)},
         {"served_model", yaml_.into(options.served_model, parse_served_model)},
         {"start_timeout", yaml_.into(options.start_timeout, parse_model_timeout)},
         {"timeout", yaml_.into(model.openai.timeout, parse_model_timeout)},
         {"concurrency", yaml_.into(model.openai.sharing.window_max, parse_concurrency)},
         {"queue", yaml_.into(model.openai.sharing.place_wait, parse_duration)}});
    if (options.gguf.empty()) return;
    options.gguf = resolve(options.gguf, directory_).string();
    if (options.command.contains('/')) options.command = resolve(options.command, directory_).string();
    if (options.served_model.empty()) options.served_model = std::filesystem::path(options.gguf).stem().string();
  }

  void read_bedrock(const YAML::Node& item, ModelConfig& model, Keys keys) {
    UpstreamConfig& upstream = model.bedrock;
    map(item, std::move(keys),
        {{"regions", yaml_.append_to(upstream.regions, parse_region)},
         {"url", yaml_.append_to(upstream.urls, parse_model_url)},
         {"upstream_model", yaml_.into(upstream.options.upstream_model, parse_upstream_model)},
         {"profile", yaml_.into(upstream.profile, parse_profile)},
         {"access_key_id_env", yaml_.into(upstream.access_key_id_env, parse_variable_name)},
         {"secret_access_key_env", yaml_.into(upstream.secret_access_key_env, parse_variable_name)},
         {"session_token_env", yaml_.into(upstream.session_token_env, parse_variable_name)},
         {"api_key", yaml_.into(upstream.options.api_key, parse_api_key)},
         {"api_key_env", yaml_.into(model.api_key_env, parse_variable_name)},
         {"timeout", yaml_.into(upstream.options.timeout, parse_model_timeout)}});
    check_addresses(item, std::max(upstream.urls.size(), upstream.regions.size()));
    const bool fit = upstream.urls.empty() || upstream.regions.size() <= 1 || upstream.regions.size() == upstream.urls.size();
    if (!fit) yaml_.report(item, "has other than one of regions for each address in url");
    check_credentials(item, model);
  }

  // There are several ways to say who asks, of which one may be taken.
  void check_credentials(const YAML::Node& item, const ModelConfig& model) {
    const UpstreamConfig& upstream = model.bedrock;
    const bool has_keys = !upstream.access_key_id_env.empty();
    if (has_keys == upstream.secret_access_key_env.empty() || (!has_keys && !upstream.session_token_env.empty()))
      yaml_.report(item, "needs access_key_id_env and secret_access_key_env, or neither");
    const int ways = !upstream.options.api_key.empty() + !model.api_key_env.empty() + has_keys + !upstream.profile.empty();
    if (ways > 1) yaml_.report(item, "has more than one of api_key, api_key_env, access_key_id_env and profile");
  }

  void read_replay(const YAML::Node& item, ModelConfig& model, Keys keys) {
    ReplayConfig& replay = model.replay;
    map(item, std::move(keys),
        {{"cassettes",
          [&](const YAML::Node& path) {
            yaml_.value<std::string>(path, parse_file, [&](std::string name) { replay.directory = resolve(name, directory_).string(); });
          },
          true},
         {"mode", yaml_.into(replay.options.mode, parse_replay_mode)},
         {"matching", yaml_.into(replay.options.match, parse_match)},
         {"timing", yaml_.into(replay.options.timing, parse_replay_timing)},
         {"of", [&](const YAML::Node& inner) {
            replay.of = std::make_shared<ModelConfig>();
            read(inner, *replay.of, /* is_entry */ false);
          }}});
    if (replay.records() && !replay.of) yaml_.report(item, "records, and lacks the key of, which says whom");
  }

  void check_addresses(const YAML::Node& item, size_t addresses) {
    if (addresses > inference::limits::model_endpoints_max)
      yaml_.report(item, fmt::format("has more than {} addresses in url", inference::limits::model_endpoints_max));
  }

  YamlReader& yaml_;
  const std::filesystem::path& directory_;
};

}  // namespace

namespace {

bool have_same_conditions(const ModelConfig& a, const ModelConfig& b) {
  return a.match == b.match && a.latency == b.latency && a.tier == b.tier;
}

}  // namespace

bool ModelConfig::holds_secret() const {
  return !openai.api_key.empty() || !bedrock.options.api_key.empty() || (replay.of && replay.of->holds_secret());
}

void read_models(YamlReader& yaml, const YAML::Node& node, const std::filesystem::path& directory, std::vector<ModelConfig>& out) {
  ModelReader reader(yaml, directory);
  yaml.list(node, [&](const YAML::Node& item) {
    ModelConfig model;
    reader.read(item, model, /* is_entry */ true);
    const bool taken = std::ranges::any_of(out, [&](const ModelConfig& other) { return have_same_conditions(model, other); });
    if (taken && !model.match.empty()) yaml.report(item, fmt::format("match {} is given twice", model.match));
    if (!model.fallback.empty() && model.fallback == model.match) yaml.report(item, "is its own fallback");
    out.push_back(std::move(model));
  });
}

}  // namespace outcrop::server
