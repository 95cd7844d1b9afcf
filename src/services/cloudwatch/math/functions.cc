#include "services/cloudwatch/math/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>

#include "services/cloudwatch/math/evaluate.h"

namespace outcrop::cloudwatch {
namespace {

using Arguments = std::vector<Expression>;
using Function = Result<MathValue> (*)(std::string_view name, const Arguments& arguments, const MathScope& scope);

std::unexpected<Fault> wrong_arguments(std::string_view name) {
  return fail(math_fault(fmt::format("The arguments of {} are invalid", name)));
}

// Applies f to a time series, or to each of an array.
// F: Series(const Series&).
template <class F>
Result<MathValue> for_each_series(std::string_view name, const Arguments& arguments, const MathScope& scope, F f) {
  if (arguments.size() != 1) return wrong_arguments(name);
  auto value = evaluate(arguments[0], scope);
  if (!value) return value;
  if (auto* series = std::get_if<Series>(&*value)) return f(*series);
  if (std::holds_alternative<double>(*value)) return wrong_arguments(name);
  for (Series& series : std::get<SeriesArray>(*value)) series = f(series);
  return value;
}

// ---- Of each point.

Result<MathValue> of_points(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  auto compute = [&](double value) -> std::optional<double> {
    if (name == "ABS") return std::fabs(value);
    if (name == "CEIL") return std::ceil(value);
    if (name == "FLOOR") return std::floor(value);
    if (value <= 0) return std::nullopt;
    return name == "LOG" ? std::log(value) : std::log10(value);
  };
  return for_each_series(name, arguments, scope, [&](const Series& series) { return map_points(series, compute); });
}

// ---- Of neighbouring points.

Series between_points(std::string_view name, const Series& series) {
  Series result{series.label, series.period_s, {}};
  for (size_t i = 1; i < series.points.size(); ++i) {
    const Point &before = series.points[i - 1], &point = series.points[i];
    const double difference = point.value - before.value, seconds = double(point.time_s - before.time_s);
    result.points.push_back({point.time_s, name == "DIFF" ? difference : name == "DIFF_TIME" ? seconds : difference / seconds});
  }
  return result;
}

Result<MathValue> differences(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  return for_each_series(name, arguments, scope, [&](const Series& series) { return between_points(name, series); });
}

Result<MathValue> running_sum(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  return for_each_series(name, arguments, scope, [](const Series& series) {
    double sum = 0;
    return map_points(series, [&](double value) { return std::optional(sum += value); });
  });
}

// ---- One number of a time series, or one time series of an array.

double reduce(std::string_view name, const std::vector<double>& values, double count) {
  double sum = 0, squares = 0;
  for (double value : values) sum += value;
  if (name == "SUM") return sum;
  if (name == "AVG") return count > 0 ? sum / count : 0;
  if (name == "DATAPOINT_COUNT") return double(values.size());
  if (values.empty()) return 0;
  if (name == "MIN") return std::ranges::min(values);
  if (name == "MAX") return std::ranges::max(values);
  for (double value : values) squares += (value - sum / double(values.size())) * (value - sum / double(values.size()));
  return std::sqrt(squares / double(values.size()));
}

double reduce_points(std::string_view name, const Series& series) {
  std::vector<double> values;
  for (const Point& point : series.points) values.push_back(point.value);
  return reduce(name, values, double(values.size()));
}

// Of each time in turn. AVG treats what is missing as 0, as documented; the others look at what is there.
Series reduce_array(std::string_view name, const SeriesArray& array) {
  std::map<int64_t, std::vector<double>> by_time;
  Series result{std::string(name), 60, {}};
  for (const Series& series : array) {
    result.period_s = std::max(result.period_s, series.period_s);
    for (const Point& point : series.points) by_time[point.time_s].push_back(point.value);
  }
  if (!array.empty()) result.period_s = std::ranges::max(array, {}, &Series::period_s).period_s;
  for (const auto& [time_s, values] : by_time) result.points.push_back({time_s, reduce(name, values, double(array.size()))});
  return result;
}

Result<MathValue> reductions(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() != 1) return wrong_arguments(name);
  auto value = evaluate(arguments[0], scope);
  if (!value) return value;
  if (auto* series = std::get_if<Series>(&*value)) return reduce_points(name, *series);
  if (auto* array = std::get_if<SeriesArray>(&*value)) return reduce_array(name, *array);
  return wrong_arguments(name);
}

// ---- Time series without gaps.

// The times a series has, or would have.
std::vector<int64_t> grid(const Series& series, const MathScope& scope) {
  std::vector<int64_t> times;
  int64_t first = scope.from_s;
  if (!series.points.empty()) {
    first = series.points.front().time_s;
    first -= (first - scope.from_s) / series.period_s * series.period_s;
  }
  scope.points_left -= std::max<int64_t>(0, (scope.to_s - first) / series.period_s);
  if (scope.points_left < 0) return times;  // evaluate() refuses what exceeds them
  for (int64_t time_s = first; time_s < scope.to_s; time_s += series.period_s) times.push_back(time_s);
  return times;
}

double calendar(std::string_view name, int64_t time_s) {
  const std::chrono::sys_seconds at{std::chrono::seconds(time_s)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(at - day);
  if (name == "MINUTE") return double(clock.minutes().count());
  if (name == "HOUR") return double(clock.hours().count());
  if (name == "DAY") return double(std::chrono::weekday(day).iso_encoding());
  if (name == "DATE") return double(unsigned(date.day()));
  if (name == "MONTH") return double(unsigned(date.month()));
  if (name == "YEAR") return double(int(date.year()));
  return double(time_s);
}

Result<MathValue> calendars(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  return for_each_series(name, arguments, scope, [&](const Series& series) {
    Series result{series.label, series.period_s, {}};
    for (int64_t time_s : grid(series, scope)) result.points.push_back({time_s, calendar(name, time_s)});
    return result;
  });
}

Result<MathValue> time_series(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() != 1) return wrong_arguments(name);
  auto value = evaluate(arguments[0], scope);
  if (!value) return value;
  auto* number = std::get_if<double>(&*value);
  if (!number) return wrong_arguments(name);
  Series result{"", scope.period_s, {}};
  for (int64_t time_s : grid(result, scope)) result.points.push_back({time_s, *number});
  return result;
}

const Point* point_at(const Series& series, int64_t time_s) {
  auto at = std::ranges::lower_bound(series.points, time_s, {}, &Point::time_s);
  return at != series.points.end() && at->time_s == time_s ? &*at : nullptr;
}

// What stands where a series has nothing: a number, another series' value, the value before, or one on the line between two.
struct Filler {
  std::string_view word;  // REPEAT, LINEAR
  const MathValue* value = nullptr;

