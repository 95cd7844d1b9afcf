// Profiles of ~/.aws/config and ~/.aws/credentials (AWS SDKs and Tools reference guide, "Shared config and credentials files").
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::auth {

using ProfileSettings = std::map<std::string, std::string, std::less<>>;  // by name in lower case

enum class ProfileFile { config, credentials };  // which differ in the names of their sections

// The settings of one profile; none where the file has no such section. Lines that are no settings are passed over, as are those that
// belong to the setting above them.
std::optional<ProfileSettings> profile_in(std::string_view text, ProfileFile kind, std::string_view profile);

}  // namespace outcrop::auth
