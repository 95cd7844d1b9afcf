#include "gen/cloudwatch/delete_alarms.h"

#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {

// Deletes those that exist (API, DeleteAlarms: wrong names keep no other from being deleted). Their history stays.
Task<Result<DeleteAlarmsOutput>> delete_alarms(Cloudwatch& cloudwatch, Call& call, DeleteAlarmsInput input) {
  for (std::string& each : input.alarm_names) {
    const AlarmName name{place_of(call), std::move(each)};
    co_await cloudwatch.with_alarms(name, [&](ShardAlarms& alarms) -> Result<void> {
      const AlarmRecord* alarm = alarms.find(name);
      if (!alarm) return {};
      std::string data = configuration_data(name.place, *alarm, "Delete");
      alarms.erase(name);
      alarms.add_history(cloudwatch.timers(), name, "ConfigurationUpdate", fmt::format("Alarm \"{}\" deleted", name.name), std::move(data));
      return {};
    });
  }
  co_return DeleteAlarmsOutput();
}

}  // namespace outcrop::cloudwatch
