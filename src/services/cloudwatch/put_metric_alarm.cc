#include "gen/cloudwatch/put_metric_alarm.h"

#include "services/cloudwatch/alarm/alarm_input.h"
#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {

// Makes an alarm, or overwrites how one is configured: its state and its tags stay.
Task<Result<PutMetricAlarmOutput>> put_metric_alarm(Cloudwatch& cloudwatch, Call& call, PutMetricAlarmInput input) {
  const AlarmName name{place_of(call), input.alarm_name};
  AlarmRecord alarm = co_await alarm_of(input, name.place);
  auto tags = co_await tags_of(input.tags.value_or(std::vector<Tag>()));
  const Instant now = call.world.clock.wall();
  co_await cloudwatch.with_alarms(name, [&](ShardAlarms& alarms) -> Result<void> {
    const AlarmRecord* before = alarms.find(name);
    if (!before && alarms.size() >= limits::alarms_a_shard_max) return fail(limit_exceeded_fault("There are too many alarms."));
    alarm.configuration_updated = now;
    alarm.state = before ? before->state
                         : AlarmState{std::string(state_insufficient), "Unchecked: Initial alarm creation", std::nullopt, now, now, {}};
    alarm.tags = before ? before->tags : std::move(tags);
    const std::string_view type = before ? "Update" : "Create";
    std::string data = configuration_data(name.place, alarm, type);
    alarms.put(name, std::move(alarm));
    alarms.add_history(cloudwatch.timers(), name, "ConfigurationUpdate",
                       fmt::format("Alarm \"{}\" {}", name.name, before ? "updated" : "created"), std::move(data));
    return {};
  });
  co_return PutMetricAlarmOutput();
}

}  // namespace outcrop::cloudwatch
