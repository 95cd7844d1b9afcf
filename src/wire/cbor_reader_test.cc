#include "wire/cbor_reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/encoding.h"
#include "wire/cbor_writer.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

// The items of a text as one line: "[ 1 -2 1.5 'ab' h'00' tag:1 0 ]", "!" where it breaks.
std::string items(std::string_view bytes) {
  CborReader reader(bytes);
  std::string line;
  auto add = [&](std::string text) { line += (line.empty() ? "" : " ") + std::move(text); };
  while (true) {
    switch (reader.next()) {
      case CborToken::error:
        add("!");
        return line;
      case CborToken::end:
        return line;
      case CborToken::null:
        add("null");
        break;
      case CborToken::boolean:
        add(reader.boolean_value() ? "true" : "false");
        break;
      case CborToken::unsigned_:
        add(std::to_string(reader.unsigned_value()));
        break;
      case CborToken::negative:
        add("-1-" + std::to_string(reader.unsigned_value()));
        break;
      case CborToken::real:
        add(fmt::format("{:.6g}", reader.real_value()));
        break;
      case CborToken::bytes:
        add("h'" + hex(reader.string_value()) + "'");
        break;
      case CborToken::text:
        add("'" + std::string(reader.string_value()) + "'");
        break;
      case CborToken::begin_array:
        add("[");
        break;
      case CborToken::end_array:
        add("]");
        break;
      case CborToken::begin_map:
        add("{");
        break;
      case CborToken::end_map:
        add("}");
        break;
      case CborToken::tag:
        add("tag:" + std::to_string(reader.unsigned_value()));
        break;
    }
  }
}

std::string items_of_hex(std::string_view text) { return items(unhex(text).value()); }

TEST(CborReader, ReadsTheExamplesOfTheRfc) {
  // RFC 8949 appendix A.
  EXPECT_EQ(items_of_hex("00"), "0");
  EXPECT_EQ(items_of_hex("1818"), "24");
  EXPECT_EQ(items_of_hex("1bffffffffffffffff"), "18446744073709551615");
  EXPECT_EQ(items_of_hex("3863"), "-1-99");
  EXPECT_EQ(items_of_hex("f93c00"), "1");
  EXPECT_EQ(items_of_hex("f90001"), "5.96046e-08");
  EXPECT_EQ(items_of_hex("f97bff"), "65504");
  EXPECT_EQ(items_of_hex("f9fc00"), "-inf");
  EXPECT_EQ(items_of_hex("fa47c35000"), "100000");
  EXPECT_EQ(items_of_hex("fb3ff199999999999a"), "1.1");
  EXPECT_EQ(items_of_hex("f7"), "null");
  EXPECT_EQ(items_of_hex("c11a514b67b0"), "tag:1 1363896240");
  EXPECT_EQ(items_of_hex("4401020304"), "h'01020304'");
  EXPECT_EQ(items_of_hex("62c3bc"), "'ü'");
  EXPECT_EQ(items_of_hex("8301820203820405"), "[ 1 [ 2 3 ] [ 4 5 ] ]");
  EXPECT_EQ(items_of_hex("a26161016162820203"), "{ 'a' 1 'b' [ 2 3 ] }");
  EXPECT_EQ(items_of_hex("5f42010243030405ff"), "h'0102030405'");
  EXPECT_EQ(items_of_hex("7f657374726561646d696e67ff"), "'streaming'");
  EXPECT_EQ(items_of_hex("9f018202039f0405ffff"), "[ 1 [ 2 3 ] [ 4 5 ] ]");
  EXPECT_EQ(items_of_hex("bf6346756ef563416d7421ff"), "{ 'Fun' true 'Amt' -1-1 }");
}

TEST(CborReader, RefusesWhatIsNotWellFormed) {
  for (std::string_view text : {
           "",  // nothing
           "18",
           "19ff",
           "1bff",  // a head cut off
           "1c",
           "1f",
           "df",  // reserved and meaningless heads
           "ff",
           "81ff",
           "a1ff",      // a break without something open
           "bf6161ff",  // a key without a value
           "9f01",
           "8201",
           "a161",  // collections cut off
           "6361",
           "5b7fffffffffffffff",
           "9bffffffffffffffff",
           "bb7fffffffffffffff",  // lengths beyond the text
           "62c328",
           "7f41ffff",
           "7f6180ff",
           "5f5f4100ffff",  // strings that are none
           "c1",
           "c1c100",
           "9fc1ff",  // tags on nothing
           "f818",    // simple values nobody defined
           "0000",    // two items
       }) {
    EXPECT_TRUE(items_of_hex(text).ends_with("!")) << text << " " << items_of_hex(text);
  }
}

TEST(CborReader, DepthIsBounded) {
  auto nested = [](size_t depth) { return std::string(depth, '\x9f') + std::string(depth, '\xff'); };
  EXPECT_FALSE(items(nested(limits::cbor_depth_max)).ends_with("!"));
  EXPECT_TRUE(items(nested(limits::cbor_depth_max + 1)).ends_with("!"));
}

TEST(CborReader, SkipPassesOverWholeValues) {
  const std::string bytes = unhex("84c2420102bf61619f01ffff6161820102").value();
  CborReader reader(bytes);
  reader.next();
  for (CborToken first : {CborToken::tag, CborToken::begin_map, CborToken::text, CborToken::begin_array}) {
    EXPECT_EQ(reader.next(), first);
    EXPECT_TRUE(reader.skip());
  }
  EXPECT_EQ(reader.next(), CborToken::end_array);
  EXPECT_EQ(reader.next(), CborToken::end);
}

TEST(CborWriter, NumbersTakeTheirShortestForm) {
  auto written = [](int64_t number) {
    std::string out;
    CborWriter(out).integer(number);
    return hex(out);
  };
  EXPECT_EQ(written(0), "00");
  EXPECT_EQ(written(23), "17");
  EXPECT_EQ(written(24), "1818");
  EXPECT_EQ(written(1000), "1903e8");
  EXPECT_EQ(written(1'000'000), "1a000f4240");
  EXPECT_EQ(written(1'000'000'000'000), "1b000000e8d4a51000");
  EXPECT_EQ(written(-1), "20");
  EXPECT_EQ(written(-1000), "3903e7");
  EXPECT_EQ(written(INT64_MIN), "3b7fffffffffffffff");
}

}  // namespace
}  // namespace outcrop::wire
