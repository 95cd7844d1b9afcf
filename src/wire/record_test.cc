// Records on disk: their bytes are frozen, they evolve, and damage is noticed.
#include "wire/record.h"

#include <gtest/gtest.h>

#include "gen/records/sample_record.h"
#include "wire/testing/golden.h"

namespace outcrop::wire {
namespace {

using sample_record::EarlierThingRecord;
using sample_record::Part;
using sample_record::ThingRecord;

ThingRecord full_thing() {
  return {
      .name = "thing",
      .count = -3,
      .size = 1'000'000'000'000,
      .part = {.label = "part", .weight = 0.5, .inner = Part{.label = std::string(200, 'x')}},
      .parts = std::vector<Part>{{.label = "a"}, {.label = ""}},
      .tags = Map<std::string>{{"k", "v"}, {"", "empty key"}},
      .holes = Map<std::optional<int64_t>>{{"none", std::nullopt}, {"one", 1}},
      .at = instant_from_ms(1'763'836'412'123),
      .on = true,
      .data = std::string("\0\xff", 2),
      .ratio = -1.25,
      .settings = json::parse(R"({"a":[1,2.50,null]})").value(),
  };
}

TEST(Record, HasTheBytesThatFormat1Says) {
  EarlierThingRecord thing{.name = "ab", .count = 3};
  // Format, then name: id 1 as bytes, length 2; count: id 2 as varint, zigzag of 3.
  EXPECT_EQ(hex(encode_record(thing)),
            "01"
            "06"
            "02"
            "6162"
            "08"
            "06");
}

TEST(Record, ComesBackWhole) {
  Result<ThingRecord> back = decode_record<ThingRecord>(encode_record(full_thing()));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, full_thing());
}

TEST(Record, IsReadAsEveryReleaseWroteIt) {
  std::string released = testing::golden_bytes("src/wire/testing/golden/thing_record.1.hex");
  Result<ThingRecord> back = decode_record<ThingRecord>(released);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, full_thing());
  EXPECT_EQ(hex(encode_record(full_thing())), hex(released));
}

TEST(Record, OfAnEarlierReleaseLacksMembersThatAreThenAbsentOrZero) {
  EarlierThingRecord earlier{.name = "old", .count = 7};
  Result<ThingRecord> later = decode_record<ThingRecord>(encode_record(earlier));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->name, "old");
  EXPECT_EQ(later->count, 7);
  EXPECT_EQ(later->part.label, "");
  EXPECT_FALSE(later->size);
}

TEST(Record, KeepsMembersOfANewerReleaseWhenAnOlderOneRewritesIt) {
  Result<EarlierThingRecord> older = decode_record<EarlierThingRecord>(encode_record(full_thing()));
  ASSERT_TRUE(older);
  older->count = 8;
  Result<ThingRecord> again = decode_record<ThingRecord>(encode_record(*older));
  ASSERT_TRUE(again);
  ThingRecord expected = full_thing();
  expected.count = 8;
  EXPECT_EQ(*again, expected);
}

TEST(Record, OfAnUnknownFormatIsNotGuessedAt) {
  std::string bytes = encode_record(full_thing());
  bytes[0] = 2;
  Result<ThingRecord> read = decode_record<ThingRecord>(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().status, 500);
  EXPECT_EQ(read.error().message, "A ThingRecord of record format 2 was written by a newer release");
}

TEST(Record, CutOffAnywhereIsCorruptOrShorterButNeverReadBeyondItsEnd) {
  std::string bytes = encode_record(full_thing());
  int refused = 0;
  for (size_t size = 0; size < bytes.size(); ++size) {
    // A copy of its own, so that the sanitizer sees a read beyond it.
    std::string cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    cut.shrink_to_fit();
    refused += !decode_record<ThingRecord>(cut).has_value();
  }
  EXPECT_GT(refused, 300);
}

TEST(Record, WithAMemberOfAnotherTypeUnderItsIdIsCorrupt) {
  EXPECT_FALSE(decode_record<EarlierThingRecord>(std::string("\x01\x04\x02", 3)));  // name as a varint
}

}  // namespace
}  // namespace outcrop::wire
