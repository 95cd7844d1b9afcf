// What lies on disk of usage plans stays readable: the bytes of records as released.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/gateway.h"
#include "wire/record.h"

namespace outcrop::gateway {
namespace {

TEST(UsageRecords, ADaysUseHasTheseBytes) {
  const UsageRecord use{.account = "a", .plan = "p", .tenant = "t", .day = instant_from_ms(1'800'000'000'000), .messages = 3, .bytes = 70};
  EXPECT_EQ(hex(wire::encode_record(use)), "010601610a01700e01741080c0e285e3681406188c01");
  EXPECT_EQ(wire::decode_record<UsageRecord>(wire::encode_record(use)).value(), use);
}

}  // namespace
}  // namespace outcrop::gateway
