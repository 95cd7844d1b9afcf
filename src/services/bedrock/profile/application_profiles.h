// The inference profiles that accounts make for themselves: kept in the store, and remembered for whoever invokes models by them.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "gen/bedrock/types.h"
#include "gen/records/bedrock.h"
#include "inference/inference_profiles.h"
#include "services/bedrock/profile/keys.h"

namespace outcrop::bedrock {

// Thread-safe.
class ApplicationProfiles final : public inference::InferenceProfiles {
 public:
  explicit ApplicationProfiles(World& world) : world_(world) {}

  // Gives the id of the new profile, or of the one that a request of the same token made before. Faults: ConflictException 400 when the
  // name is taken, ServiceQuotaExceededException 400.
  Task<Result<std::string>> create(const Place& place, ApplicationProfileRecord record);

  Task<Result<std::optional<ApplicationProfileRecord>>> get(const Place& place, std::string_view id);

  struct Stored {
    std::string id;
    ApplicationProfileRecord record;
  };
  // At most `count` of them, by id, behind `after`; an empty one: from the first.
  Task<Result<std::vector<Stored>>> list(const Place& place, std::string_view after, size_t count);

  // What changes the tags may fault. Fault: ResourceNotFoundException 404.
  using ChangeTags = std::function<Result<void>(wire::Map<std::string>& tags)>;
  Task<Result<void>> change_tags(const Place& place, std::string_view id, const ChangeTags& change);

  // Fault: ResourceNotFoundException 404.
  Task<Result<void>> erase(const Place& place, std::string_view id);

  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

  Task<Result<std::shared_ptr<const inference::ApplicationProfile>>> find(const Call& call, std::string_view id) override;

 private:
  using Known = std::shared_ptr<const inference::ApplicationProfile>;
  void drop(std::string_view key);

  World& world_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by the key of the profile
  uint64_t drops_ = 0;                               // what was read from the store before one of them is not remembered
};

// A profile as its owner is told of it.
InferenceProfileSummary describe(const Place& place, std::string_view id, const ApplicationProfileRecord& record);

}  // namespace outcrop::bedrock