  std::optional<double> at(const Series& series, int64_t time_s) const {
    if (value) {
      if (auto* number = std::get_if<double>(value)) return *number;
      const Point* point = point_at(std::get<Series>(*value), time_s);
      return point ? std::optional(point->value) : std::nullopt;
    }
    auto after = std::ranges::lower_bound(series.points, time_s, {}, &Point::time_s);
    if (after == series.points.begin()) return std::nullopt;
    const Point& before = *(after - 1);
    if (word == "REPEAT") return before.value;
    if (after == series.points.end()) return std::nullopt;
    return before.value + (after->value - before.value) * double(time_s - before.time_s) / double(after->time_s - before.time_s);
  }
};

Series fill_series(const Series& series, const Filler& filler, const MathScope& scope) {
  Series filled{series.label, series.period_s, {}};
  for (int64_t time_s : grid(series, scope)) {
    if (const Point* point = point_at(series, time_s))
      filled.points.push_back(*point);
    else if (auto value = filler.at(series, time_s))
      filled.points.push_back({time_s, *value});
  }
  return filled;
}

Result<MathValue> fill(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() != 2) return wrong_arguments(name);
  Filler filler;
  Result<MathValue> with;
  if (arguments[1].kind == Expression::Kind::word) {
    filler.word = arguments[1].name;
    if (filler.word != "REPEAT" && filler.word != "LINEAR") return wrong_arguments(name);
  } else {
    with = evaluate(arguments[1], scope);
    if (!with) return with;
    if (std::holds_alternative<SeriesArray>(*with)) return wrong_arguments(name);
    filler.value = &*with;
  }
  return for_each_series(name, {arguments[0]}, scope, [&](const Series& series) { return fill_series(series, filler, scope); });
}

