#include "services/apigatewayv2/parts/stage_parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/fields.h"
#include "services/apigatewayv2/parts/tags.h"

namespace outcrop::apigatewayv2 {

namespace {

using gateway::AccessLogRecord;
using gateway::RouteSettingsRecord;

constexpr std::string_view name_signs = "-_", variable_value_signs = "-._~:/?#&=,";  // beside letters and digits

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool consists_of(std::string_view text, std::string_view signs) {
  return std::ranges::all_of(text, [&](char c) { return is_letter_or_digit(c) || signs.contains(c); });
}

Result<void> check_stage_name(const std::string& name) {
  if (!name.empty() && name.size() <= limits::stage_name_max && consists_of(name, name_signs)) return {};
  return fail(bad_request_exception("Stage name only allows a-zA-Z0-9_-"));
}

// Developer Guide, "API Gateway stage variables".
Result<void> check_variables(const std::optional<wire::Map<std::string>>& variables) {
  if (!variables) return {};
  for (const auto& [name, value] : *variables) {
    if (name.empty() || !consists_of(name, "_"))
      return fail(
          bad_request_exception(fmt::format("Invalid stage variable name: {}. Please use alphanumeric and underscore characters", name)));
    if (!consists_of(value, variable_value_signs))
      return fail(bad_request_exception(
          fmt::format("Invalid stage variable value: {}. Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', "
                      "':', '/', '?', '&', '=', and ','",
                      value)));
  }
  return {};
}

// Log groups are the destinations there are here.
Result<void> check_access_log(const AccessLogRecord& record) {
  const std::string destination = record.destination_arn.value_or("");
  const Fault malformed = bad_request_exception("Invalid ARN. ARN is not well formed " + destination);
  const std::optional<Arn> arn = parse_arn(destination);
  if (!arn || !arn->partition.starts_with("aws")) return fail(malformed);
  if (arn->service == "firehose")
    return fail(bad_request_exception("Access logs go to log groups of CloudWatch Logs; Firehose is not available in Outcrop"));
  if (arn->service != "logs" || !arn->resource.starts_with("log-group:")) return fail(malformed);
  if (!record.format) return fail(bad_request_exception("Access Log value must not be empty"));
  return {};
}

void take_settings(RouteSettingsRecord& record, const RouteSettings& settings) {
  set_value(record.data_trace, settings.data_trace_enabled);
  set_value(record.detailed_metrics, settings.detailed_metrics_enabled);
  set_value(record.logging_level, settings.logging_level);
  set_value(record.burst_limit, settings.throttling_burst_limit);
  set_value(record.rate_limit, settings.throttling_rate_limit);
}

Result<void> check_settings(const RouteSettingsRecord& record) {
  if (record.burst_limit.value_or(0) < 0 || record.rate_limit.value_or(0) < 0)
    return fail(bad_request_exception("Throttling limits must not be negative"));
  return {};
}

template <class Input>
Result<void> take_access_log(StageRecord& record, Input& input) {
  if (!input.access_log_settings) return {};
  if (!record.access_log) record.access_log.emplace();
  set_text(record.access_log->destination_arn, input.access_log_settings->destination_arn);
  set_text(record.access_log->format, input.access_log_settings->format);
  if (!record.access_log->destination_arn && !record.access_log->format) {
    record.access_log.reset();
    return {};
  }
  return check_access_log(*record.access_log);
}

template <class Input>
Result<void> take_settings_of_routes(StageRecord& record, const Input& input) {
  if (input.default_route_settings) take_settings(record.default_route_settings, *input.default_route_settings);
  if (Result<void> usable = check_settings(record.default_route_settings); !usable) return usable;
  if (!input.route_settings) return {};
  for (const auto& [key, settings] : *input.route_settings) {
    take_settings(record.route_settings[key], settings);
    if (Result<void> usable = check_settings(record.route_settings[key]); !usable) return usable;
  }
  return {};
}

template <class Input>
Result<void> take_members(StageRecord& record, Input& input) {
  if (input.client_certificate_id && !input.client_certificate_id->empty())
    return fail(bad_request_exception("Client certificates of stages are not available in Outcrop"));
  if (Result<void> usable = take_access_log(record, input); !usable) return usable;
  if (Result<void> usable = take_settings_of_routes(record, input); !usable) return usable;
  if (Result<void> usable = check_variables(input.stage_variables); !usable) return usable;
  merge_texts(record.variables, input.stage_variables);
  set_text(record.description, input.description);
  if (input.auto_deploy) record.auto_deploy = *input.auto_deploy;
  if (!input.deployment_id || input.deployment_id == record.deployment_id) return {};
  if (record.auto_deploy) return fail(bad_request_exception("DeploymentId cannot be set on a stage with AutoDeploy"));
  set_text(record.deployment_id, input.deployment_id);
  return {};
}

Fault stage_is_mapped(std::string_view stage, std::string_view domain) {
  return bad_request_exception(fmt::format(
      "Deleting stage {} failed. Please remove all base path mappings related to the stage in your domains: {}", stage, domain));
}

}  // namespace

Result<StageRecord> read_new_stage(CreateStageInput input, Instant now) {
  if (Result<void> usable = check_stage_name(input.stage_name); !usable) return fail(usable.error());
  StageRecord record{.created_at = now,
                     .updated_at = now,
                     .default_route_settings = {.data_trace = false, .detailed_metrics = false, .logging_level = "OFF"}};
  if (Result<void> usable = take_members(record, input); !usable) return fail(usable.error());
  if (Result<void> usable = add_tags(record.tags, input.tags); !usable) return fail(usable.error());
  return record;
}

Result<void> change_stage(StageRecord& record, UpdateStageInput input, Instant now) {
  record.updated_at = now;
  return take_members(record, input);
}

Task<Result<void>> check_stage_in(store::Transaction& transaction, Apis& apis, const ApiName& api, const StageRecord& record,
                                  const std::optional<wire::Map<RouteSettings>>& settings) {
  if (record.deployment_id && !co_await transaction.get(apis.deployments(api).key(*record.deployment_id)))
    co_return fail(not_found_exception("Deployment id does not exist"));
  if (!settings) co_return {};
  const std::vector<Part<RouteRecord>> routes = co_await apis.routes(api).list_in(transaction);
  for (const auto& [key, set] : *settings) {
    if (std::ranges::none_of(routes, [&](const Part<RouteRecord>& route) { return route.record.key == key; }))
      co_return fail(not_found_exception(fmt::format("Unable to find Route by key {} within the provided RouteSettings", key)));
  }
  co_return {};
}

Task<Result<void>> check_stage_unmapped(store::Transaction& transaction, const ApiName& api, std::string_view stage) {
  const std::string domains = domains_prefix(api.place);
  for (const store::Entry& domain : co_await scan_all(transaction, store::Range::prefix(domains))) {
    const std::string name = domain.key.substr(domains.size());
    for (const store::Entry& entry : co_await scan_all(transaction, store::Range::prefix(parts_prefix(name, part_kind::mapping)))) {
      const auto mapping = co_await wire::decode_record<gateway::MappingRecord>(entry.value);
      if (mapping.api_id == api.id && mapping.stage == stage) co_return fail(stage_is_mapped(stage, name));
    }
  }
  co_return {};
}

AccessLogSettings show_access_log(const AccessLogRecord& record) {
  return {.destination_arn = record.destination_arn, .format = record.format};
}

RouteSettings show_route_settings(const RouteSettingsRecord& record) {
  return {.data_trace_enabled = record.data_trace,
          .detailed_metrics_enabled = record.detailed_metrics,
          .logging_level = record.logging_level,
          .throttling_burst_limit = record.burst_limit,
          .throttling_rate_limit = record.rate_limit};
}

}  // namespace outcrop::apigatewayv2
