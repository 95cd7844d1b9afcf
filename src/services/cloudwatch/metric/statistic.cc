#include "services/cloudwatch/metric/statistic.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace outcrop::cloudwatch {
namespace {

using Kind = Statistic::Kind;
using Slices = std::vector<Distribution::Slice>;

struct NamedKind {
  std::string_view name;
  Kind kind;
};
constexpr NamedKind simple_names[] = {{"SampleCount", Kind::sample_count},
                                      {"Average", Kind::average},
                                      {"Sum", Kind::sum},
                                      {"Minimum", Kind::minimum},
                                      {"Maximum", Kind::maximum}};
// Short forms trim the upper end: tm90 is TM(:90%).
constexpr NamedKind short_names[] = {{"p", Kind::percentile},
                                     {"tm", Kind::trimmed_mean},
                                     {"tc", Kind::trimmed_count},
                                     {"ts", Kind::trimmed_sum},
                                     {"wm", Kind::winsorized_mean}};
constexpr NamedKind range_names[] = {{"TM", Kind::trimmed_mean},
                                     {"TC", Kind::trimmed_count},
                                     {"TS", Kind::trimmed_sum},
                                     {"WM", Kind::winsorized_mean},
                                     {"PR", Kind::percentile_rank}};

constexpr size_t decimals_max = 10;  // User Guide: "with up to ten decimal places"

std::optional<double> number(std::string_view text) {
  double value;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  const size_t point = text.find('.');
  if (point != text.npos && text.size() - point - 1 > decimals_max) return std::nullopt;
  return value;
}

std::optional<double> percentage(std::string_view text) {
  auto value = number(text);
  if (!value || *value < 0 || *value > 100 || text.starts_with('-')) return std::nullopt;
  return value;
}

// "10%:90%", ":300", "150:".
std::optional<Statistic> range(Kind kind, std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == text.npos || text.size() == 1) return std::nullopt;
  Statistic statistic{.kind = kind, .is_percent = text.find('%') != text.npos};
  if (statistic.is_percent && kind == Kind::percentile_rank) return std::nullopt;
  auto bound = [&](std::string_view side, std::optional<double>& into) {
    if (side.empty()) return true;
    if (statistic.is_percent) {
      if (!side.ends_with('%')) return false;
      into = percentage(side.substr(0, side.size() - 1));
    } else {
      into = number(side);
    }
    return into.has_value();
  };
  if (!bound(text.substr(0, colon), statistic.lower) || !bound(text.substr(colon + 1), statistic.upper)) return std::nullopt;
  if (statistic.lower && statistic.upper && *statistic.lower >= *statistic.upper) return std::nullopt;
  return statistic;
}

// The value below or at which `rank` of the samples lie.
double at_rank(const Slices& slices, double rank) {
  double below = 0;
  for (const auto& slice : slices) {
    below += slice.count;
    if (below >= rank) return slice.value;
  }
  return slices.back().value;
}

// What lies within the bounds. With shares, a value at a bound counts with the part of its samples that lies within.
struct Remainder {
  double count = 0, sum = 0;
};

Remainder within(const Slices& slices, const Statistic& statistic, double total) {
  Remainder kept;
  const double first = statistic.is_percent ? statistic.lower.value_or(0) / 100 * total : 0;
  const double last = statistic.is_percent ? statistic.upper.value_or(100) / 100 * total : total;
  double below = 0;
  for (const auto& slice : slices) {
    double count = slice.count;
    if (statistic.is_percent)
      count = std::max(0.0, std::min(below + slice.count, last) - std::max(below, first));
    else if ((statistic.lower && slice.value <= *statistic.lower) || (statistic.upper && slice.value > *statistic.upper))
      count = 0;
    below += slice.count;
    kept.count += count;
    kept.sum += count * slice.value;
  }
  return kept;
}

// Values beyond the bounds count as the value at the bound.
double winsorized_mean(const Slices& slices, const Statistic& statistic, double total) {
  double low = statistic.lower.value_or(-HUGE_VAL), high = statistic.upper.value_or(HUGE_VAL);
  if (statistic.is_percent) {
    low = statistic.lower ? at_rank(slices, std::max(1.0, std::ceil(*statistic.lower / 100 * total))) : -HUGE_VAL;
    high = statistic.upper ? at_rank(slices, std::ceil(*statistic.upper / 100 * total)) : HUGE_VAL;
  }
  double sum = 0;
  for (const auto& slice : slices) sum += slice.count * std::clamp(slice.value, low, std::max(low, high));
  return sum / total;
}

}  // namespace

std::optional<Statistic> Statistic::simple(std::string_view name) {
  for (const NamedKind& named : simple_names)
    if (named.name == name) return Statistic{.kind = named.kind};
  return std::nullopt;
}

std::optional<Statistic> Statistic::extended(std::string_view name) {
  if (name == "IQM" || name == "iqm") return Statistic{.kind = Kind::trimmed_mean, .lower = 25, .upper = 75};
  if (name.ends_with(')')) {
    for (const NamedKind& named : range_names)
      if (name.starts_with(named.name) && name.substr(named.name.size()).starts_with('('))
        return range(named.kind, name.substr(3, name.size() - 4));
    return std::nullopt;
  }
  for (const NamedKind& named : short_names) {
    if (!name.starts_with(named.name)) continue;
    auto upper = percentage(name.substr(named.name.size()));
    if (!upper) continue;
    return Statistic{.kind = named.kind, .upper = upper};
  }
  return std::nullopt;
}

std::optional<Statistic> Statistic::parse(std::string_view name) {
  if (auto statistic = simple(name)) return statistic;
  return extended(name);
}

std::optional<double> Statistic::of(const Aggregate& aggregate) const {
  if (aggregate.sample_count <= 0) return std::nullopt;
  switch (kind) {
    case Kind::sample_count:
      return aggregate.sample_count;
    case Kind::average:
      return aggregate.sum / aggregate.sample_count;
    case Kind::sum:
      return aggregate.sum;
    case Kind::minimum:
      return aggregate.minimum;
    case Kind::maximum:
      return aggregate.maximum;
    default:
      break;
  }
  const Slices slices = aggregate.distribution.slices();
  if (!aggregate.knows_values || slices.empty()) return std::nullopt;
  const double total = aggregate.sample_count;
  // What a bin stands for can lie a little outside of what there was.
  auto among = [&](double value) { return std::clamp(value, aggregate.minimum, aggregate.maximum); };
  if (kind == Kind::percentile) {
    // API, GetMetricStatistics: "not available for metrics when any of the metric values are negative numbers".
    if (aggregate.minimum < 0) return std::nullopt;
    return among(at_rank(slices, std::max(1.0, std::ceil(*upper / 100 * total))));
  }
  if (kind == Kind::winsorized_mean) return among(winsorized_mean(slices, *this, total));
  const Remainder kept = within(slices, *this, total);
  switch (kind) {
    case Kind::trimmed_count:
      return kept.count;
    case Kind::trimmed_sum:
      return kept.sum;
    case Kind::percentile_rank:
      return kept.count / total * 100;
    default:
      if (kept.count <= 0) return std::nullopt;
      return among(kept.sum / kept.count);
  }
}

}  // namespace outcrop::cloudwatch
