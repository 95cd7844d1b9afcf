// Where the functions of an account in a Region lie in the store. QUALIFIER is "$LATEST", a version or an alias; PLACE is ACCOUNT/REGION.
//   global/lambda/PLACE/f/FUNCTION               FunctionRecord (models/records/lambda.json)
//   global/lambda/PLACE/v/FUNCTION/VERSION       VersionRecord; a number has ten digits there, so that they are in order; "$LATEST" first
//   global/lambda/PLACE/a/FUNCTION/ALIAS         AliasRecord
//   global/lambda/PLACE/p/FUNCTION/QUALIFIER     PolicyRecord; "$LATEST" stands for the function without a qualifier
//   global/lambda/PLACE/e/FUNCTION/QUALIFIER     EventInvokeRecord
//   global/lambda/PLACE/u/FUNCTION/QUALIFIER     UrlRecord
//   global/lambda/PLACE/c/FUNCTION/QUALIFIER     ProvisionedRecord
//   global/lambda/PLACE/m/UUID                   MappingRecord
//   global/lambda-url/ID                         PLACE/FUNCTION/QUALIFIER: a URL's id is unique over all of them
//   global/lambda-code/SHA256/PLACE/FUNCTION/VERSION   which versions have the code of that digest, in hexadecimal digits
//   global/lambda-unsettled/PLACE/FUNCTION/VERSION     which versions have a change under way, whoever was killed meanwhile
//   global/lambda-provisioned/PLACE/FUNCTION           nothing: the function may have ProvisionedRecords
#pragma once
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"
#include "store/store.h"

namespace outcrop::lambda {

// Who owns a function, and where.
struct Place {
  std::string account, region;
  bool operator==(const Place&) const = default;
};

inline Place place_of(const Call& call) { return {call.account(), call.region}; }

inline constexpr std::string_view latest = "$LATEST";
// Whether a qualifier is the number of a version. What is neither that nor $LATEST is an alias's name.
inline bool is_version_number(std::string_view qualifier) {
  return !qualifier.empty() && qualifier.find_first_not_of("0123456789") == std::string_view::npos;
}

class FunctionKeys {
 public:
  explicit FunctionKeys(const Place& place) : prefix_(of_account(place.account) + place.region + "/") {}

  std::string function(std::string_view name) const { return prefix_ + "f/" + std::string(name); }
  std::string version(std::string_view name, std::string_view version) const { return versions_prefix(name) + in_order(version); }
  std::string alias(std::string_view name, std::string_view alias) const { return under('a', name, alias); }
  std::string policy(std::string_view name, std::string_view qualifier) const { return under('p', name, qualifier); }
  std::string event_invoke(std::string_view name, std::string_view qualifier) const { return under('e', name, qualifier); }
  std::string url(std::string_view name, std::string_view qualifier) const { return under('u', name, qualifier); }
  std::string provisioned(std::string_view name, std::string_view qualifier) const { return under('c', name, qualifier); }
  std::string mapping(std::string_view uuid) const { return prefix_ + "m/" + std::string(uuid); }
  static std::string url_id(std::string_view id) { return "global/lambda-url/" + std::string(id); }
  static std::string code_uses() { return "global/lambda-code/"; }
  static std::string code_uses(std::string_view sha256) { return code_uses() + std::string(sha256) + "/"; }
  std::string code_use(std::string_view sha256, std::string_view name, std::string_view version) const {
    return code_uses(sha256) + std::string(of_place()) + std::string(name) + "/" + std::string(version);
  }
  static std::string unsettled() { return "global/lambda-unsettled/"; }
  std::string unsettled(std::string_view name, std::string_view version) const {
    return unsettled() + std::string(of_place()) + std::string(name) + "/" + std::string(version);
  }

  // Functions with provisioned concurrency, of everyone: a server that starts provisions it again.
  static store::Range provisioned_functions() { return store::Range::prefix("global/lambda-provisioned/"); }
  std::string provisioned_function(std::string_view name) const {
    return provisioned_functions().begin + std::string(of_place()) + std::string(name);
  }

  store::Range functions() const { return store::Range::prefix(function("")); }
  store::Range all_versions() const { return store::Range::prefix(prefix_ + "v/"); }
  store::Range versions(std::string_view name) const { return store::Range::prefix(versions_prefix(name)); }
  // All of a kind ('a', 'p', 'e', 'u', 'c') that a function has.
  store::Range of_function(char kind, std::string_view name) const { return store::Range::prefix(under(kind, name, "")); }
  // All that is in the place.
  store::Range all() const { return store::Range::prefix(prefix_); }
  // Of all functions.
  store::Range of_any_function(char kind) const { return store::Range::prefix(prefix_ + kind + "/"); }
  store::Range mappings() const { return store::Range::prefix(mapping("")); }

  // What stands behind the last slash of a key.
  static std::string_view last_part(std::string_view key) { return key.substr(key.rfind('/') + 1); }
  // "$LATEST", "12": of a version's key.
  static std::string version_in(std::string_view key) {
    std::string_view text = last_part(key);
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
    return std::string(text);
  }

  // Whose a key of all_of() is.
  static Place place_in(std::string_view key) {
    key.remove_prefix(of_anyone().size());
    const size_t account_end = key.find('/'), region_end = key.find('/', account_end + 1);
    check(account_end != key.npos && region_end != key.npos, "a key of Lambda names its account and its Region");
    return {std::string(key.substr(0, account_end)), std::string(key.substr(account_end + 1, region_end - account_end - 1))};
  }

  // All that an account, or any, has in any Region.
  static store::Range all_of(const std::optional<std::string>& account) {
    return store::Range::prefix(account ? of_account(*account) : of_anyone());
  }
  static store::Range all_unsettled_of(const std::optional<std::string>& account) {
    return store::Range::prefix(account ? unsettled() + *account + "/" : unsettled());
  }

 private:
  // "ACCOUNT/REGION/"
  std::string_view of_place() const { return std::string_view(prefix_).substr(of_anyone().size()); }
  static std::string of_anyone() { return "global/lambda/"; }
  static std::string of_account(std::string_view account) { return of_anyone() + std::string(account) + "/"; }
  static std::string in_order(std::string_view version) {
    return version == latest ? std::string(version) : fmt::format("{:0>10}", version);
  }
  std::string versions_prefix(std::string_view name) const { return prefix_ + "v/" + std::string(name) + "/"; }
  std::string under(char kind, std::string_view name, std::string_view rest) const {
    return prefix_ + kind + "/" + std::string(name) + "/" + std::string(rest);
  }

  std::string prefix_;
};

}  // namespace outcrop::lambda
