// What state data points put an alarm into (User Guide, "Alarm evaluation", "Configuring how CloudWatch alarms treat missing data"):
// pure, so that AWS's tables are its tests.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gen/records/cloudwatch.h"

namespace outcrop::cloudwatch {

inline constexpr std::string_view state_ok = "OK", state_alarm = "ALARM", state_insufficient = "INSUFFICIENT_DATA";

enum class MissingData { missing, ignore, breaching, not_breaching };

struct AlarmRule {
  int32_t evaluation_periods = 1;   // N
  int32_t datapoints_to_alarm = 1;  // M
  bool is_m_of_n = false;           // M was given: reasons say so
  std::string comparison = "GreaterThanThreshold";
  double threshold = 0;
  MissingData missing_data = MissingData::missing;

  static AlarmRule of(const AlarmRecord& record);
  bool is_breaching(double value) const;
};

// A period of the evaluation range.
struct AlarmPoint {
  int64_t time_s = 0;
  std::optional<double> value;  // none: missing
  double samples = 0;
};

struct AlarmVerdict {
  std::optional<std::string_view> state;  // none: the alarm stays as it is
  std::vector<AlarmPoint> evaluated;      // the latest first; N of them
  size_t filled = 0;                      // of those, missing and filled in
};

// `range`: the latest first, at least N periods.
AlarmVerdict evaluate_alarm(const AlarmRule& rule, std::span<const AlarmPoint> range);

// "Threshold Crossed: 1 datapoint [21.5 (26/10/23 16:42:00)] was greater than the threshold (2.0)."
std::string state_reason(const AlarmRule& rule, const AlarmVerdict& verdict);

// Percentiles of few samples: fewer than 10 / (1 - p), or 10 / p below the median (User Guide, "Percentile-based alarms and low data
// samples").
bool is_low_sample(double percentile, double samples);

}  // namespace outcrop::cloudwatch
