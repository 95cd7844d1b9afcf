// The inference profiles that accounts make for themselves, as whoever invokes models by them needs them: the service that keeps them
// implements this, and the server hands it to the one that invokes.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "core/call.h"

namespace outcrop::inference {

// An application inference profile. It never changes: only its tags do, and it may be deleted.
struct ApplicationProfile {
  std::string id;      // "0xumpou8xusv"
  std::string arn;     // "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/0xumpou8xusv"
  std::string source;  // what it was copied from: the id of a model of the catalogue or of one of its inference profiles
};

class InferenceProfiles {
 public:
  virtual ~InferenceProfiles() = default;

  // Of the caller's account and Region; null when it has none of that id. Thread-safe, and cheap for what was asked for before.
  virtual Task<Result<std::shared_ptr<const ApplicationProfile>>> find(const Call& call, std::string_view id) = 0;
};

}  // namespace outcrop::inference
