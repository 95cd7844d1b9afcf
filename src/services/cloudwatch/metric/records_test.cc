// What lies on disk stays readable: keys and records as released.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "services/cloudwatch/metric/aggregate.h"
#include "services/cloudwatch/metric/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {
namespace {

const MetricIdentity latency = MetricIdentity::of("App", "Latency", std::vector<StoredDimension>{{"b", "2", {}}, {"a", "1", {}}});

TEST(Records, AMetricsIdIsThisForever) { EXPECT_EQ(hex(latency.id()), "ef99165d8dd14cb3a7f914fa1dee3e30"); }

TEST(Records, ADatapointHasTheseBytes) {
  Aggregate values;
  values.add(2, 3);
  const std::string bytes = wire::encode_record(values.stored());
  EXPECT_EQ(hex(bytes), "010500000000000008400900000000000018400d0000000000000040110000000000000040160b0101000000000000004006");
  const Aggregate read = Aggregate::of(bytes, true).value();
  EXPECT_EQ(read.sum, 6);
  EXPECT_EQ(read.distribution, values.distribution);
}

TEST(Records, KeysOfDatapointsAreInTheOrderOfTime) {
  const Keys keys("s\x01\x02", {"111122223333", "eu-central-1"});
  const std::string id(16, 'i');
  const std::string key = keys.datapoint(id, Resolution::minute, 1'800'000'000, 4, 7);
  EXPECT_EQ(key, std::string("s\x01\x02") + "cloudwatch/111122223333/d/eu-central-1/" + id + '\2' +
                     unhex("000000006b49d2000400000000000000"
                           "07")
                         .value());
  EXPECT_LT(keys.datapoint(id, Resolution::minute, 255, 26, UINT64_MAX), keys.datapoint(id, Resolution::minute, 256, 0, 0));
  EXPECT_EQ(keys.parse_datapoint(key).time_s, 1'800'000'000);
  EXPECT_EQ(keys.parse_datapoint(key).unit, 4);
  EXPECT_TRUE(keys.datapoints(id, Resolution::minute, 1'800'000'000, 1'800'000'060).contains(key));
  EXPECT_FALSE(keys.datapoints(id, Resolution::minute, 1'799'999'940, 1'800'000'000).contains(key));
}

TEST(Records, KeysOfAlarmsAndTheirHistoryHoldNames) {
  const Keys keys("s\x01\x02", {"111122223333", "eu-central-1"});
  const std::string alarm = keys.alarm("a/b c");
  EXPECT_EQ(keys.alarm_name(alarm), "a/b c");
  const Instant at = instant_from_ms(1'800'000'000'123);
  const std::string history = keys.history(at, 9, "a/b c");
  const auto parsed = keys.parse_history(history);
  EXPECT_EQ(parsed.at, at);
  EXPECT_EQ(parsed.sequence, 9u);
  EXPECT_EQ(parsed.alarm, "a/b c");
}

TEST(Records, UnitsKeepTheirNumbers) {
  EXPECT_EQ(unit_of("None"), 0);
  EXPECT_EQ(unit_of("Milliseconds"), 3);
  EXPECT_EQ(unit_of("Count"), 15);
  EXPECT_EQ(unit_of("Count/Second"), 26);
}

TEST(Records, UnknownMembersOfAnAlarmSurvive) {
  AlarmRecord alarm;
  alarm.name = "a";
  alarm.threshold = 5;
  std::string newer = wire::encode_record(alarm);
  newer += "\xa2\x03\x03new";  // member 104, three bytes
  auto read = wire::decode_record<AlarmRecord>(newer).value();
  EXPECT_EQ(read.threshold, 5);
  EXPECT_NE(wire::encode_record(read).find("new"), std::string::npos);
}

}  // namespace
}  // namespace outcrop::cloudwatch
