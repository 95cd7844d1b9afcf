#include "services/cloudwatch/metric/reading.h"

#include <algorithm>

#include "services/cloudwatch/limits.h"
#include "store/store.h"

namespace outcrop::cloudwatch {
namespace {

int64_t floor_to(int64_t time_s, int64_t step_s) { return time_s / step_s * step_s; }

// Adds up datapoints that come in the order of time, and hands on each period when the next one begins.
class Periods {
 public:
  Periods(const Reading& reading, const std::function<bool(PeriodData)>& take) : reading_(reading), take_(take) {}

  // Whether to go on.
  bool add(int64_t time_s, Unit unit, const Aggregate& values) {
    if (reading_.unit && unit != *reading_.unit) return true;
    const int64_t start_s = reading_.from_s + floor_to(time_s - reading_.from_s, reading_.period_s);
    if (start_s != start_s_ && !hand_on()) return false;
    start_s_ = start_s;
    auto same = std::ranges::find(open_, unit, &PeriodData::unit);
    if (same == open_.end())
      open_.push_back({start_s, unit, values});
    else
      same->values.merge(values);
    return true;
  }
  bool hand_on() {
    for (PeriodData& data : std::exchange(open_, {}))
      if (!take_(std::move(data))) return false;
    return true;
  }

 private:
  const Reading& reading_;
  const std::function<bool(PeriodData)>& take_;
  int64_t start_s_ = -1;
  std::vector<PeriodData> open_;  // of one period, by unit
};

struct Span {
  Resolution resolution;
  int64_t from_s, to_s;
};

// Which resolution serves which part of the time. A part whose resolution does not divide the period gives nothing.
std::vector<Span> spans(const Reading& reading, int64_t now_s) {
  const int64_t minutes_from = floor_to(now_s - limits::minute_data_s, 3600);
  const int64_t five_minutes_from = floor_to(now_s - limits::five_minute_data_s, 3600);
  const int64_t hours_from = floor_to(now_s - limits::hour_data_s, 3600);
  std::vector<Span> spans;
  auto add = [&](Resolution resolution, int64_t from_s, int64_t to_s) {
    from_s = std::max(from_s, reading.from_s);
    to_s = std::min(to_s, reading.to_s);
    if (from_s < to_s && reading.period_s % seconds_of(resolution) == 0) spans.push_back({resolution, from_s, to_s});
  };
  add(Resolution::hour, hours_from, five_minutes_from);
  add(Resolution::five_minutes, five_minutes_from, minutes_from);
  add(Resolution::minute, minutes_from, reading.to_s);
  return spans;
}

struct StoredPoint {
  int64_t time_s;
  Unit unit;
  Aggregate values;
};

class Reader {
 public:
  Reader(World& world, const Keys& keys, const std::string& id, const Reading& reading)
      : world_(world), keys_(keys), id_(id), reading_(reading) {}

  // F: bool(StoredPoint).
  template <class F>
  Task<Result<bool>> each(Span span, F& take) {
    store::Range range = keys_.datapoints(id_, span.resolution, span.from_s, span.to_s);
    for (;;) {
      auto entries = co_await world_.store.scan(range);
      if (entries.empty()) co_return true;
      for (const store::Entry& entry : entries) {
        const auto key = keys_.parse_datapoint(entry.key);
        auto values = co_await Aggregate::of(entry.value, reading_.with_distributions);
        if (!take(StoredPoint{key.time_s, key.unit, std::move(values)})) co_return false;
      }
      range.begin = store::key_after(entries.back().key);
    }
  }

  // Of periods below a minute: the seconds, and the minutes of which there are none, at their beginning.
  Task<Result<std::vector<StoredPoint>>> fine_points(int64_t now_s) {
    const int64_t from_s = std::max(reading_.from_s, now_s - limits::second_data_s);
    std::vector<StoredPoint> seconds, points;
    auto keep_second = [&](StoredPoint point) {
      seconds.push_back(std::move(point));
      return true;
    };
    co_await each({Resolution::second, from_s, reading_.to_s}, keep_second);
    auto has_seconds = [&](int64_t minute_s) {
      auto at = std::ranges::lower_bound(seconds, minute_s, {}, &StoredPoint::time_s);
      return at != seconds.end() && at->time_s < minute_s + 60;
    };
    auto keep_minute = [&](StoredPoint point) {
      if (!has_seconds(point.time_s)) points.push_back(std::move(point));
      return true;
    };
    co_await each({Resolution::minute, from_s, reading_.to_s}, keep_minute);
    std::ranges::move(seconds, std::back_inserter(points));
    std::ranges::sort(points, {}, &StoredPoint::time_s);
    co_return points;
  }

 private:
  World& world_;
  const Keys& keys_;
  const std::string& id_;
  const Reading& reading_;
};

}  // namespace

bool is_period(int32_t period_s) {
  return period_s == 1 || period_s == 5 || period_s == 10 || period_s == 20 || period_s == 30 || (period_s > 0 && period_s % 60 == 0);
}

int64_t rounded_start_s(Instant start, Instant now, int32_t period_s) {
  const int64_t start_s = seconds_since_epoch(start), age_s = seconds_since_epoch(now) - start_s;
  if (age_s >= limits::five_minute_data_s) return floor_to(start_s, 3600);
  if (age_s >= limits::minute_data_s) return floor_to(start_s, 300);
  return floor_to(start_s, std::min(period_s, 60));
}

Task<Result<void>> read_metric(World& world, const Keys& keys, std::string id, Reading reading, std::function<bool(PeriodData)> take) {
  const int64_t now_s = seconds_since_epoch(world.clock.wall());
  Reader reader(world, keys, id, reading);
  Periods periods(reading, take);
  auto add = [&](StoredPoint point) { return periods.add(point.time_s, point.unit, point.values); };
  if (reading.period_s < 60) {
    auto points = co_await reader.fine_points(now_s);
    for (StoredPoint& point : points)
      if (!add(std::move(point))) co_return {};
  } else {
    for (const Span& span : spans(reading, now_s))
      if (!co_await reader.each(span, add)) co_return {};
  }
  periods.hand_on();
  co_return {};
}

}  // namespace outcrop::cloudwatch