// ---- Choosing.

// The value of a branch of IF where the condition chose it. A time series that should have one and has none: 0 where the condition is
// true, nothing where it is false (User Guide, "Using IF expressions").
std::optional<double> branch_at(const MathValue* branch, int64_t time_s, bool truth) {
  if (!branch) return std::nullopt;
  if (auto* number = std::get_if<double>(branch)) return *number;
  if (const Point* point = point_at(std::get<Series>(*branch), time_s)) return point->value;
  return truth ? std::optional(0.0) : std::nullopt;
}

Result<MathValue> if_else(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() < 2 || arguments.size() > 3) return wrong_arguments(name);
  std::vector<MathValue> values;
  for (const Expression& argument : arguments) {
    auto value = evaluate(argument, scope);
    if (!value) return value;
    if (std::holds_alternative<SeriesArray>(*value)) return wrong_arguments(name);
    values.push_back(std::move(*value));
  }
  const MathValue* otherwise = values.size() > 2 ? &values[2] : nullptr;
  if (auto* condition = std::get_if<double>(&values[0])) {
    if (*condition != 0) return values[1];
    if (otherwise) return *otherwise;
    return Series{"", scope.period_s, {}};
  }
  const Series& condition = std::get<Series>(values[0]);
  Series result{condition.label, condition.period_s, {}};
  for (const Point& point : condition.points)
    if (auto value = branch_at(point.value != 0 ? &values[1] : otherwise, point.time_s, point.value != 0))
      result.points.push_back({point.time_s, *value});
  return result;
}

Result<MathValue> period(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() != 1) return wrong_arguments(name);
  auto value = evaluate(arguments[0], scope);
  if (!value) return value;
  auto* series = std::get_if<Series>(&*value);
  if (!series) return wrong_arguments(name);
  return double(series->period_s);
}

// ---- Arrays.

Result<MathValue> metrics(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() > 1 || (arguments.size() == 1 && arguments[0].kind != Expression::Kind::text)) return wrong_arguments(name);
  SeriesArray array;
  for (const auto& metric : scope.metrics)
    if (arguments.empty() || metric.id.find(arguments[0].name) != metric.id.npos) array.push_back(*metric.series);
  return array;
}

Result<SeriesArray> array_argument(std::string_view name, const Expression& argument, const MathScope& scope) {
  auto value = evaluate(argument, scope);
  if (!value) return fail(std::move(value.error()));
  if (auto* array = std::get_if<SeriesArray>(&*value)) return std::move(*array);
  if (auto* series = std::get_if<Series>(&*value)) return SeriesArray{std::move(*series)};
  return wrong_arguments(name);
}

// A whole number of an argument, from 0 to `max`.
Result<size_t> count_argument(std::string_view name, const Expression& argument, const MathScope& scope, size_t max) {
  auto value = evaluate(argument, scope);
  if (!value) return fail(std::move(value.error()));
  auto* number = std::get_if<double>(&*value);
  if (!number || *number < 0) return wrong_arguments(name);
  return size_t(std::min(*number, double(max)));
}

