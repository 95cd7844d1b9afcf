// The tags of an alarm, by its ARN.
#pragma once
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {

// The alarm of the caller that an ARN names; InvalidParameterValue when it is none's.
Result<AlarmName> alarm_of_arn(const Call& call, std::string_view arn);

Fault no_such_resource(std::string_view arn);

// change(tags) on the alarm's shard; what it leaves is stored. F: Result<void>(wire::Map<std::string>&).
template <class F>
Task<Result<void>> change_tags(Cloudwatch& cloudwatch, const Call& call, std::string arn, F change) {
  const AlarmName name = co_await alarm_of_arn(call, arn);
  co_return co_await keep(cloudwatch.with_alarms(name, [&](ShardAlarms& alarms) -> Result<void> {
    const AlarmRecord* before = alarms.find(name);
    if (!before) return fail(no_such_resource(arn));
    AlarmRecord alarm = *before;
    if (auto changed = change(alarm.tags); !changed) return changed;
    alarms.put(name, std::move(alarm));
    return {};
  }));
}

}  // namespace outcrop::cloudwatch
