// What a model identifier in a request stands for: a foundation model or an inference profile of the service, which routes to one, by
// id or ARN, or an inference profile of the account, by its ARN.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "core/call.h"
#include "inference/catalog.h"
#include "inference/inference_profiles.h"

namespace outcrop::bedrock_runtime {

class BedrockRuntime;

struct ModelTarget {
  // Which of a model's quotas a request counts against (Bedrock User Guide, "Quotas for Amazon Bedrock").
  enum class Route { on_demand, cross_region, global };

  const inference::CatalogModel* model = nullptr;
  Route route = Route::on_demand;
  std::string name;  // as metrics have it: the id of the model or of the profile
  // That the request came by, and which its usage is the account of. Null: none.
  std::shared_ptr<const inference::ApplicationProfile> application_profile;

  // The id of the service's own profile that it goes by; empty where there is none.
  std::string service_profile() const {
    const std::string& id = application_profile ? application_profile->source : name;
    return id == model->id ? std::string() : id;
  }
};

// Faults: those of model_target; ResourceNotFoundException 404 for application inference profiles that are not there.
Task<Result<ModelTarget>> target_of(BedrockRuntime& bedrock, const Call& call, std::string_view identifier);

// The same for what the catalogue holds. Faults: ValidationException 400 for identifiers that stand for nothing, for models that a Region
// has by a profile only, and for what is known and not built (custom models, prompts, routers); ResourceNotFoundException 404 for models at
// the end of their life.
Result<ModelTarget> model_target(const inference::Catalog& catalog, const Call& call, std::string_view identifier);

// "arn:aws:bedrock:us-east-1::foundation-model/ID", in the call's Region.
std::string foundation_model_arn(const Call& call, std::string_view id);

}  // namespace outcrop::bedrock_runtime
