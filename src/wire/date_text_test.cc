#include "wire/date_text.h"

#include <gtest/gtest.h>

namespace outcrop::wire {
namespace {

int64_t ms(std::expected<Instant, DateProblem> at) {
  EXPECT_TRUE(at) << (at ? "" : at.error());
  return at ? ms_since_epoch(*at) : -1;
}

TEST(DateText, DateTimesHaveOffsetsAndFractions) {
  EXPECT_EQ(ms(parse_date_time("2019-12-16T23:48:18Z")), 1576540098000);
  EXPECT_EQ(ms(parse_date_time("2019-12-17T00:48:18+01:00")), 1576540098000);
  EXPECT_EQ(ms(parse_date_time("2019-12-16T22:18:18-01:30")), 1576540098000);
  EXPECT_EQ(ms(parse_date_time("2000-01-02t20:34:56.123456z")), 946845296123);
  EXPECT_EQ(ms(parse_date_time("2000-01-02T20:34:56.1Z")), 946845296100);
  EXPECT_EQ(ms(parse_date_time("2024-02-29T00:00:00Z")), 1709164800000);
  EXPECT_EQ(ms(parse_date_time("0001-01-01T00:00:00Z")), -62135596800000);
}

TEST(DateText, WhatIsNoDateTimeIsRefused) {
  for (const char* text : {"", "2019-12-16", "2019-12-16T23:48:18", "2019-12-16 23:48:18Z", "2019-13-16T23:48:18Z", "2023-02-29T00:00:00Z",
                           "2019-12-16T24:00:00Z", "2019-12-16T23:60:00Z", "2019-12-16T23:48:60Z", "2019-12-16T23:48:18.Z",
                           "2019-12-16T23:48:18+0100", "2019-12-16T23:48:18+01:60", "2019-12-16T23:48:18Z ", "19-12-16T23:48:18Z",
                           "0000-01-01T00:00:00Z", "2019-12-16T23:48:1xZ", "+2019-12-16T23:48:18Z"})
    EXPECT_FALSE(parse_date_time(text)) << text;
}

TEST(DateText, HttpDatesComeInThreeForms) {
  EXPECT_EQ(ms(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777000);
  EXPECT_EQ(ms(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")), 784111777000);
  EXPECT_EQ(ms(parse_http_date("Sun Nov  6 08:49:37 1994")), 784111777000);
  EXPECT_EQ(ms(parse_http_date("Sun, 02 Jan 2000 20:34:56.456 GMT")), 946845296456);
  for (const char* text : {"", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Son, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 31 Feb 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(DateText, EpochSecondsAreDecimalNumbers) {
  EXPECT_EQ(ms(parse_epoch_seconds("1515531081.123")), 1515531081123);
  EXPECT_EQ(ms(parse_epoch_seconds("1.515531081123E9")), 1515531081123);
  EXPECT_EQ(ms(parse_epoch_seconds("-0.5")), -500);
  EXPECT_EQ(ms(parse_epoch_seconds("253402300799.999")), 253402300799999);
  for (const char* text : {"", "x", "1515531081x", "NaN", "Infinity", "1e300", "253402300800", "-62135596801", " 1"})
    EXPECT_FALSE(parse_epoch_seconds(text)) << text;
}

TEST(DateText, WhatIsWrittenReadsBack) {
  for (int64_t at : {0ll, 1576540098000ll, 1576540098123ll, 1576540098100ll, -1ll, 253402300799999ll}) {
    for (TimestampFormat format : {TimestampFormat::date_time, TimestampFormat::epoch_seconds})
      EXPECT_EQ(ms(parse_timestamp(format_timestamp(instant_from_ms(at), format), format)), at);
  }
  EXPECT_EQ(format_timestamp(instant_from_ms(1576540098123), TimestampFormat::date_time), "2019-12-16T23:48:18.123Z");
  EXPECT_EQ(format_timestamp(instant_from_ms(1576540098000), TimestampFormat::http_date), "Mon, 16 Dec 2019 23:48:18 GMT");
}

}  // namespace
}  // namespace outcrop::wire
