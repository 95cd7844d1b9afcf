// How a deployment is shown.
#pragma once
#include <string_view>

#include "services/apigatewayv2/api/apis.h"

namespace outcrop::apigatewayv2 {

// It is there once it is deployed.
template <class Shown>
Shown show_deployment(std::string_view id, const DeploymentRecord& record) {
  Shown shown;
  shown.auto_deployed = record.auto_deployed;
  shown.created_date = record.created_at;
  shown.deployment_id = std::string(id);
  shown.deployment_status = "DEPLOYED";
  shown.description = record.description;
  return shown;
}

}  // namespace outcrop::apigatewayv2
