#include "services/bedrock/profile/profile_identifier.h"

#include "services/bedrock/profile/system_profile.h"
#include "services/bedrock/profile/wording.h"
#include "services/bedrock/resource/resource_name.h"

namespace outcrop::bedrock {

namespace {

Result<ProfileIdentifier> by_id(const inference::Catalog& catalog, const Call& call, std::string_view id) {
  if (!catalog.find_profile(id)) return ProfileIdentifier{nullptr, id};
  const inference::InferenceProfile* profile = find_system_profile(catalog, call.region, id);
  if (!profile) return fail(no_such_profile(id));
  return ProfileIdentifier{profile, id};
}

}  // namespace

Result<ProfileIdentifier> read_profile_identifier(const inference::Catalog& catalog, const Call& call, std::string_view text) {
  if (!text.starts_with("arn:")) return by_id(catalog, call, text);
  const std::optional<ResourceName> name = parse_resource_name(text);
  const bool is_application = name && name->kind == application_profile_kind;
  if (!name || name->region != call.region || (!is_application && name->kind != system_profile_kind))
    return fail(validation_exception("The provided inference profile identifier is invalid."));
  if (!name->account.empty() && name->account != call.account()) return fail(anothers_profile());
  if (is_application) return ProfileIdentifier{nullptr, name->id};
  if (!catalog.find_profile(name->id)) return fail(no_such_profile(text));
  return by_id(catalog, call, name->id);
}

}  // namespace outcrop::bedrock
