// Carries out one action of an alarm: a message to an SNS topic, or the invocation of a function, through the directory.
#pragma once
#include "core/directory.h"
#include "gen/records/cloudwatch.h"
#include "services/cloudwatch/metric/identity.h"

namespace outcrop::cloudwatch {

struct Delivery {
  std::string published;  // what was sent
  std::string error;      // why it was not taken; empty when it was
};

Task<Delivery> deliver(World& world, Directory& directory, const Place& place, const AlarmRecord& alarm, const PendingAction& action);

// Whether it is an ARN that an alarm may have as an action (API, PutMetricAlarm: AlarmActions).
bool is_action(std::string_view arn);

}  // namespace outcrop::cloudwatch
