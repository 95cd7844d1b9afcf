// What a request may say of a stage, and how one is shown.
#pragma once
#include <string>
#include <string_view>

#include "gen/apigatewayv2/create_stage.h"
#include "gen/apigatewayv2/update_stage.h"
#include "services/apigatewayv2/api/apis.h"

namespace outcrop::apigatewayv2 {

// Faults, both: BadRequestException 400.
Result<StageRecord> read_new_stage(CreateStageInput input, Instant now);
Result<void> change_stage(StageRecord& record, UpdateStageInput input, Instant now);

// Whether the stage fits in with its API in that transaction, before it is written. Faults: NotFoundException 404 for a deployment that is
// not there, and for settings of a route that is not.
Task<Result<void>> check_stage_in(store::Transaction& transaction, Apis& apis, const ApiName& api, const StageRecord& record,
                                  const std::optional<wire::Map<RouteSettings>>& settings);

// For who erases a stage. Fault: BadRequestException 400 as long as a custom domain name leads to it.
Task<Result<void>> check_stage_unmapped(store::Transaction& transaction, const ApiName& api, std::string_view stage);

AccessLogSettings show_access_log(const gateway::AccessLogRecord& record);
RouteSettings show_route_settings(const gateway::RouteSettingsRecord& record);

template <class Shown>
Shown show_stage(std::string_view name, const StageRecord& record) {
  Shown shown;
  if (record.access_log) shown.access_log_settings = show_access_log(*record.access_log);
  shown.auto_deploy = record.auto_deploy;
  shown.client_certificate_id = record.client_certificate_id;
  shown.created_date = record.created_at;
  shown.default_route_settings = show_route_settings(record.default_route_settings);
  shown.deployment_id = record.deployment_id;
  shown.description = record.description;
  shown.last_deployment_status_message = record.last_deployment_status;
  shown.last_updated_date = record.updated_at;
  shown.route_settings.emplace();
  for (const auto& [key, settings] : record.route_settings) (*shown.route_settings)[key] = show_route_settings(settings);
  shown.stage_name = std::string(name);
  shown.stage_variables = record.variables;
  shown.tags = record.tags;
  return shown;
}

}  // namespace outcrop::apigatewayv2
