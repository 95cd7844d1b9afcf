// Deploying: a deployment is a copy of an API and of its parts as they were in one transaction, which stages are served from.
#pragma once
#include <string_view>

#include "core/world.h"
#include "gen/records/gateway.h"
#include "services/apigatewayv2/api/keys.h"
#include "store/store.h"

namespace outcrop::apigatewayv2 {

// Copies the API and its parts as `transaction` has them. Faults: BadRequestException 400 for an API without routes, and for one that is
// larger than a transaction holds; nothing is written then.
Task<Result<void>> freeze(store::Transaction& transaction, const ApiName& api, std::string_view deployment);

// For who erases that deployment: its copy goes with it. Fault: BadRequestException 400 as long as a stage has it.
Task<Result<void>> erase_frozen(store::Transaction& transaction, const ApiName& api, std::string_view deployment);
// Those that were made by themselves and that no stage has any more: they follow each other with every change, and nobody else erases them.
Task<Result<void>> erase_spent_deployments(store::Transaction& transaction, const ApiName& api);

// Gives the stages of the API that have AutoDeploy a deployment of it as it is in `transaction`; or, where it cannot be deployed, tells
// them why, as AWS does: what was changed stays changed.
Task<Result<void>> deploy_automatically(World& world, store::Transaction& transaction, const ApiName& api);
// The same for one stage, which is not written yet and may be new.
Task<Result<void>> deploy_automatically(World& world, store::Transaction& transaction, const ApiName& api, gateway::StageRecord& stage);

}  // namespace outcrop::apigatewayv2
