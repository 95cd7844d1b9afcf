// The tags of log groups.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/map.h"

namespace outcrop::cloudwatch_logs {

using ChangeTags = std::function<Result<void>(wire::Map<std::string>& tags)>;

// Adds them; those of the same keys get the new values. Its fault: `too_many` when there are more than a group may have.
ChangeTags adding(wire::Map<std::string> added, Fault too_many);
ChangeTags removing(std::vector<std::string> keys);

}  // namespace outcrop::cloudwatch_logs
