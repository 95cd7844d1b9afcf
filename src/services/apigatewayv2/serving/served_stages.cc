#include "services/apigatewayv2/serving/served_stages.h"

#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/serving/frozen_parts.h"
#include "wire/record.h"

namespace outcrop::apigatewayv2 {

namespace {

using gateway::DeployedApi;
using gateway::ServedStage;

// Ids are of letters and digits, stage names of few characters more: whatever else a client wrote names nothing.
bool may_be_key(std::string_view text) { return !text.empty() && text.size() <= limits::stage_name_max && text.find('/') == text.npos; }

// Whether a path goes through a mapping: its key is the path's first segments. The longest of several decides, an empty one is the last.
bool leads(std::string_view mapping_key, std::string_view path) {
  if (mapping_key.empty()) return true;
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  return path.starts_with(mapping_key) && (path.size() == mapping_key.size() || path[mapping_key.size()] == '/');
}

// "*.example.com" of "chat.example.com".
std::string wildcard_of(std::string_view host) { return "*" + std::string(host.substr(std::min(host.find('.'), host.size()))); }

Task<Result<std::shared_ptr<const ServedStage>>> read_stage(store::Transaction& transaction, std::string_view api_id,
                                                            std::string_view name) {
  const std::optional<std::string> owner = co_await transaction.get(api_id_key(api_id));
  const std::optional<std::string> stored = co_await transaction.get(parts_prefix(api_id, part_kind::stage) + std::string(name));
  if (!owner || !stored) co_return nullptr;
  const ApiName api{place_in(*owner), std::string(api_id)};
  auto stage = co_await wire::decode_record<gateway::StageRecord>(*stored);
  const std::optional<std::string> live = co_await transaction.get(api_key(api));
  if (!live || !stage.deployment_id) co_return nullptr;
  std::optional<gateway::ApiParts> parts = co_await read_frozen_parts(transaction, api, *stage.deployment_id);
  if (!parts) co_return nullptr;
  // Tags are no part of what is deployed: they say at once how the API is run.
  parts->api.tags = (co_await wire::decode_record<gateway::ApiRecord>(*live)).tags;
  co_return std::make_shared<const ServedStage>(std::make_shared<const DeployedApi>(std::move(*parts)), std::string(name),
                                                std::move(stage));
}

}  // namespace

Task<Result<std::shared_ptr<const ServedStage>>> ServedStages::find(std::string_view api_id, std::string_view stage) {
  uint64_t drops = 0;
  if (Served served = known(api_id, stage, drops)) co_return served;
  if (!may_be_key(api_id) || !may_be_key(stage)) co_return nullptr;
  Served served = co_await load(api_id, stage);
  if (served) keep_served(api_id, stage, served, drops);
  co_return served;
}

// One snapshot: a deployment that is replaced meanwhile is read whole.
Task<Result<ServedStages::Served>> ServedStages::load(std::string_view api_id, std::string_view stage) {
  co_return co_await keep(world_.store.run(
      [&](store::Transaction& transaction) -> Task<Result<Served>> { co_return co_await keep(read_stage(transaction, api_id, stage)); }));
}

ServedStages::Served ServedStages::known(std::string_view api_id, std::string_view stage, uint64_t& drops) {
  std::lock_guard lock(mutex_);
  drops = drops_;
  const auto api = known_.find(api_id);
  if (api == known_.end()) return nullptr;
  const auto at = api->second.find(stage);
  return at == api->second.end() ? nullptr : at->second;
}

void ServedStages::keep_served(std::string_view api_id, std::string_view stage, const Served& served, uint64_t drops) {
  std::lock_guard lock(mutex_);
  if (drops != drops_) return;
  if (kept_ >= limits::served_stages_max) {
    known_.clear();
    kept_ = 0;
  }
  if (known_[std::string(api_id)].insert_or_assign(std::string(stage), served).second) ++kept_;
}

void ServedStages::drop(std::string_view api_id) {
  std::lock_guard lock(mutex_);
  ++drops_;
  const auto api = known_.find(api_id);
  if (api == known_.end()) return;
  kept_ -= api->second.size();
  known_.erase(api);
}

Task<Result<std::optional<gateway::MappedStage>>> ServedStages::find_domain(std::string_view host, std::string_view path) {
  if (!may_be_key(host)) co_return std::nullopt;
  std::string name(host);
  if (!co_await world_.store.get(domain_name_key(name))) {
    name = wildcard_of(host);
    if (!co_await world_.store.get(domain_name_key(name))) co_return std::nullopt;
  }
  std::optional<gateway::MappingRecord> best;
  for (store::Range left = store::Range::prefix(parts_prefix(name, part_kind::mapping)); !left.empty();) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(left);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      auto mapping = co_await wire::decode_record<gateway::MappingRecord>(entry.value);
      if (leads(mapping.key, path) && (!best || mapping.key.size() >= best->key.size())) best = std::move(mapping);
    }
    left.begin = store::key_after(entries.back().key);
  }
  if (!best) co_return std::nullopt;
  const size_t mapped = best->key.empty() ? 0 : best->key.size() + 1;  // with the slash before it
  std::string rest(path.substr(std::min(mapped, path.size())));
  co_return gateway::MappedStage{std::move(best->api_id), std::move(best->stage), rest == "/" ? "" : std::move(rest)};
}

}  // namespace outcrop::apigatewayv2
