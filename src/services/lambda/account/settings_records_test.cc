// What lies on disk of functions' settings stays readable: the bytes of records as released.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/lambda.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

constexpr Instant moment = instant_from_ms(1'800'000'000'000);

template <class Record>
void expect_bytes(const Record& record, std::string_view bytes) {
  EXPECT_EQ(hex(wire::encode_record(record)), bytes);
  EXPECT_EQ(wire::decode_record<Record>(wire::encode_record(record)).value(), record);
}

TEST(SettingsRecords, APolicyHasTheseBytes) {
  expect_bytes(PolicyRecord{.statements = {"{}"}, .revision_id = "r"}, "01060401027b7d0a0172");
}

TEST(SettingsRecords, WhatBecomesOfEventsHasTheseBytes) {
  expect_bytes(EventInvokeRecord{.modified_at = moment, .retries_max = 1, .on_success = "a"}, "010480c0e285e36808021201611600");
}

TEST(SettingsRecords, WhatIsProvisionedHasTheseBytes) {
  expect_bytes(ProvisionedRecord{.requested = 5, .modified_at = moment}, "01040a0880c0e285e368");
}

}  // namespace
}  // namespace outcrop::lambda
