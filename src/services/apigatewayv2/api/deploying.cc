#include "services/apigatewayv2/api/deploying.h"

#include <algorithm>
#include <map>

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/api/parts.h"
#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

using gateway::DeploymentRecord;
using gateway::StageRecord;

constexpr std::string_view automatic_description = "Automatic deployment triggered by changes to the Api configuration";

Fault no_routes() { return bad_request_exception("At least one route is required before deploying the Api"); }

Fault too_large(size_t bytes) {
  return bad_request_exception(
      fmt::format("The parts of the API have {} bytes together; a deployment holds at most {}.", bytes, limits::deployment_bytes_max));
}

std::string deployment_key(const ApiName& api, std::string_view deployment) {
  return parts_prefix(api.id, part_kind::deployment) + std::string(deployment);
}

// Keys as the frozen copy has them, relative to its prefix.
Task<Result<std::vector<store::Entry>>> copy_parts(store::Transaction& transaction, const ApiName& api) {
  const size_t common = all_parts_prefix(api.id).size();
  std::vector<store::Entry> copied;
  size_t bytes = 0;
  for (std::string_view kind : frozen_kinds) {
    std::vector<store::Entry> entries = co_await scan_all(transaction, store::Range::prefix(parts_prefix(api.id, kind)));
    if (kind == part_kind::route && entries.empty()) co_return fail(no_routes());
    for (store::Entry& entry : entries) {
      bytes += 2 * entry.key.size() + entry.value.size();  // read under one key, written under another
      copied.push_back({entry.key.substr(common), std::move(entry.value)});
    }
  }
  if (bytes > limits::deployment_bytes_max) co_return fail(too_large(bytes));
  co_return copied;
}

Task<Result<std::map<std::string, StageRecord>>> stages_of(store::Transaction& transaction, const ApiName& api) {
  const std::string prefix = parts_prefix(api.id, part_kind::stage);
  std::map<std::string, StageRecord> stages;
  for (const store::Entry& entry : co_await scan_all(transaction, store::Range::prefix(prefix)))
    stages.emplace(entry.key.substr(prefix.size()), co_await wire::decode_record<StageRecord>(entry.value));
  co_return stages;
}

bool is_used(const std::map<std::string, StageRecord>& stages, std::string_view deployment) {
  return std::ranges::any_of(stages, [&](const auto& stage) { return stage.second.deployment_id == deployment; });
}

struct Outcome {
  std::optional<std::string> deployment;
  std::string message;  // as stages tell it
};

// The fault of an API that cannot be deployed is an outcome here; others are not.
Task<Result<Outcome>> try_to_deploy(World& world, store::Transaction& transaction, const ApiName& api) {
  const std::string id = new_id(world.random, limits::deployment_id_length);
  const Result<void> frozen = co_await keep(freeze(transaction, api, id));
  if (!frozen && frozen.error().status != 400) co_return fail(frozen.error());
  if (!frozen) co_return Outcome{std::nullopt, "Deployment attempt failed: " + frozen.error().message};
  const DeploymentRecord record{.created_at = world.clock.wall(), .description = std::string(automatic_description), .auto_deployed = true};
  transaction.put(deployment_key(api, id), wire::encode_record(record));
  co_return Outcome{id, fmt::format("Successfully deployed stage with deployment ID '{}'", id)};
}

void apply(const Outcome& outcome, Instant now, StageRecord& stage) {
  if (outcome.deployment) stage.deployment_id = outcome.deployment;
  stage.last_deployment_status = outcome.message;
  stage.updated_at = now;
}

}  // namespace

Task<Result<void>> freeze(store::Transaction& transaction, const ApiName& api, std::string_view deployment) {
  const std::optional<std::string> record = co_await transaction.get(api_key(api));
  if (!record) co_return fail(no_such_api(api.place, api.id));
  const std::vector<store::Entry> copied = co_await copy_parts(transaction, api);
  const std::string prefix = frozen_prefix(api.id, deployment);
  transaction.put(prefix + "api", *record);
  for (const store::Entry& entry : copied) transaction.put(prefix + entry.key, entry.value);
  co_return {};
}

Task<Result<void>> erase_frozen(store::Transaction& transaction, const ApiName& api, std::string_view deployment) {
  const std::map<std::string, StageRecord> stages = co_await stages_of(transaction, api);
  if (is_used(stages, deployment))
    co_return fail(bad_request_exception("Active stages pointing to this deployment must be moved or deleted"));
  transaction.erase_range(store::Range::prefix(frozen_prefix(api.id, deployment)));
  co_return {};
}

Task<Result<void>> erase_spent_deployments(store::Transaction& transaction, const ApiName& api) {
  const std::map<std::string, StageRecord> stages = co_await stages_of(transaction, api);
  const std::string prefix = parts_prefix(api.id, part_kind::deployment);
  for (const store::Entry& entry : co_await scan_all(transaction, store::Range::prefix(prefix))) {
    const DeploymentRecord record = co_await wire::decode_record<DeploymentRecord>(entry.value);
    const std::string id = entry.key.substr(prefix.size());
    if (!record.auto_deployed || is_used(stages, id)) continue;
    transaction.erase(entry.key);
    transaction.erase_range(store::Range::prefix(frozen_prefix(api.id, id)));
  }
  co_return {};
}

Task<Result<void>> deploy_automatically(World& world, store::Transaction& transaction, const ApiName& api) {
  std::map<std::string, StageRecord> stages = co_await stages_of(transaction, api);
  std::erase_if(stages, [](const auto& stage) { return !stage.second.auto_deploy; });
  if (stages.empty()) co_return {};
  const Outcome outcome = co_await try_to_deploy(world, transaction, api);
  for (auto& [name, stage] : stages) {
    apply(outcome, world.clock.wall(), stage);
    transaction.put(parts_prefix(api.id, part_kind::stage) + name, wire::encode_record(stage));
  }
  co_return co_await keep(erase_spent_deployments(transaction, api));
}

Task<Result<void>> deploy_automatically(World& world, store::Transaction& transaction, const ApiName& api, StageRecord& stage) {
  const Outcome outcome = co_await try_to_deploy(world, transaction, api);
  apply(outcome, world.clock.wall(), stage);
  co_return {};
}

}  // namespace outcrop::apigatewayv2
