#include "server/model_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <future>

#include "auth/policy_pattern.h"
#include "base/task_group.h"
#include "json/json.h"
#include "net/real_dialer.h"
#include "server/models.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

// Ours: who asks is a person at a terminal.
constexpr Seconds check_timeout{10};
constexpr size_t model_list_bytes_max = 1 << 20;
constexpr size_t names_told_max = 8;

std::string_view word_of(ProviderKind kind) {
  switch (kind) {
    case ProviderKind::embedded:
      return "embedded";
    case ProviderKind::openai:
      return "openai";
    case ProviderKind::llama_server:
      return "llama-server";
    case ProviderKind::bedrock:
      return "bedrock";
    case ProviderKind::replay:
      return "replay";
  }
  return {};
}

std::string url_text(const net::Url& url) { return fmt::format("{}://{}{}", url.scheme(), url.authority(), url.target); }

// What GET /models lists: {"data": [{"id": …}, …]}.
std::vector<std::string> names_in(std::string_view body) {
  std::vector<std::string> names;
  const auto parsed = json::parse(body);
  const json::Value* data = parsed ? parsed->find("data") : nullptr;
  if (!data || !data->is_array()) return names;
  for (const json::Value& item : data->as_array()) {
    const json::Value* id = item.find("id");
    if (id && id->is_string()) names.emplace_back(id->as_string());
  }
  return names;
}

ModelCheck judge(std::string subject, int status, std::string_view body, const std::string& served_model) {
  if (status == 401 || status == 403) return {std::move(subject), false, fmt::format("refuses the key ({})", status)};
  if (status == 404 || status == 405) return {std::move(subject), true, "answers, and does not list its models"};
  if (status != 200) return {std::move(subject), false, fmt::format("answers {} when asked for its models", status)};
  std::vector<std::string> names = names_in(body);
  if (std::ranges::count(names, served_model) > 0) return {std::move(subject), true, "serves " + served_model};
  if (names.size() > names_told_max) names.resize(names_told_max);
  return {std::move(subject), false, fmt::format("does not serve {}, but: {}", served_model, fmt::join(names, ", "))};
}

Task<ModelCheck> check_endpoint(const inference::OpenAiOptions& options, const net::Url& url, const CheckWorld& world) {
  net::ClientRequest request{.url = url};
  request.url.target += "/models";
  if (!options.api_key.empty()) request.headers.add("authorization", "Bearer " + options.api_key);
  request.deadline = world.clock.steady() + check_timeout;
  auto exchange = co_await keep(world.clients.current().send(std::move(request)));
  if (!exchange) co_return ModelCheck{url_text(url), false, "cannot be reached: " + exchange.error().message};
  const Result<std::string> body = co_await keep((*exchange)->read_whole(model_list_bytes_max));
  if (!body) co_return ModelCheck{url_text(url), false, body.error().message};
  co_return judge(url_text(url), (*exchange)->head().status, *body, options.served_model);
}

// As execvp(3) looks for it.
bool is_program(const std::string& command, const Environment& environment) {
  if (command.contains('/')) return access(command.c_str(), X_OK) == 0;
  const std::string path = environment("PATH").value_or("/bin:/usr/bin");
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    if (access((fs::path(path.substr(at, end - at)) / command).c_str(), X_OK) == 0) return true;
    at = end + 1;
  }
  return false;
}

std::vector<ModelCheck> check_llama(const inference::LlamaOptions& options, const Environment& environment) {
  const bool has_program = is_program(options.command, environment), has_file = access(options.gguf.c_str(), R_OK) == 0;
  return {{options.command, has_program, has_program ? "is there" : "is no program that can be started"},
          {options.gguf, has_file, has_file ? "can be read" : "cannot be read"}};
}

std::string describe_upstream(const UpstreamConfig& upstream) {
  return fmt::format("{}", fmt::join(upstream.regions.empty() ? std::vector<std::string>{"$AWS_REGION"} : upstream.regions, ", "));
}

// Whatever it answers: a model is not asked, which would cost something.
Task<ModelCheck> check_region(const inference::BedrockRegion& region, const CheckWorld& world) {
  net::ClientRequest request{.url = region.url};
  request.url.target += "/";
  request.deadline = world.clock.steady() + check_timeout;
  auto exchange = co_await keep(world.clients.current().send(std::move(request)));
  if (!exchange) co_return ModelCheck{url_text(region.url), false, "cannot be reached: " + exchange.error().message};
  co_return ModelCheck{url_text(region.url), true, "answers"};
}

