#include "services/apigatewayv2/serving/frozen_parts.h"

#include "services/apigatewayv2/api/parts.h"

namespace outcrop::apigatewayv2 {

namespace {

// "route/abc1234", or "route-response/abc1234/def567".
struct FrozenKey {
  std::string_view kind, owner, id;

  explicit FrozenKey(std::string_view key) {
    const size_t first = key.find('/'), last = key.rfind('/');
    kind = key.substr(0, first);
    if (first == std::string_view::npos) return;
    id = key.substr(last + 1);
    if (last > first) owner = key.substr(first + 1, last - first - 1);
  }
};

template <class Record>
Result<void> add(std::string_view id, std::string_view bytes, gateway::ById<Record>& to) {
  Result<Record> record = wire::decode_record<Record>(bytes);
  if (!record) return fail(std::move(record.error()));
  to.insert_or_assign(std::string(id), std::move(*record));
  return {};
}

Result<void> add(const FrozenKey& key, std::string_view bytes, gateway::ApiParts& parts) {
  if (key.kind == part_kind::route) return add(key.id, bytes, parts.routes);
  if (key.kind == part_kind::route_response) return add(key.id, bytes, parts.route_responses[std::string(key.owner)]);
  if (key.kind == part_kind::integration) return add(key.id, bytes, parts.integrations);
  if (key.kind == part_kind::integration_response) return add(key.id, bytes, parts.integration_responses[std::string(key.owner)]);
  if (key.kind == part_kind::authorizer) return add(key.id, bytes, parts.authorizers);
  if (key.kind == part_kind::model) return add(key.id, bytes, parts.models);
  return {};  // of a newer release
}

}  // namespace

Task<Result<std::optional<gateway::ApiParts>>> read_frozen_parts(store::Transaction& transaction, const ApiName& api,
                                                                 std::string_view deployment) {
  const std::string prefix = frozen_prefix(api.id, deployment);
  const std::optional<std::string> record = co_await transaction.get(prefix + "api");
  if (!record) co_return std::nullopt;
  gateway::ApiParts parts{
      .api_id = api.id, .account = api.place.account, .region = api.place.region, .deployment_id = std::string(deployment)};
  parts.api = co_await wire::decode_record<gateway::ApiRecord>(*record);
  for (const store::Entry& entry : co_await scan_all(transaction, store::Range::prefix(prefix)))
    co_await add(FrozenKey(std::string_view(entry.key).substr(prefix.size())), entry.value, parts);
  co_return parts;
}

}  // namespace outcrop::apigatewayv2
