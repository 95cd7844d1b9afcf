#include "services/cloudwatch/alarm/evaluation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "services/cloudwatch/text/number_text.h"

namespace outcrop::cloudwatch {
namespace {

// Of data points a reason names: more than that are listed apart, the latest five.
constexpr size_t named_inline_max = 4, listed_max = 5;

std::string_view plural(size_t count) { return count == 1 ? "" : "s"; }
std::string_view was(size_t count) { return count == 1 ? "was" : "were"; }

std::string_view comparison_words(std::string_view comparison) {
  if (comparison == "GreaterThanOrEqualToThreshold") return "greater than or equal to";
  if (comparison == "GreaterThanThreshold") return "greater than";
  if (comparison == "LessThanThreshold") return "less than";
  return "less than or equal to";
}

MissingData missing_data_of(const AlarmRecord& record) {
  // API, PutMetricAlarm: "Alarms that evaluate metrics in the AWS/DynamoDB namespace always ignore missing data".
  if (record.metric && record.metric->namespace_ == "AWS/DynamoDB") return MissingData::ignore;
  const std::string treat = record.treat_missing_data.value_or("missing");
  if (treat == "breaching") return MissingData::breaching;
  if (treat == "notBreaching") return MissingData::not_breaching;
  return treat == "ignore" ? MissingData::ignore : MissingData::missing;
}

// What is missing counts as nothing: the alarm goes by what is there. A breaching point that is at least M periods old without a better
// one anywhere in the range is an alarm, however few there are; younger ones decide nothing yet.
std::optional<std::string_view> state_of_few(const AlarmRule& rule, std::span<const AlarmPoint> range, size_t real, size_t breaching) {
  if (breaching >= size_t(rule.datapoints_to_alarm)) return state_alarm;
  if (breaching < real) return state_ok;
  if (rule.missing_data == MissingData::ignore) return std::nullopt;
  if (real == 0) return state_insufficient;
  size_t oldest_age = 0;
  for (size_t i = 0; i < range.size(); ++i)
    if (range[i].value) oldest_age = i + 1;
  if (oldest_age >= size_t(rule.datapoints_to_alarm)) return state_alarm;
  return std::nullopt;
}

std::string listed(const std::vector<AlarmPoint>& points, size_t most) {
  std::vector<std::string> texts;
  for (const AlarmPoint& point : points)
    if (texts.size() < most) texts.push_back(fmt::format("{} ({})", number_text(*point.value), short_time_text(point.time_s)));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string minimum(const AlarmRule& rule, bool is_alarm) {
  if (!rule.is_m_of_n) return "";
  const size_t needed = size_t(is_alarm ? rule.datapoints_to_alarm : rule.evaluation_periods - rule.datapoints_to_alarm + 1);
  return fmt::format(" (minimum {} datapoint{} for {} transition)", needed, plural(needed), is_alarm ? "OK -> ALARM" : "ALARM -> OK");
}

}  // namespace

AlarmRule AlarmRule::of(const AlarmRecord& record) {
  return {.evaluation_periods = record.evaluation_periods,
          .datapoints_to_alarm = record.datapoints_to_alarm.value_or(record.evaluation_periods),
          .is_m_of_n = record.datapoints_to_alarm.has_value(),
          .comparison = record.comparison_operator,
          .threshold = record.threshold,
          .missing_data = missing_data_of(record)};
}

bool AlarmRule::is_breaching(double value) const {
  if (comparison == "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison == "GreaterThanThreshold") return value > threshold;
  if (comparison == "LessThanThreshold") return value < threshold;
  return value <= threshold;
}

AlarmVerdict evaluate_alarm(const AlarmRule& rule, std::span<const AlarmPoint> range) {
  const size_t periods = size_t(rule.evaluation_periods), needed = size_t(rule.datapoints_to_alarm);
  AlarmVerdict verdict;
  size_t breaching = 0;
  for (const AlarmPoint& point : range) {
    if (!point.value || verdict.evaluated.size() == periods) continue;
    verdict.evaluated.push_back(point);
    if (rule.is_breaching(*point.value)) ++breaching;
  }
  const size_t real = verdict.evaluated.size();
  verdict.filled = periods - real;
  if (real == periods) {
    verdict.state = breaching >= needed ? state_alarm : state_ok;
    return verdict;
  }
  for (const AlarmPoint& point : range)
    if (!point.value && verdict.evaluated.size() < periods) verdict.evaluated.push_back(point);
  std::ranges::sort(verdict.evaluated, std::greater(), &AlarmPoint::time_s);
  if (rule.missing_data == MissingData::breaching)
    verdict.state = breaching + verdict.filled >= needed ? state_alarm : state_ok;
  else if (rule.missing_data == MissingData::not_breaching)
    verdict.state = breaching >= needed ? state_alarm : state_ok;
  else
    verdict.state = state_of_few(rule, range, real, breaching);
  return verdict;
}

std::string state_reason(const AlarmRule& rule, const AlarmVerdict& verdict) {
  const size_t periods = size_t(rule.evaluation_periods), real = periods - verdict.filled;
  const bool is_alarm = verdict.state == state_alarm;
  if (verdict.state == state_insufficient)
    return fmt::format("Insufficient Data: {} datapoint{} {} unknown.", periods, plural(periods), was(periods));
  const bool fills = rule.missing_data == MissingData::breaching || rule.missing_data == MissingData::not_breaching;
  if (verdict.filled > 0 && fills) {
    const std::string received = real == 0 ? "no datapoints were" : fmt::format("{} datapoint{} {}", real, plural(real), was(real));
    return fmt::format("Threshold Crossed: {} received for {} period{} and {} missing datapoint{} {} treated as [{}].", received, periods,
                       plural(periods), verdict.filled, plural(verdict.filled), was(verdict.filled),
                       rule.missing_data == MissingData::breaching ? "Breaching" : "NonBreaching");
  }
  std::vector<AlarmPoint> deciding;
  for (const AlarmPoint& point : verdict.evaluated)
    if (point.value && rule.is_breaching(*point.value) == is_alarm) deciding.push_back(point);
  const size_t count = deciding.size();
  const std::string counted = rule.is_m_of_n ? fmt::format("{} out of the last {} datapoints", count, periods)
                                             : fmt::format("{} datapoint{}", count, plural(count));
  const std::string compared = fmt::format("{}{} {} the threshold ({})", was(count), is_alarm ? "" : " not",
                                           comparison_words(rule.comparison), number_text(rule.threshold));
  if (count <= named_inline_max)
    return fmt::format("Threshold Crossed: {} {} {}{}.", counted, listed(deciding, named_inline_max), compared, minimum(rule, is_alarm));
  return fmt::format("Threshold Crossed: {} {}. The most recent datapoints{}: {}{}.", counted, compared,
                     is_alarm ? " which crossed the threshold" : "", listed(deciding, listed_max), minimum(rule, is_alarm));
}

bool is_low_sample(double percentile, double samples) {
  const double p = percentile / 100;
  if (p <= 0 || p >= 1) return false;
  return samples < 10 / (p >= 0.5 ? 1 - p : p);
}

}  // namespace outcrop::cloudwatch
