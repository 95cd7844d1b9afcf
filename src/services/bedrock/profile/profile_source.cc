#include "services/bedrock/profile/profile_source.h"

#include "services/bedrock/model/region_models.h"
#include "services/bedrock/profile/system_profile.h"
#include "services/bedrock/profile/wording.h"
#include "services/bedrock/resource/resource_name.h"

namespace outcrop::bedrock {

Result<ProfileSource> read_profile_source(const inference::Catalog& catalog, const Call& call, std::string_view arn) {
  const std::optional<ResourceName> name = parse_resource_name(arn);
  const std::unexpected<Fault> invalid = fail(validation_exception("copyFrom must be a valid inference profile model source ARN."));
  if (!name || name->region != call.region) return invalid;
  if (name->kind == foundation_model_kind && name->account.empty()) {
    const inference::CatalogModel* model = catalog.find_model(name->id);
    if (!model || !RegionModels(catalog, call.region).offers_on_demand(*model)) return invalid;
    return ProfileSource{model->id, {foundation_model_arn(call.region, model->id)}};
  }
  if (name->kind != system_profile_kind) return invalid;
  if (!name->account.empty() && name->account != call.account()) return fail(anothers_profile());
  const inference::InferenceProfile* profile = find_system_profile(catalog, call.region, name->id);
  if (!profile) return invalid;
  return ProfileSource{profile->id, models_of(*profile, call.region)};
}

}  // namespace outcrop::bedrock
