// What names a log group: account, Region and name; and the forms in which callers write it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"

namespace outcrop::cloudwatch_logs {

struct GroupName {
  std::string account, region, name;

  auto operator<=>(const GroupName&) const = default;
  std::string arn() const;  // without ":*"
};

inline GroupName group_of(const Call& call, std::string name) { return {call.account(), call.region, std::move(name)}; }

// The caller's group of that name or ARN, which may end in ":*". Faults: InvalidParameterException 400 for another form,
// ResourceNotFoundException 400 for the ARN of another account or Region, whose groups are not reached.
Result<GroupName> group_of_identifier(const Call& call, std::string_view identifier);

// Of an operation that takes a name or an identifier. Fault: InvalidParameterException 400 unless there is just one.
Result<GroupName> group_of(const Call& call, const std::optional<std::string>& name, const std::optional<std::string>& identifier);

// As group_of_identifier(), for what tags are put on: an ARN alone.
Result<GroupName> group_of_arn(const Call& call, std::string_view arn);

}  // namespace outcrop::cloudwatch_logs
