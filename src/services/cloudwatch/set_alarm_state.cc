#include "gen/cloudwatch/set_alarm_state.h"

#include "json/json.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {

// Gives an alarm a state by hand; the next evaluation may give it another.
Task<Result<SetAlarmStateOutput>> set_alarm_state(Cloudwatch& cloudwatch, Call& call, SetAlarmStateInput input) {
  if (input.state_reason_data && !json::parse(*input.state_reason_data))
    co_return fail(invalid_format_fault("The parameter StateReasonData must be JSON."));
  const AlarmName name{place_of(call), input.alarm_name};
  co_await cloudwatch.with_alarms(name, [&](ShardAlarms& alarms) -> Result<void> {
    if (!alarms.find(name)) return fail(resource_not_found(""));
    alarms.set_state(cloudwatch.timers(), name, input.state_value, std::move(input.state_reason), std::move(input.state_reason_data));
    return {};
  });
  co_return SetAlarmStateOutput();
}

}  // namespace outcrop::cloudwatch
