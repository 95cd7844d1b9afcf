#include "services/cloudwatch/query/label.h"

#include <algorithm>

#include "services/cloudwatch/query/queries.h"
#include "services/cloudwatch/query/wording.h"
#include "services/cloudwatch/text/number_text.h"

namespace outcrop::cloudwatch {
namespace {

constexpr std::string_view values[] = {"AVG", "DATAPOINT_COUNT", "FIRST", "LABEL", "LAST", "MAX", "MIN", "SUM"};
constexpr std::string_view properties[] = {"AccountId", "MetricName", "Namespace", "Period", "Region", "Stat"};

// 'NAME' of PROP('NAME'), or empty.
std::string_view property_of(std::string_view what) {
  if (!what.starts_with("PROP('") || !what.ends_with("')")) return {};
  return what.substr(6, what.size() - 8);
}

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

bool is_known(std::string_view what) {
  const std::string_view property = property_of(what);
  return is_one_of(values, what) || is_one_of(properties, property) || property.starts_with("Dim.");
}

std::string property_text(std::string_view property, const Query& query, const Place& place) {
  if (property == "AccountId") return place.account;
  if (property == "Region") return place.region;
  if (property == "Period") return query.period_s ? std::to_string(*query.period_s) : "";
  if (!query.metric) return "";
  if (property == "MetricName") return query.metric->identity.name;
  if (property == "Namespace") return query.metric->identity.namespace_;
  if (property == "Stat") return query.metric->statistic_name;
  for (const StoredDimension& dimension : query.metric->identity.dimensions)
    if (property.substr(4) == dimension.name) return dimension.value;
  return "";
}

std::string value_text(std::string_view what, const Series& series, const Query& query) {
  if (what == "LABEL") return query.metric ? query.metric->identity.name : query.id;
  if (what == "DATAPOINT_COUNT") return std::to_string(series.points.size());
  if (series.points.empty()) return "--";
  double sum = 0;
  for (const Point& point : series.points) sum += point.value;
  if (what == "SUM") return number_text(sum);
  if (what == "AVG") return number_text(sum / double(series.points.size()));
  if (what == "MAX") return number_text(std::ranges::max(series.points, {}, &Point::value).value);
  if (what == "MIN") return number_text(std::ranges::min(series.points, {}, &Point::value).value);
  return number_text((what == "FIRST" ? series.points.front() : series.points.back()).value);
}

// Calls with(text) for what stands as it is, and ask(what) for each ${what}.
template <class With, class Ask>
void parts(std::string_view label, With with, Ask ask) {
  for (;;) {
    const size_t begin = label.find("${"), end = label.find('}', begin == label.npos ? 0 : begin);
    if (begin == label.npos || end == label.npos) return with(label);
    with(label.substr(0, begin));
    ask(label.substr(begin + 2, end - begin - 2));
    label.remove_prefix(end + 1);
  }
}

}  // namespace

Result<void> check_label(std::string_view label) {
  std::string unknown;
  parts(
      label, [](std::string_view) {},
      [&](std::string_view what) {
        if (!is_known(what)) unknown = what;
      });
  if (unknown.empty()) return {};
  return fail(validation_exception(fmt::format("The dynamic label ${{{}}} is not supported.", unknown)));
}

std::string finished_label(const Series& series, const Query& query, const Place& place) {
  if (series.label.find("${") == series.label.npos) return series.label;
  std::string text;
  parts(
      series.label, [&](std::string_view plain) { text += plain; },
      [&](std::string_view what) {
        const std::string_view property = property_of(what);
        text += property.empty() ? value_text(what, series, query) : property_text(property, query, place);
      });
  return text;
}

}  // namespace outcrop::cloudwatch