Task<std::vector<ModelCheck>> check_upstream(const UpstreamConfig& upstream, const CheckWorld& world) {
  std::vector<ModelCheck> checks;
  if (upstream.options.api_key.empty()) {
    const auto source = upstream_credentials(upstream, world.clients, world.pool, world.clock);
    const Result<auth::IssuedCredentials> found = co_await keep(source->load());
    checks.push_back({"credentials", found.has_value(), found ? "are there: " + found->keys.access_key_id : found.error().message});
  }
  for (const inference::BedrockRegion& region : upstream.options.regions) checks.push_back(co_await check_region(region, world));
  co_return checks;
}

Task<std::vector<ModelCheck>> check_replay(ReplayConfig replay, const CheckWorld& world) {
  std::vector<ModelCheck> checks;
  const auto opened = inference::CassetteDirectory::open(replay.directory, /* must_exist */ !replay.records());
  checks.push_back({replay.directory, opened.has_value(), opened ? "can be read" : opened.error().message});
  if (!replay.records()) co_return checks;
  std::vector<ModelCheck> inner = co_await check_model(*replay.of, world);
  std::ranges::move(inner, std::back_inserter(checks));
  co_return checks;
}

// Each of them, on a loop of its own.
std::vector<std::vector<ModelCheck>> check_all(const std::vector<ModelConfig>& models, const net::ClientOptions& options) {
  RealClock clock;
  ThreadPool pool(1);
  net::Loops loops(clock, 1);
  net::Resolver resolver(clock, pool);
  net::RealDialer dialer(resolver);
  net::HttpClients clients(loops, dialer, options);
  TaskGroup tasks;
  std::promise<std::vector<std::vector<ModelCheck>>> checked;
  const CheckWorld world{clients, pool, clock};
  auto check = [](const auto& models, const CheckWorld& world, auto& checked) -> Task<void> {
    std::vector<std::vector<ModelCheck>> all;
    for (const ModelConfig& model : models) all.push_back(co_await check_model(model, world));
    co_await world.clients.close();
    checked.set_value(std::move(all));
  };
  loops.start();
  tasks.spawn_on(loops.at(0), check(models, world, checked));
  std::vector<std::vector<ModelCheck>> all = checked.get_future().get();
  loops.stop();
  loops.join();
  return all;
}

}  // namespace

std::string describe_model(const ModelConfig& model, const inference::Catalog& catalog) {
  const auto count = std::ranges::count_if(
      catalog.models(), [&](const inference::CatalogModel& row) { return auth::matches_wildcards(model.match, row.id); });
  std::string text = fmt::format("{}  {}", model.match, word_of(model.provider));
  if (model.provider == ProviderKind::openai) text += "  " + model.openai.served_model;
  if (model.provider == ProviderKind::llama_server) text += "  " + model.llama.served_model;
  if (model.provider == ProviderKind::bedrock) text += "  " + describe_upstream(model.bedrock);
  if (model.provider == ProviderKind::replay) text += "  " + model.replay.directory;
  if (model.latency) text += fmt::format("  latency {}", inference::word_of(*model.latency));
  if (model.tier) text += fmt::format("  tier {}", inference::word_of(*model.tier));
  if (!model.fallback.empty()) text += "  fallback " + model.fallback;
  return text + (count == 0 ? "  for no model of the catalogue" : fmt::format("  for {} models of the catalogue", count));
}

Task<std::vector<ModelCheck>> check_model(ModelConfig model, const CheckWorld& world) {
  if (auto read = read_model_key(model, world.environment); !read) {
    co_return std::vector<ModelCheck>{{"the environment", false, read.error().message}};
  }
  std::vector<ModelCheck> checks;
  switch (model.provider) {
    case ProviderKind::embedded:
      break;
    case ProviderKind::openai:
      for (const net::Url& url : model.openai.endpoints) checks.push_back(co_await check_endpoint(model.openai, url, world));
      break;
    case ProviderKind::llama_server:
      co_return check_llama(model.llama, world.environment);
    case ProviderKind::bedrock:
      co_return co_await check_upstream(model.bedrock, world);
    case ProviderKind::replay:
      co_return co_await check_replay(model.replay, world);
  }
  co_return checks;
}

bool print_models(const std::vector<ModelConfig>& models, bool check) {
  if (models.empty()) fmt::print("No models are configured: the embedded model answers for all of them.\n");
  std::vector<std::vector<ModelCheck>> checks(models.size());
  if (check) {
    auto options = model_client_options(models);
    if (!options) {
      fmt::print("{}\n", options.error().message);
      return false;
    }
    checks = check_all(models, *options);
  }
  const inference::Catalog catalog;
  bool all_well = true;
  for (size_t i = 0; i < models.size(); ++i) {
    fmt::print("{}\n", describe_model(models[i], catalog));
    for (const ModelCheck& one : checks[i]) {
      fmt::print("  {}  {}: {}\n", one.is_well ? "OK    " : "FAILED", one.subject, one.words);
      all_well &= one.is_well;
    }
  }
  return all_well;
}

}  // namespace outcrop::server
