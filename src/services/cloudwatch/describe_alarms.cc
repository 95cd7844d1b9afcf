#include "gen/cloudwatch/describe_alarms.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudwatch/alarm/alarm_input.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

constexpr size_t records_default = 50;  // API, DescribeAlarms

bool acts_with(const std::vector<std::string>& actions, std::string_view prefix) {
  return std::ranges::any_of(actions, [&](const std::string& action) { return action.starts_with(prefix); });
}

// Whether an alarm passes the filters.
bool is_wanted(const AlarmRecord& alarm, const DescribeAlarmsInput& input) {
  if (input.state_value && alarm.state.value != *input.state_value) return false;
  if (!input.action_prefix) return true;
  return acts_with(alarm.ok_actions, *input.action_prefix) || acts_with(alarm.alarm_actions, *input.action_prefix) ||
         acts_with(alarm.insufficient_data_actions, *input.action_prefix);
}

// Composite alarms do not exist here, so that no alarm has parents or children.
bool asks_for_metric_alarms(const DescribeAlarmsInput& input) {
  if (input.children_of_alarm_name || input.parents_of_alarm_name) return false;
  return !input.alarm_types || std::ranges::find(*input.alarm_types, "MetricAlarm") != input.alarm_types->end();
}

Task<Result<std::vector<AlarmRecord>>> named_alarms(Cloudwatch& cloudwatch, const Place& place, const DescribeAlarmsInput& input) {
  std::vector<AlarmRecord> alarms;
  for (const std::string& name : *input.alarm_names) {
    auto alarm = co_await cloudwatch.find_alarm({place, name});
    if (alarm && is_wanted(*alarm, input)) alarms.push_back(std::move(*alarm));
  }
  std::ranges::sort(alarms, {}, &AlarmRecord::name);
  co_return alarms;
}

}  // namespace

// Alarms by name, by prefix or all of a region, in pages, in the order of their names.
Task<Result<DescribeAlarmsOutput>> describe_alarms(Cloudwatch& cloudwatch, Call& call, DescribeAlarmsInput input) {
  if (input.alarm_names && input.alarm_name_prefix)
    co_return fail(validation_exception("The parameters AlarmNames and AlarmNamePrefix must not be specified both."));
  DescribeAlarmsOutput output{.composite_alarms = std::vector<CompositeAlarm>(), .metric_alarms = std::vector<MetricAlarm>()};
  if (!asks_for_metric_alarms(input)) co_return output;
  const Place place = place_of(call);
  std::string after;
  if (input.next_token) {
    auto name = unbase64url(*input.next_token);
    if (!name || name->empty()) co_return fail(invalid_next_token("The NextToken is invalid."));
    after = std::move(*name);
  }
  const size_t most = input.max_records ? size_t(*input.max_records) : input.alarm_names ? limits::records_page_max : records_default;
  std::vector<AlarmRecord> alarms;
  if (input.alarm_names && !input.alarm_names->empty()) {
    alarms = co_await named_alarms(cloudwatch, place, input);
    std::erase_if(alarms, [&](const AlarmRecord& alarm) { return alarm.name <= after; });
  } else {
    alarms = co_await cloudwatch.list_alarms(place, input.alarm_name_prefix.value_or(""), after, most + 1,
                                             [&](const AlarmRecord& alarm) { return is_wanted(alarm, input); });
  }
  if (alarms.size() > most) {
    alarms.resize(most);
    output.next_token = base64url(alarms.back().name);
  }
  for (const AlarmRecord& alarm : alarms) output.metric_alarms->push_back(shown_alarm(alarm, place));
  co_return output;
}

}  // namespace outcrop::cloudwatch
