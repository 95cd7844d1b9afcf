// Application inference profiles that a test has: the one it says, or none.
#pragma once
#include "inference/inference_profiles.h"

namespace outcrop::bedrock_runtime {

class FixedProfiles final : public inference::InferenceProfiles {
 public:
  std::shared_ptr<const inference::ApplicationProfile> profile;
  int asked = 0;

  Task<Result<std::shared_ptr<const inference::ApplicationProfile>>> find(const Call&, std::string_view id) override {
    ++asked;
    co_return profile && profile->id == id ? profile : nullptr;
  }
};

}  // namespace outcrop::bedrock_runtime
