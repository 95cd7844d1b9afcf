// Where metrics lie. All keys begin with the shard's prefix, the service and the account, so that a reset of the account is one range
// a shard; id is the metric's (MetricIdentity::id), in its region's own.
//
//   m/REGION/ id                                          StoredMetric
//   d/REGION/ id resolution time unit fragment            StoredDatapoint: what one opening of the shard knew of that time
//   a/REGION/ NAME                                        AlarmRecord
//   h/REGION/ time sequence NAME                          HistoryRecord
//
// resolution is a byte, time of data eight in seconds, of history in milliseconds; unit a byte, fragment eight, sequence four.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "services/cloudwatch/metric/identity.h"
#include "services/cloudwatch/metric/unit.h"
#include "store/store.h"

namespace outcrop::cloudwatch {

// Seconds of a stored datapoint.
enum class Resolution : uint8_t { second = 1, minute = 2, five_minutes = 3, hour = 4 };
int64_t seconds_of(Resolution resolution);

// `shard_prefix` is Shard::key_prefix().
class Keys {
 public:
  Keys(std::string_view shard_prefix, const Place& place);

  std::string metric(std::string_view id) const { return metrics_ + std::string(id); }
  store::Range metrics() const { return store::Range::prefix(metrics_); }

  std::string datapoint(std::string_view id, Resolution resolution, int64_t time_s, Unit unit, uint64_t fragment) const;
  // from <= time < to, of all units.
  store::Range datapoints(std::string_view id, Resolution resolution, int64_t from_s, int64_t to_s) const;
  struct DatapointKey {
    int64_t time_s;
    Unit unit;
  };
  DatapointKey parse_datapoint(std::string_view key) const;

  std::string alarm(std::string_view name) const { return alarms_ + std::string(name); }
  // Of names that begin with `prefix`.
  store::Range alarms(std::string_view prefix = {}) const { return store::Range::prefix(alarm(prefix)); }
  std::string_view alarm_name(std::string_view key) const { return key.substr(alarms_.size()); }

  std::string history(Instant at, uint32_t sequence, std::string_view alarm) const;
  // from <= time < to.
  store::Range history(Instant from, Instant to) const;
  struct HistoryKey {
    Instant at;
    uint32_t sequence;
    std::string_view alarm;
  };
  HistoryKey parse_history(std::string_view key) const;

 private:
  std::string metrics_, data_, alarms_, history_;
};

}  // namespace outcrop::cloudwatch
