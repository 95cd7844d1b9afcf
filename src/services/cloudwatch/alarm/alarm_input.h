// PutMetricAlarm's input, checked, as the record it becomes (API, PutMetricAlarm); and the record as DescribeAlarms shows it.
#pragma once
#include "base/result.h"
#include "gen/cloudwatch/put_metric_alarm.h"
#include "gen/records/cloudwatch.h"
#include "services/cloudwatch/metric/identity.h"

namespace outcrop::cloudwatch {

// Without state and tags. Faults with ValidationException, InvalidParameterCombination and their like.
Result<AlarmRecord> alarm_of(const PutMetricAlarmInput& input, const Place& place);

Result<wire::Map<std::string>> tags_of(const std::vector<Tag>& tags);

MetricAlarm shown_alarm(const AlarmRecord& record, const Place& place);

}  // namespace outcrop::cloudwatch
