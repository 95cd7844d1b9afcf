#include "services/apigatewayv2/api/apis.h"

#include "services/apigatewayv2/api/deploying.h"
#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view this_api = "this API";

// A place below a part of an API: its prefix and its owners end in that part.
PartPlace below(PartPlace place, const PartPlace& owners, std::string_view owner) {
  place.prefix += std::string(owner) + "/";
  place.owners.push_back({owners.prefix + std::string(owner), owners.absent(owner)});
  return place;
}

Task<Result<void>> take_id(store::Transaction& transaction, const ApiName& api) {
  if (co_await transaction.get(api_id_key(api.id))) co_return fail(exists_already("API"));
  transaction.put(api_id_key(api.id), api.place.text());
  co_return {};
}

// Domain names are few, and APIs seldom go.
Task<Result<void>> check_unmapped(store::Transaction& transaction, const ApiName& api) {
  const std::string domains = domains_prefix(api.place);
  for (const store::Entry& domain : co_await scan_all(transaction, store::Range::prefix(domains))) {
    const std::string mappings = parts_prefix(domain.key.substr(domains.size()), part_kind::mapping);
    for (const store::Entry& mapping : co_await scan_all(transaction, store::Range::prefix(mappings))) {
      const auto record = co_await wire::decode_record<gateway::MappingRecord>(mapping.value);
      if (record.api_id == api.id) co_return fail(api_is_mapped(api.id));
    }
  }
  co_return {};
}

Task<Result<void>> erase_contents(store::Transaction& transaction, const ApiName& api) {
  co_await check_unmapped(transaction, api);
  transaction.erase_range(store::Range::prefix(all_parts_prefix(api.id)));
  transaction.erase_range(store::Range::prefix(all_frozen_prefix(api.id)));
  transaction.erase(api_id_key(api.id));
  co_return {};
}

}  // namespace

PartPlace Apis::part_place(const ApiName& api, std::string_view key_kind, std::string_view kind, size_t count_max) {
  return {.owners = {{api_key(api), no_such_api(api.place, api.id)}},
          .prefix = parts_prefix(api.id, key_kind),
          .absent = [kind](std::string_view id) { return no_such_part(kind, id); },
          .taken = exists_already(kind),
          .count_max = count_max,
          .too_many = too_many(std::string(kind) + "s", this_api),
          .committed = [this, id = api.id] { on_change_(id); }};
}

PartPlace Apis::frozen_place(const ApiName& api, std::string_view key_kind, std::string_view kind, size_t count_max) {
  PartPlace place = part_place(api, key_kind, kind, count_max);
  place.follow = [this, api](store::Transaction& transaction) { return deploy_automatically(world_, transaction, api); };
  return place;
}

PartPlace Apis::api_place(const Place& place) {
  return {.prefix = apis_prefix(place),
          .absent = [place](std::string_view id) { return no_such_api(place, id); },
          .taken = exists_already("API"),
          .count_max = quota_of(quotas_, place, Counted::apis),
          .too_many = too_many("APIs", "this account")};
}

Parts<ApiRecord> Apis::apis(const Place& place) { return {world_, api_place(place)}; }

Task<Result<std::string>> Apis::create(const Place& place, const ApiRecord& record) {
  const ApiName api{place, new_id(world_.random, limits::api_id_length)};
  co_await apis(place).create(api.id, record, [&](store::Transaction& transaction, ApiRecord&) { return take_id(transaction, api); });
  co_return api.id;
}

Task<Result<ApiRecord>> Apis::change(const ApiName& api, const Change& change) {
  PartPlace place = api_place(api.place);
  place.follow = [this, api](store::Transaction& transaction) { return deploy_automatically(world_, transaction, api); };
  Parts<ApiRecord> apis(world_, std::move(place));
  ApiRecord changed = co_await apis.change(api.id, change);
  on_change_(api.id);
  co_return changed;
}

Task<Result<void>> Apis::change_tags(const ApiName& api, const std::function<Result<void>(wire::Map<std::string>& tags)>& change) {
  co_await apis(api.place).change(api.id, [&](ApiRecord& record) { return change(record.tags); });
  on_change_(api.id);
  co_return {};
}

Task<Result<void>> Apis::erase(const ApiName& api) {
  co_await apis(api.place).erase(api.id,
                                 [&](store::Transaction& transaction, const ApiRecord&) { return erase_contents(transaction, api); });
  on_change_(api.id);
  co_return {};
}

Parts<RouteRecord> Apis::routes(const ApiName& api) {
  return {world_, frozen_place(api, part_kind::route, "Route", quota_of(quotas_, api.place, Counted::routes))};
}

Parts<RouteResponseRecord> Apis::route_responses(const ApiName& api, std::string_view route) {
  return {world_, below(frozen_place(api, part_kind::route_response, "RouteResponse", limits::responses_max),
                        part_place(api, part_kind::route, "Route", 0), route)};
}

Parts<IntegrationRecord> Apis::integrations(const ApiName& api) {
  return {world_, frozen_place(api, part_kind::integration, "Integration", quota_of(quotas_, api.place, Counted::integrations))};
}

Parts<IntegrationResponseRecord> Apis::integration_responses(const ApiName& api, std::string_view integration) {
  return {world_, below(frozen_place(api, part_kind::integration_response, "IntegrationResponse", limits::responses_max),
                        part_place(api, part_kind::integration, "Integration", 0), integration)};
}

Parts<AuthorizerRecord> Apis::authorizers(const ApiName& api) {
  return {world_, frozen_place(api, part_kind::authorizer, "Authorizer", quota_of(quotas_, api.place, Counted::authorizers))};
}

Parts<ModelRecord> Apis::models(const ApiName& api) { return {world_, frozen_place(api, part_kind::model, "Model", limits::models_max)}; }

Parts<DeploymentRecord> Apis::deployments(const ApiName& api) {
  PartPlace place = part_place(api, part_kind::deployment, "Deployment", limits::deployments_max);
  place.follow = [api](store::Transaction& transaction) { return erase_spent_deployments(transaction, api); };
  return {world_, std::move(place)};
}

Parts<StageRecord> Apis::stages(const ApiName& api) {
  PartPlace place = part_place(api, part_kind::stage, "Stage", quota_of(quotas_, api.place, Counted::stages));
  place.absent = [](std::string_view) { return no_such_stage(); };
  place.follow = [api](store::Transaction& transaction) { return erase_spent_deployments(transaction, api); };
  return {world_, std::move(place)};
}

// Ids that are gone from the store are gone for who serves, too: all that were there are told.
Task<Result<void>> Apis::forget(const std::optional<std::string>& account) {
  for (store::Range left = store::Range::prefix(all_api_ids_prefix); !left.empty();) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(left);
    if (entries.empty()) break;
    left.begin = store::key_after(entries.back().key);
    for (const store::Entry& entry : entries) {
      if (account && !entry.value.starts_with(*account + "/")) continue;
      const std::string id = entry.key.substr(all_api_ids_prefix.size());
      store::WriteBatch batch;
      batch.erase_range(store::Range::prefix(all_parts_prefix(id)));
      batch.erase_range(store::Range::prefix(all_frozen_prefix(id)));
      batch.erase(entry.key);
      batch.erase(api_key(place_in(entry.value), id));
      co_await world_.store.write(std::move(batch));
      on_change_(id);
    }
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
