#include "gen/cloudwatch/enable_alarm_actions.h"

#include "services/cloudwatch/alarm/switch_actions.h"

namespace outcrop::cloudwatch {

// Lets alarms act when their state changes.
Task<Result<EnableAlarmActionsOutput>> enable_alarm_actions(Cloudwatch& cloudwatch, Call& call, EnableAlarmActionsInput input) {
  co_await switch_actions(cloudwatch, call, std::move(input.alarm_names), true);
  co_return EnableAlarmActionsOutput();
}

}  // namespace outcrop::cloudwatch
