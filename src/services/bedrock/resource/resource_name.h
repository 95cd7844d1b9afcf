// The names of the service's resources: "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0".
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::bedrock {

inline constexpr std::string_view foundation_model_kind = "foundation-model";
inline constexpr std::string_view system_profile_kind = "inference-profile";
inline constexpr std::string_view application_profile_kind = "application-inference-profile";

// Parts of the text it was parsed from; region and account may be empty.
struct ResourceName {
  std::string_view region, account, kind, id;
};

// None for what is no ARN of this service.
std::optional<ResourceName> parse_resource_name(std::string_view text);

// Models belong to no account; in the list of a global profile not even to a Region.
std::string foundation_model_arn(std::string_view region, std::string_view id);
std::string profile_arn(std::string_view kind, std::string_view region, std::string_view account, std::string_view id);

}  // namespace outcrop::bedrock
