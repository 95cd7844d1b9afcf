// An alarm as JSON: in its history, and in the messages its actions send.
#pragma once
#include <string>

#include "gen/records/cloudwatch.h"
#include "json/json.h"
#include "services/cloudwatch/alarm/evaluation.h"
#include "services/cloudwatch/metric/identity.h"

namespace outcrop::cloudwatch {

// "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME".
std::string alarm_arn(const Place& place, std::string_view name);

// HistoryData of a ConfigurationUpdate; `type` is Create, Update or Delete.
std::string configuration_data(const Place& place, const AlarmRecord& alarm, std::string_view type);
// HistoryData of a StateUpdate.
std::string state_data(const AlarmState& from, const AlarmState& to);
// HistoryData of an Action; `error` empty when it succeeded.
std::string action_data(const PendingAction& action, std::string_view published, std::string_view error);

// StateReasonData of an evaluation.
std::string reason_data(const AlarmRecord& alarm, const AlarmVerdict& verdict, int32_t period_s, Instant queried);

// What an SNS topic is sent: subject and message.
std::string notification_subject(const Place& place, const PendingAction& action);
std::string notification(const Place& place, const AlarmRecord& alarm, const PendingAction& action);
// What a function is invoked with.
std::string lambda_event(const Place& place, const AlarmRecord& alarm, const PendingAction& action, std::string_view metric_id);

}  // namespace outcrop::cloudwatch
