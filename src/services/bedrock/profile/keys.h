// Where the application inference profiles of an account in a Region lie in the store:
//   global/bedrock/ACCOUNT/REGION/p/ID      ApplicationProfileRecord (models/records/bedrock.json)
//   global/bedrock/ACCOUNT/REGION/n/NAME    the id of the profile of that name
//   global/bedrock/ACCOUNT/REGION/t/TOKEN   the id of the profile that a request of that token made, as long as it is there
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"
#include "store/store.h"

namespace outcrop::bedrock {

// Who owns a profile, and where.
struct Place {
  std::string_view account, region;
};

inline Place place_of(const Call& call) { return {call.account(), call.region}; }

class ProfileKeys {
 public:
  explicit ProfileKeys(const Place& place) : prefix_(of_account(place.account) + std::string(place.region) + "/") {}

  std::string profile(std::string_view id) const { return prefix_ + "p/" + std::string(id); }
  std::string name(std::string_view name) const { return prefix_ + "n/" + std::string(name); }
  std::string token(std::string_view token) const { return prefix_ + "t/" + std::string(token); }

  // The profiles, by id, behind `after`.
  store::Range profiles_behind(std::string_view after) const {
    store::Range range = store::Range::prefix(profile(""));
    if (!after.empty()) range.begin = store::key_after(profile(after));
    return range;
  }
  store::Range names() const { return store::Range::prefix(name("")); }
  // Of a profile's key.
  std::string_view id_in(std::string_view key) const { return key.substr(prefix_.size() + 2); }

  // All that an account, or any, has in any Region.
  static store::Range all_of(const std::optional<std::string>& account) {
    return store::Range::prefix(account ? of_account(*account) : of_anyone());
  }

 private:
  static std::string of_anyone() { return "global/bedrock/"; }
  static std::string of_account(std::string_view account) { return of_anyone() + std::string(account) + "/"; }

  std::string prefix_;
};

}  // namespace outcrop::bedrock
