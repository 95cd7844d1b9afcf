#include "services/cloudwatch-logs/group/group_name.h"

#include "base/arn.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

std::string GroupName::arn() const { return fmt::format("arn:aws:logs:{}:{}:log-group:{}", region, account, name); }

Result<GroupName> group_of_arn(const Call& call, std::string_view text) {
  constexpr std::string_view kind = "log-group:";
  const auto arn = parse_arn(text);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with(kind))
    return fail(invalid(fmt::format("Invalid resource ARN: {}", text)));
  std::string_view name = arn->resource.substr(kind.size());
  if (name.ends_with(":*")) name.remove_suffix(2);
  if (arn->account != call.account() || arn->region != call.region) return fail(no_such_group());
  return group_of(call, std::string(name));
}

Result<GroupName> group_of_identifier(const Call& call, std::string_view identifier) {
  if (identifier.starts_with("arn:")) return group_of_arn(call, identifier);
  return group_of(call, std::string(identifier));
}

Result<GroupName> group_of(const Call& call, const std::optional<std::string>& name, const std::optional<std::string>& identifier) {
  if (name.has_value() == identifier.has_value())
    return fail(invalid("Exactly one of logGroupName and logGroupIdentifier must be specified."));
  return name ? group_of(call, *name) : group_of_identifier(call, *identifier);
}

}  // namespace outcrop::cloudwatch_logs
