#include "services/cloudwatch/metric/samples.h"

#include <algorithm>
#include <cmath>

#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

bool is_value(double value) { return std::isfinite(value) && std::fabs(value) <= limits::value_max; }

Result<void> check_value(double value, const std::string& parameter) {
  if (is_value(value)) return {};
  return fail(invalid_value_of(fmt::format("{}", value), parameter));
}

Result<void> check_namespace(const std::string& name) {
  if (name.starts_with("AWS/")) return fail(invalid_value_of("AWS/", "Namespace"));
  return {};
}

Result<void> check_dimensions(const std::vector<Dimension>& dimensions, const std::string& path) {
  for (size_t i = 0; i < dimensions.size(); ++i) {
    if (dimensions[i].name.starts_with(':'))
      return fail(invalid_value_of(dimensions[i].name, fmt::format("{}.member.{}.Name", path, i + 1)));
    for (size_t other = 0; other < i; ++other)
      if (dimensions[other].name == dimensions[i].name)
        return fail(invalid_value(fmt::format("The parameter {} must not name a dimension twice: {}.", path, dimensions[i].name)));
  }
  return {};
}

Result<void> check_time(Instant at, Instant now, const std::string& path) {
  if (at < now - limits::timestamp_past_max)
    return fail(invalid_value(fmt::format("The parameter {}.Timestamp must specify a time within the past two weeks.", path)));
  if (at > now + limits::timestamp_future_max)
    return fail(invalid_value(fmt::format("The parameter {}.Timestamp must specify a time no more than two hours in the future.", path)));
  return {};
}

Result<void> add_set(const StatisticSet& set, const std::string& path, Aggregate& values) {
  for (auto [value, name] :
       {std::pair(set.sample_count, "SampleCount"), {set.sum, "Sum"}, {set.minimum, "Minimum"}, {set.maximum, "Maximum"}})
    if (auto fine = check_value(value, fmt::format("{}.StatisticValues.{}", path, name)); !fine) return fine;
  if (set.sample_count <= 0)
    return fail(invalid_value(fmt::format("The parameter {}.StatisticValues.SampleCount must be greater than 0.", path)));
  if (set.maximum < set.minimum)
    return fail(
        invalid_value(fmt::format("The parameter {0}.StatisticValues.Maximum must be greater than {0}.StatisticValues.Minimum.", path)));
  values.add_set(set.sample_count, set.sum, set.minimum, set.maximum);
  return {};
}

Result<void> add_values(const MetricDatum& datum, const std::string& path, Aggregate& values) {
  const std::vector<double>& given = *datum.values;
  if (given.empty()) return fail(missing(path + ".Values"));
  if (given.size() > limits::values_max)
    return fail(invalid_value(fmt::format("The collection {}.Values must not have a size greater than {}.", path, limits::values_max)));
  if (datum.counts && datum.counts->size() != given.size())
    return fail(invalid_value(fmt::format("The parameters {0}.Values and {0}.Counts must be of the same size.", path)));
  for (size_t i = 0; i < given.size(); ++i) {
    if (auto fine = check_value(given[i], fmt::format("{}.Values.member.{}", path, i + 1)); !fine) return fine;
    const double count = datum.counts ? (*datum.counts)[i] : 1;
    if (!is_value(count) || count < 0)
      return fail(invalid_value_of(fmt::format("{}", count), fmt::format("{}.Counts.member.{}", path, i + 1)));
    if (count > 0) values.add(given[i], count);
  }
  return {};
}

Result<void> add_what_is_given(const MetricDatum& datum, const std::string& path, Aggregate& values) {
  if (datum.value && datum.statistic_values) return fail(exclusive(path + ".Value", path + ".StatisticValues"));
  if (datum.value && datum.values) return fail(exclusive(path + ".Value", path + ".Values"));
  if (datum.statistic_values && datum.values) return fail(exclusive(path + ".StatisticValues", path + ".Values"));
  if (datum.counts && !datum.values) return fail(missing(path + ".Values"));
  if (datum.values) return add_values(datum, path, values);
  if (datum.statistic_values) return add_set(*datum.statistic_values, path, values);
  if (!datum.value) return fail(missing(path + ".Value"));
  if (auto fine = check_value(*datum.value, path + ".Value"); !fine) return fine;
  values.add(*datum.value);
  return {};
}

Result<Sample> sample_of(const std::string& metric_namespace, const MetricDatum& datum, const std::string& path, Instant now) {
  Sample sample;
  const std::vector<Dimension> dimensions = datum.dimensions.value_or(std::vector<Dimension>());
  if (auto fine = check_dimensions(dimensions, path + ".Dimensions"); !fine) return fail(std::move(fine.error()));
  sample.metric = MetricIdentity::of(metric_namespace, datum.metric_name, dimensions);
  sample.at = datum.timestamp.value_or(now);
  if (auto fine = check_time(sample.at, now, path); !fine) return fail(std::move(fine.error()));
  if (datum.unit) sample.unit = unit_of(*datum.unit).value_or(0);
  const int32_t resolution = datum.storage_resolution.value_or(60);
  if (resolution != 1 && resolution != 60) return fail(invalid_value_of(std::to_string(resolution), path + ".StorageResolution"));
  sample.high_resolution = resolution == 1;
  if (auto fine = add_what_is_given(datum, path, sample.values); !fine) return fail(std::move(fine.error()));
  return sample;
}

}  // namespace

Result<std::vector<Sample>> samples_of(const std::string& metric_namespace, std::span<const MetricDatum> data, Instant now) {
  if (auto fine = check_namespace(metric_namespace); !fine) return fail(std::move(fine.error()));
  if (data.size() > limits::metric_data_max)
    return fail(invalid_value(fmt::format("The collection MetricData must not have a size greater than {}.", limits::metric_data_max)));
  std::vector<Sample> samples;
  samples.reserve(data.size());
  for (size_t i = 0; i < data.size(); ++i) {
    auto sample = sample_of(metric_namespace, data[i], fmt::format("MetricData.member.{}", i + 1), now);
    if (!sample) return fail(std::move(sample.error()));
    if (sample->values.sample_count > 0) samples.push_back(std::move(*sample));
  }
  return samples;
}

}  // namespace outcrop::cloudwatch
