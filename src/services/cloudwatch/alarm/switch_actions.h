// EnableAlarmActions and DisableAlarmActions: the same but for a word.
#pragma once
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {

// Names of alarms that do not exist are passed over, as AWS does.
Task<Result<void>> switch_actions(Cloudwatch& cloudwatch, const Call& call, std::vector<std::string> names, bool enabled);

}  // namespace outcrop::cloudwatch
