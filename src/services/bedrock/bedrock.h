// Bedrock: the control plane of Amazon Bedrock, so far its foundation models and inference profiles. One file beside this is one
// operation; what they share is in the folders below: model/ what the catalogue says of a Region, profile/ inference profiles, the
// service's own and those that accounts make, resource/ the names of both and the tags of the latter.
//
// The catalogue's models and profiles are on no disk. Application inference profiles are shared: store transactions alone, whose keys
// profile/keys.h lists. A reset forgets them.
#pragma once
#include "core/call.h"
#include "inference/catalog.h"
#include "services/bedrock/profile/application_profiles.h"

namespace outcrop::bedrock {

class Bedrock {
 public:
  // Both must outlive it.
  Bedrock(World& world, const inference::Catalog& catalog) : catalog_(catalog), application_profiles_(world) {}

  const inference::Catalog& catalog() const { return catalog_; }
  ApplicationProfiles& application_profiles() { return application_profiles_; }

 private:
  const inference::Catalog& catalog_;
  ApplicationProfiles application_profiles_;
};

}  // namespace outcrop::bedrock
