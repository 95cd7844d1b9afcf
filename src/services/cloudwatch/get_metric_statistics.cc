#include "gen/cloudwatch/get_metric_statistics.h"

#include <algorithm>

#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/reading.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

struct AskedStatistic {
  std::string name;
  Statistic statistic;
};

// Statistics or extended ones, never both (API, GetMetricStatistics).
Result<std::vector<AskedStatistic>> statistics_of(const GetMetricStatisticsInput& input) {
  if (input.statistics && input.extended_statistics) return fail(exclusive("Statistics", "ExtendedStatistics"));
  if (!input.statistics && !input.extended_statistics)
    return fail(
        invalid_parameter_combination_exception("At least one of the parameters Statistics and ExtendedStatistics must be specified."));
  std::vector<AskedStatistic> named;
  for (const std::string& name : input.statistics ? *input.statistics : *input.extended_statistics) {
    auto statistic = input.statistics ? Statistic::simple(name) : Statistic::extended(name);
    if (!statistic) return fail(invalid_value_of(name, "ExtendedStatistics"));
    named.push_back({name, *statistic});
  }
  return named;
}

Result<Reading> reading_of(const GetMetricStatisticsInput& input, Instant now) {
  if (!is_period(input.period)) return fail(invalid_value(fmt::format("The parameter Period {}", period_wording)));
  if (input.start_time >= input.end_time) return fail(invalid_value("The parameter StartTime must be less than the parameter EndTime."));
  Reading reading{.from_s = rounded_start_s(input.start_time, now, input.period),
                  .to_s = seconds_since_epoch(input.end_time),
                  .period_s = input.period};
  const int64_t points = (reading.to_s - reading.from_s + input.period - 1) / input.period;
  if (points > int64_t(limits::statistics_datapoints_max))
    return fail(invalid_parameter_combination_exception(
        fmt::format("You have requested up to {} datapoints, which exceeds the limit of {}. You may reduce the datapoints requested by "
                    "increasing Period, or decreasing the time range.",
                    points, limits::statistics_datapoints_max)));
  if (input.unit) reading.unit = unit_of(*input.unit);
  return reading;
}

Datapoint datapoint_of(const PeriodData& data, const std::vector<AskedStatistic>& statistics, bool extended) {
  Datapoint datapoint;
  datapoint.timestamp = Instant(Seconds(data.start_s));
  datapoint.unit = std::string(unit_names[data.unit]);
  if (extended) datapoint.extended_statistics.emplace();
  for (const AskedStatistic& named : statistics) {
    auto value = named.statistic.of(data.values);
    if (!value) continue;
    if (extended) (*datapoint.extended_statistics)[named.name] = *value;
    if (named.name == "SampleCount") datapoint.sample_count = value;
    if (named.name == "Average") datapoint.average = value;
    if (named.name == "Sum") datapoint.sum = value;
    if (named.name == "Minimum") datapoint.minimum = value;
    if (named.name == "Maximum") datapoint.maximum = value;
  }
  return datapoint;
}

}  // namespace

// Statistics of one metric, a datapoint for each period and unit.
Task<Result<GetMetricStatisticsOutput>> get_metric_statistics(Cloudwatch& cloudwatch, Call& call, GetMetricStatisticsInput input) {
  const std::vector<AskedStatistic> statistics = co_await statistics_of(input);
  Reading reading = co_await reading_of(input, call.world.clock.wall());
  reading.with_distributions = input.extended_statistics.has_value();
  const auto metric = MetricIdentity::of(input.namespace_, input.metric_name, input.dimensions.value_or(std::vector<Dimension>()));
  const Place place = place_of(call);
  const Keys keys(Queries::shard_of(cloudwatch.shards(), place, input.namespace_).key_prefix(), place);
  GetMetricStatisticsOutput output{.label = input.metric_name, .datapoints = std::vector<Datapoint>()};
  auto take = [&](PeriodData data) {
    Datapoint datapoint = datapoint_of(data, statistics, reading.with_distributions);
    if (!datapoint.extended_statistics || !datapoint.extended_statistics->empty()) output.datapoints->push_back(std::move(datapoint));
    return true;
  };
  co_await read_metric(call.world, keys, metric.id(), reading, take);
  co_return output;
}

}  // namespace outcrop::cloudwatch
