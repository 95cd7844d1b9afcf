#include "services/cloudwatch/metric/shard_metrics.h"

#include "base/encoding.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/roll_up.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {

// Fragments of this opening begin at a random number; those of a roll-up are 0.
ShardMetrics::ShardMetrics(Shard& shard) : shard_(shard), next_fragment_(shard.world().random.next() | 1) {}

void ShardMetrics::add(DurableTimers& timers, const Place& place, const Sample& sample) {
  Known& known = know(place, sample);
  const Keys keys(shard_.key_prefix(), place);
  const Instant now = shard_.world().clock.wall();
  if (known.seen == Instant() || now >= known.seen + limits::seen_resolution) {
    known.seen = now;
    StoredMetric record{sample.metric.namespace_, sample.metric.name, sample.metric.dimensions, now, {}};
    shard_.batch().put(keys.metric(known.id), wire::encode_record(record));
  }
  plan(timers, place, known, sample);
  add_to(keys, known, Resolution::minute, sample);
  if (sample.high_resolution && sample.at > now - Seconds(limits::second_data_s)) add_to(keys, known, Resolution::second, sample);
  charge(known);
  forget_some();
}

ShardMetrics::Known& ShardMetrics::know(const Place& place, const Sample& sample) {
  std::string key = place.account + "/" + place.region + "/" + sample.metric.text();
  if (auto found = known_.find(key); found != known_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return by_use_.front();
  }
  Known& known = by_use_.emplace_front();
  known.key = std::move(key);
  known.id = sample.metric.id();
  known_.emplace(known.key, by_use_.begin());
  return known;
}

void ShardMetrics::plan(DurableTimers& timers, const Place& place, Known& known, const Sample& sample) {
  const int64_t at_s = seconds_since_epoch(sample.at);
  const int64_t now_s = seconds_since_epoch(shard_.world().clock.wall());
  const Planned planned(timers, shard_, place, known.id);
  const int64_t hour = at_s / 3600;
  if (RollUp::is_late(hour, now_s)) {
    const int64_t due_s = RollUp::late_due_s(now_s);
    if (known.planned_late_s != due_s) planned.roll_up(hour, due_s);
    // Another hour that is late may follow with the same instant: it is planned each time then, which costs little.
    known.planned_late_s = hour == known.planned_hour ? due_s : 0;
  }
  if (known.planned_hour != hour) {
    known.planned_hour = hour;
    planned.roll_up(hour, RollUp::due_s(hour));
    if (sample.high_resolution) planned.expiry(Resolution::second, hour);
  }
  if (known.planned_day != at_s / 86'400) {
    known.planned_day = at_s / 86'400;
    planned.expiry(Resolution::minute, known.planned_day);
    planned.expiry(Resolution::five_minutes, known.planned_day);
  }
  if (known.planned_month != at_s / RollUp::month_s) {
    known.planned_month = at_s / RollUp::month_s;
    planned.expiry(Resolution::hour, known.planned_month);
  }
}

void ShardMetrics::add_to(const Keys& keys, Known& known, Resolution resolution, const Sample& sample) {
  const int64_t step = seconds_of(resolution);
  const int64_t time_s = seconds_since_epoch(sample.at) / step * step;
  auto is_it = [&](const Fragment& open) { return open.resolution == resolution && open.time_s == time_s && open.unit == sample.unit; };
  auto fragment = std::ranges::find_if(known.open, is_it);
  if (fragment == known.open.end()) {
    Fragment fresh{resolution, time_s, sample.unit, next_fragment_++, {}};
    if (known.open.size() < limits::open_fragments_a_metric) {
      known.open.push_back(std::move(fresh));
      fragment = known.open.end() - 1;
    } else {
      fragment = known.open.begin() + std::ptrdiff_t(known.next_closed++ % limits::open_fragments_a_metric);
      *fragment = std::move(fresh);
    }
  }
  fragment->values.merge(sample.values);
  shard_.batch().put(keys.datapoint(known.id, resolution, time_s, sample.unit, fragment->id),
                     wire::encode_record(fragment->values.stored()));
}

void ShardMetrics::charge(Known& known) {
  bytes_ -= known.bytes;
  known.bytes = sizeof(Known) + known.key.size() + 128;
  for (const Fragment& fragment : known.open) known.bytes += sizeof(Fragment) + fragment.values.distribution.memory_bytes();
  bytes_ += known.bytes;
}

void ShardMetrics::forget_some() {
  while (bytes_ > limits::shard_memory_bytes_max && by_use_.size() > 1) {
    bytes_ -= by_use_.back().bytes;
    known_.erase(by_use_.back().key);
    by_use_.pop_back();
  }
}

}  // namespace outcrop::cloudwatch
