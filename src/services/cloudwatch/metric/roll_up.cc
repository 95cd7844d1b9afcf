#include "services/cloudwatch/metric/roll_up.h"

#include <charconv>
#include <map>

#include "base/encoding.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/aggregate.h"
#include "services/cloudwatch/metric/shard_metrics.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {
namespace {

// Timers of one instant are spread over this time, by metric.
constexpr int64_t spread_s_max = 600;

struct Retention {
  int64_t span_s, kept_s;
};

Retention retention(Resolution resolution) {
  switch (resolution) {
    case Resolution::second:
      return {3600, limits::second_data_s};
    case Resolution::minute:
      return {86'400, limits::minute_data_s};
    case Resolution::five_minutes:
      return {86'400, limits::five_minute_data_s};
    default:
      return {RollUp::month_s, limits::hour_data_s};
  }
}

Instant instant_of(int64_t seconds) { return Instant(Seconds(seconds)); }

// "HEX-ID/NUMBER" or "HEX-ID/RESOLUTION/NUMBER".
struct TimerName {
  std::string id;
  std::vector<int64_t> numbers;
};

TimerName parse_timer_id(std::string_view text) {
  TimerName named;
  size_t at = text.find('/');
  auto id = unhex(text.substr(0, at));
  check(id.has_value(), "a timer of a metric is malformed");
  named.id = std::move(*id);
  while (at != text.npos) {
    const size_t next = text.find('/', at + 1);
    std::string_view number = text.substr(at + 1, next == text.npos ? text.npos : next - at - 1);
    int64_t value = 0;
    check(std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc(), "a timer of a metric is malformed");
    named.numbers.push_back(value);
    at = next;
  }
  return named;
}

using Sums = std::map<std::pair<int64_t, Unit>, Aggregate>;

Task<Result<Sums>> add_up(Shard& shard, const Keys& keys, const std::string& id, int64_t hour) {
  Sums sums;
  store::Range range = keys.datapoints(id, Resolution::minute, hour * 3600, (hour + 1) * 3600);
  for (;;) {
    auto entries = co_await shard.world().store.scan(range);
    if (entries.empty()) co_return sums;
    for (const store::Entry& entry : entries) {
      const auto key = keys.parse_datapoint(entry.key);
      sums[{key.time_s / 300 * 300, key.unit}].merge(co_await Aggregate::of(entry.value, true));
    }
    range.begin = store::key_after(entries.back().key);
  }
}

}  // namespace

int64_t RollUp::due_s(int64_t hour) { return (hour + 1) * 3600 + limits::roll_up_delay.count(); }

bool RollUp::is_late(int64_t hour, int64_t now_s) { return now_s + 300 >= due_s(hour); }

int64_t RollUp::late_due_s(int64_t now_s) {
  const int64_t wait = limits::roll_up_late.count();
  return (now_s / wait + 2) * wait;
}

int64_t Planned::spread_s() const { return (uint8_t(id_[0]) << 8 | uint8_t(id_[1])) % spread_s_max; }

void Planned::roll_up(int64_t hour, int64_t due_s) const {
  timers_.set(shard_, {.due = instant_of(due_s + spread_s()),
                       .kind = std::string(roll_up_timer_kind),
                       .account = place_.account,
                       .id = fmt::format("{}/{}", hex(id_), hour),
                       .payload = place_.region});
}

void Planned::expiry(Resolution resolution, int64_t span) const {
  const auto [span_s, kept_s] = retention(resolution);
  timers_.set(shard_, {.due = instant_of((span + 1) * span_s + kept_s + spread_s()),
                       .kind = std::string(expiry_timer_kind),
                       .account = place_.account,
                       .id = fmt::format("{}/{}/{}", hex(id_), int(resolution), span),
                       .payload = place_.region});
}

Task<Result<void>> roll_up(Shard& shard, const DurableTimer& timer) {
  const uint64_t epoch = shard.epoch();
  const TimerName named = parse_timer_id(timer.id);
  const Keys keys(shard.key_prefix(), {timer.account, timer.payload});
  const Sums five_minutes = co_await add_up(shard, keys, named.id, named.numbers.at(0));
  if (epoch != shard.epoch()) co_return {};
  Sums hours;
  for (const auto& [at, sum] : five_minutes) {
    shard.batch().put(keys.datapoint(named.id, Resolution::five_minutes, at.first, at.second, 0), wire::encode_record(sum.stored()));
    hours[{at.first / 3600 * 3600, at.second}].merge(sum);
  }
  for (const auto& [at, sum] : hours)
    shard.batch().put(keys.datapoint(named.id, Resolution::hour, at.first, at.second, 0), wire::encode_record(sum.stored()));
  co_return {};
}

// Erases a span of a resolution; with its last hours the metric itself goes, when nothing has come since.
Task<Result<void>> expire(Shard& shard, const DurableTimer& timer) {
  const uint64_t epoch = shard.epoch();
  const TimerName named = parse_timer_id(timer.id);
  const Keys keys(shard.key_prefix(), {timer.account, timer.payload});
  const Resolution resolution = Resolution(named.numbers.at(0));
  const int64_t from_s = named.numbers.at(1) * retention(resolution).span_s, to_s = from_s + retention(resolution).span_s;
  bool is_gone = false;
  if (resolution == Resolution::hour) {
    if (auto record = co_await shard.world().store.get(keys.metric(named.id)))
      is_gone = seconds_since_epoch((co_await wire::decode_record<StoredMetric>(*record)).last_seen) < to_s;
    if (epoch != shard.epoch()) co_return {};
  }
  shard.batch().erase_range(keys.datapoints(named.id, resolution, from_s, to_s));
  if (is_gone) shard.batch().erase(keys.metric(named.id));
  co_return {};
}

}  // namespace outcrop::cloudwatch
