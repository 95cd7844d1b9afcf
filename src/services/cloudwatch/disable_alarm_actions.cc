#include "gen/cloudwatch/disable_alarm_actions.h"

#include "services/cloudwatch/alarm/switch_actions.h"

namespace outcrop::cloudwatch {

// Keeps alarms from acting; their states go on to change.
Task<Result<DisableAlarmActionsOutput>> disable_alarm_actions(Cloudwatch& cloudwatch, Call& call, DisableAlarmActionsInput input) {
  co_await switch_actions(cloudwatch, call, std::move(input.alarm_names), false);
  co_return DisableAlarmActionsOutput();
}

}  // namespace outcrop::cloudwatch
