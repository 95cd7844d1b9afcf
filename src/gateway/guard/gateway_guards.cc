#include "gateway/guard/gateway_guards.h"

#include "base/arn.h"
#include "gateway/event/execution_log.h"
#include "gateway/guard/api_key_selection.h"
#include "gateway/record/access_log_line.h"
#include "json/json.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view aws_iam = "AWS_IAM", custom = "CUSTOM";

// "orders" of "arn:aws:logs:us-east-1:111122223333:log-group:orders" and of the same with ":*"; empty when it is no log group's.
std::string log_group_of(std::string_view destination) {
  constexpr std::string_view begin = "log-group:", every_stream = ":*";
  const std::optional<Arn> arn = parse_arn(destination);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with(begin)) return "";
  std::string_view name = arn->resource.substr(begin.size());
  if (name.ends_with(every_stream)) name.remove_suffix(every_stream.size());
  return std::string(name);
}

// Adds to what IAM said, if it did.
void add_to_identity(ConnectionRecord& connection, const ApiKeyConfig& key) {
  const auto known = json::parse(connection.identity.value_or("{}"));
  json::Object identity = known && known->is_object() ? known->as_object() : json::Object();
  identity.set("apiKey", std::string_view(key.key));
  identity.set("apiKeyId", std::string_view(key.name));
  connection.identity = json::write(std::move(identity));
}

}  // namespace

GatewayGuards::GatewayGuards(const GuardParts& parts, UsageOptions usage)
    : throttles_(parts.world.clock, parts.quotas),
      iam_(parts.world, parts.authenticator),
      authorizers_(parts.world, parts.functions),
      usage_plans_(parts.world, std::move(usage)),
      metrics_(parts.metrics),
      logs_(parts.world, parts.logs) {}

Task<void> GatewayGuards::stop() {
  co_await authorizers_.stop();
  co_await usage_plans_.stop();
  co_await logs_.stop();
}

Task<Result<void>> GatewayGuards::admit_connection(RouteEvent& event, const DeployedApi::Route* route, ConnectionContext& connection) {
  if (!throttles_.let_connection(*event.stage)) co_return refuse(event, refusal::throttled);
  std::string usage_identifier_key;
  if (route) usage_identifier_key = co_await authorize(event, *route, connection);
  const bool needs_key = (route && route->record.api_key_required.value_or(false)) || wants_api_keys(*event.stage);
  if (needs_key) co_await check_api_key(event, usage_identifier_key, connection);
  co_return {};
}

Task<Result<std::string>> GatewayGuards::authorize(RouteEvent& event, const DeployedApi::Route& route, ConnectionContext& connection) {
  const std::string& type = route.record.authorization_type;
  if (type == aws_iam) co_await iam_.authorize(event, connection);
  if (type != custom) co_return "";
  if (!route.authorizer) co_return refuse(event, refusal::authorizer_is_wrong);
  co_return co_await keep(authorizers_.authorize(event, *route.authorizer, connection));
}

Result<void> GatewayGuards::check_api_key(RouteEvent& event, std::string_view usage_identifier_key, ConnectionContext& connection) {
  const std::optional<std::string> given = find_api_key(event, usage_identifier_key);
  const ApiKeyConfig* key = given ? usage_plans_.find(event.stage->api->account(), *given) : nullptr;
  if (!key) return refuse(event, refusal::invalid_api_key);
  add_to_identity(connection.record, *key);
  if (const Refusal* refusal = usage_plans_.let_connection(*key, connection.id)) return refuse(event, *refusal);
  return {};
}

Result<void> GatewayGuards::admit_message(RouteEvent& event, const DeployedApi::Route& route, size_t bytes) {
  if (!throttles_.let_message(*event.stage, route.record.key)) return refuse(event, refusal::throttled);
  if (const Refusal* refusal = usage_plans_.let_message(event.connection.id, bytes)) return refuse(event, *refusal);
  return {};
}

Result<void> GatewayGuards::admit_post(const ConnectionContext& connection) {
  const ConnectionRecord& record = connection.record;
  if (!throttles_.let_post(record.account, record.region))
    return fail("LimitExceededException", refusal::throttled.status, std::string(refusal::throttled.message));
  metrics_.posted(connection);
  return {};
}

void GatewayGuards::record(const RouteEvent& event) {
  metrics_.ended(event);
  if (event.log) {
    const DeployedApi& api = *event.stage->api;
    logs_.add({api.account(), api.region(), execution_log_group(*event.stage), logs_.stream()}, event.log->take_lines());
  }
  write_access_log(event);
}

void GatewayGuards::write_access_log(const RouteEvent& event) {
  const std::optional<AccessLogRecord>& log = event.stage->record.access_log;
  if (!log || !log->destination_arn || !log->format) return;
  const std::string group = log_group_of(*log->destination_arn);
  const DeployedApi& api = *event.stage->api;
  if (!group.empty()) logs_.add({api.account(), api.region(), group, logs_.stream()}, access_log_line(*log->format, event));
}

}  // namespace outcrop::gateway
