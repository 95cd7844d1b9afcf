#include "services/cloudwatch/alarm/switch_actions.h"

#include "services/cloudwatch/alarm/alarm_text.h"

namespace outcrop::cloudwatch {

Task<Result<void>> switch_actions(Cloudwatch& cloudwatch, const Call& call, std::vector<std::string> names, bool enabled) {
  for (std::string& each : names) {
    const AlarmName name{place_of(call), std::move(each)};
    co_await cloudwatch.with_alarms(name, [&](ShardAlarms& alarms) -> Result<void> {
      const AlarmRecord* before = alarms.find(name);
      if (!before || before->actions_enabled == enabled) return {};
      AlarmRecord alarm = *before;
      alarm.actions_enabled = enabled;
      alarm.configuration_updated = call.world.clock.wall();
      std::string data = configuration_data(name.place, alarm, "Update");
      alarms.put(name, std::move(alarm));
      alarms.add_history(cloudwatch.timers(), name, "ConfigurationUpdate", fmt::format("Alarm \"{}\" updated", name.name), std::move(data));
      return {};
    });
  }
  co_return {};
}

}  // namespace outcrop::cloudwatch