Result<MathValue> of_array(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() != 1) return wrong_arguments(name);
  auto array = array_argument(name, arguments[0], scope);
  if (!array) return fail(std::move(array.error()));
  if (name == "METRIC_COUNT") return double(array->size());
  if (name == "REMOVE_EMPTY") {
    std::erase_if(*array, [](const Series& series) { return series.points.empty(); });
    return std::move(*array);
  }
  if (array->empty()) return Series{"", scope.period_s, {}};
  return name == "FIRST" ? array->front() : array->back();
}

Result<MathValue> slice(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() < 2 || arguments.size() > 3) return wrong_arguments(name);
  auto array = array_argument(name, arguments[0], scope);
  if (!array) return fail(std::move(array.error()));
  auto begin = count_argument(name, arguments[1], scope, array->size());
  if (!begin) return fail(std::move(begin.error()));
  Result<size_t> end = array->size();
  if (arguments.size() == 3) end = count_argument(name, arguments[2], scope, array->size());
  if (!end) return fail(std::move(end.error()));
  if (*begin >= *end) return SeriesArray();
  return SeriesArray(array->begin() + std::ptrdiff_t(*begin), array->begin() + std::ptrdiff_t(*end));
}

Result<MathValue> sort(std::string_view name, const Arguments& arguments, const MathScope& scope) {
  if (arguments.size() < 3 || arguments.size() > 4) return wrong_arguments(name);
  const std::string_view by = arguments[1].name, order = arguments[2].name;
  const bool known = by == "AVG" || by == "MIN" || by == "MAX" || by == "SUM";
  if (arguments[1].kind != Expression::Kind::word || !known || (order != "ASC" && order != "DESC")) return wrong_arguments(name);
  auto array = array_argument(name, arguments[0], scope);
  if (!array) return fail(std::move(array.error()));
  // Series that are equal in this keep their order.
  std::multimap<double, Series> sorted;
  for (Series& series : *array) {
    const double value = reduce_points(by, series);
    sorted.emplace(order == "ASC" ? value : -value, std::move(series));
  }
  array->clear();
  for (auto& [value, series] : sorted) array->push_back(std::move(series));
  if (arguments.size() == 3) return std::move(*array);
  auto most = count_argument(name, arguments[3], scope, array->size());
  if (!most) return fail(std::move(most.error()));
  array->resize(*most);
  return std::move(*array);
}

struct NamedFunction {
  std::string_view name;
  Function call;
};
constexpr NamedFunction functions[] = {
    {"ABS", of_points},
    {"AVG", reductions},
    {"CEIL", of_points},
    {"DATAPOINT_COUNT", reductions},
    {"DATE", calendars},
    {"DAY", calendars},
    {"DIFF", differences},
    {"DIFF_TIME", differences},
    {"EPOCH", calendars},
    {"FILL", fill},
    {"FIRST", of_array},
    {"FLOOR", of_points},
    {"HOUR", calendars},
    {"IF", if_else},
    {"LAST", of_array},
    {"LOG", of_points},
    {"LOG10", of_points},
    {"MAX", reductions},
    {"METRICS", metrics},
    {"METRIC_COUNT", of_array},
    {"MIN", reductions},
    {"MINUTE", calendars},
    {"MONTH", calendars},
    {"PERIOD", period},
    {"RATE", differences},
    {"REMOVE_EMPTY", of_array},
    {"RUNNING_SUM", running_sum},
    {"SLICE", slice},
    {"SORT", sort},
    {"STDDEV", reductions},
    {"SUM", reductions},
    {"TIME_SERIES", time_series},
    {"YEAR", calendars},
};

}  // namespace

bool is_function(std::string_view name) { return std::ranges::find(functions, name, &NamedFunction::name) != std::end(functions); }

Result<MathValue> call_function(const Expression& call, const MathScope& scope) {
  const auto* found = std::ranges::find(functions, std::string_view(call.name), &NamedFunction::name);
  return found->call(found->name, call.operands, scope);
}

}  // namespace outcrop::cloudwatch
