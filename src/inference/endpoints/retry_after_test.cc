// How long a server wants to be left alone.
#include "inference/endpoints/retry_after.h"

#include <gtest/gtest.h>

#include "inference/endpoints/limits.h"

namespace outcrop::inference {
namespace {

const Instant seen_at = instant_from_ms(784'111'777'000);  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, IsSeconds) {
  EXPECT_EQ(retry_after_of("7", seen_at), Seconds(7));
  EXPECT_EQ(retry_after_of("0", seen_at), Seconds(0));
}

TEST(RetryAfter, IsADate) {
  EXPECT_EQ(retry_after_of("Sun, 06 Nov 1994 08:50:07 GMT", seen_at), Seconds(30));
  EXPECT_EQ(retry_after_of("Sun, 06 Nov 1994 08:49:07 GMT", seen_at), Seconds(0));
}

TEST(RetryAfter, IsBelievedWithinReason) {
  EXPECT_EQ(retry_after_of("86400", seen_at), limits::retry_after_max);
  EXPECT_EQ(retry_after_of("99999999999999999", seen_at), limits::retry_after_max);
  EXPECT_EQ(retry_after_of("Tue, 08 Nov 1994 08:49:37 GMT", seen_at), limits::retry_after_max);
}

TEST(RetryAfter, IsNothingWhereItMakesNoSense) {
  for (std::string_view text : {"", "soon", "-5", "7s", "1.5", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:50:07 GMT and more"})
    EXPECT_EQ(retry_after_of(text, seen_at), Seconds(0)) << text;
}

}  // namespace
}  // namespace outcrop::inference
