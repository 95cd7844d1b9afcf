#include "services/cloudwatch/metric/keys.h"

#include "base/check.h"
#include "store/keys.h"

namespace outcrop::cloudwatch {
namespace {

constexpr size_t id_bytes = 16;

std::string base(std::string_view shard_prefix, const Place& place, std::string_view kind) {
  return std::string(shard_prefix).append("cloudwatch/").append(place.account).append(kind).append(place.region).append("/");
}

}  // namespace

int64_t seconds_of(Resolution resolution) {
  switch (resolution) {
    case Resolution::second:
      return 1;
    case Resolution::minute:
      return 60;
    case Resolution::five_minutes:
      return 300;
    default:
      return 3600;
  }
}

Keys::Keys(std::string_view shard_prefix, const Place& place)
    : metrics_(base(shard_prefix, place, "/m/")),
      data_(base(shard_prefix, place, "/d/")),
      alarms_(base(shard_prefix, place, "/a/")),
      history_(base(shard_prefix, place, "/h/")) {}

std::string Keys::datapoint(std::string_view id, Resolution resolution, int64_t time_s, Unit unit, uint64_t fragment) const {
  return store::KeyWriter(data_).raw(id).u8(uint8_t(resolution)).u64(uint64_t(time_s)).u8(unit).u64(fragment).str();
}

store::Range Keys::datapoints(std::string_view id, Resolution resolution, int64_t from_s, int64_t to_s) const {
  auto at = [&](int64_t time_s) {
    return store::KeyWriter(data_).raw(id).u8(uint8_t(resolution)).u64(uint64_t(std::max<int64_t>(time_s, 0))).str();
  };
  return {at(from_s), at(to_s)};
}

Keys::DatapointKey Keys::parse_datapoint(std::string_view key) const {
  store::KeyReader reader(key);
  check(reader.skip(data_) && reader.raw(id_bytes + 1), "a key of a datapoint is malformed");
  auto time = reader.u64();
  auto unit = reader.u8();
  check(time && unit && *unit < std::size(unit_names), "a key of a datapoint is malformed");
  return {int64_t(*time), *unit};
}

std::string Keys::history(Instant at, uint32_t sequence, std::string_view alarm) const {
  return store::KeyWriter(history_).u64(uint64_t(ms_since_epoch(at))).u32(sequence).raw(alarm).str();
}

store::Range Keys::history(Instant from, Instant to) const {
  auto at = [&](Instant instant) { return store::KeyWriter(history_).u64(uint64_t(std::max<int64_t>(ms_since_epoch(instant), 0))).str(); };
  return {at(from), at(to)};
}

Keys::HistoryKey Keys::parse_history(std::string_view key) const {
  store::KeyReader reader(key);
  check(reader.skip(history_), "a key of an alarm's history is malformed");
  auto at = reader.u64();
  auto sequence = reader.u32();
  check(at && sequence, "a key of an alarm's history is malformed");
  return {instant_from_ms(int64_t(*at)), *sequence, reader.rest()};
}

}  // namespace outcrop::cloudwatch
