#include "base/arn.h"

namespace outcrop {

std::optional<Arn> parse_arn(std::string_view text) {
  Arn arn;
  std::string_view prefix;
  for (std::string_view* part : {&prefix, &arn.partition, &arn.service, &arn.region, &arn.account}) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    *part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (prefix != "arn") return std::nullopt;
  arn.resource = text;
  return arn;
}

}  // namespace outcrop
