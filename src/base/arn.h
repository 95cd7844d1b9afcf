// Amazon Resource Names: "arn:partition:service:region:account:resource", whose resource may hold colons.
#pragma once
#include <optional>
#include <string_view>

namespace outcrop {

// Parts of the text it was parsed from; each may be empty.
struct Arn {
  std::string_view partition, service, region, account, resource;
};

// None for a text that does not begin with "arn:" or has fewer parts.
std::optional<Arn> parse_arn(std::string_view text);

}  // namespace outcrop
