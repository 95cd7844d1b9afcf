#include "services/dynamodb/value/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "core/testing/test_world.h"

namespace outcrop::dynamodb {

namespace {

Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }
std::string refusal_of(std::string_view text) { return Decimal::parse(text).error().message; }

TEST(DecimalTest, TextsAreReadAndWrittenPlainly) {
  for (auto [given, written] : std::initializer_list<std::pair<const char*, const char*>>{
           {"0", "0"},
           {"-0", "0"},
           {"+7", "7"},
           {"007.500", "7.5"},
           {".5", "0.5"},
           {"5.", "5"},
           {"-1.5E+3", "-1500"},
           {"12e-4", "0.0012"},
           {"0e999999999999", "0"},
           {"1000000000000000000000000000000000000000000", "1000000000000000000000000000000000000000000"}})
    EXPECT_EQ(decimal(given).text(), written) << given;
}

TEST(DecimalTest, RangeAndPrecisionAreDynamodbs) {
  const std::string nines(38, '9');
  EXPECT_EQ(decimal(nines + "E88").text(), nines + std::string(88, '0'));
  EXPECT_EQ(decimal("1E-130").text(), "0." + std::string(129, '0') + "1");
  EXPECT_EQ(refusal_of("1" + nines), "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(refusal_of("1E126"), "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(refusal_of("-1E126"), "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(refusal_of("1E-131"), "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(refusal_of("1E99999999999999999999"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST(DecimalTest, WhatIsNoNumberIsRefused) {
  EXPECT_EQ(refusal_of(""), "The parameter cannot be converted to a numeric value");
  for (const char* text : {"x", "1x", "-", ".", "1e", "1e+", "--1", "1.2.3", " 1", "1 ", "NaN", "0x10", "1_000"})
    EXPECT_EQ(refusal_of(text), "The parameter cannot be converted to a numeric value: " + std::string(text));
}

TEST(DecimalTest, SumsAreExact) {
  EXPECT_EQ(Decimal::add(decimal("0.1"), decimal("0.2"))->text(), "0.3");
  EXPECT_EQ(Decimal::subtract(decimal("1"), decimal("1"))->text(), "0");
  EXPECT_EQ(Decimal::add(decimal("1E19"), decimal("1E-18"))->text(), "10000000000000000000.000000000000000001");
  EXPECT_EQ(Decimal::add(decimal("1E38"), decimal("1")).error().message, "Attempting to store more than 38 significant digits in a Number");
  const Decimal largest = decimal("9.9E125");
  EXPECT_EQ(Decimal::add(largest, largest).error().message,
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

// Against the integers of the compiler: numbers of up to 15 digits, with up to 6 behind the point, are such integers in millionths.
TEST(DecimalTest, AgreesWithAnIndependentModel) {
  SeededRandom random(test_seed());
  auto some = [&random] {
    const int64_t digits = int64_t(random.below(16));
    int64_t number = 0;
    for (int64_t i = 0; i < digits; ++i) number = 10 * number + int64_t(random.below(10));
    return random.below(2) == 0 ? number : -number;
  };
  auto of_millionths = [](int64_t number) { return decimal(std::to_string(number) + "E-6"); };
  for (int i = 0; i < 20'000; ++i) {
    const int64_t a = some(), b = random.below(4) == 0 ? a : some();
    const Decimal x = of_millionths(a), y = of_millionths(b);
    EXPECT_EQ(x <=> y, a <=> b) << a << " " << b;
    EXPECT_EQ(x == y, a == b);
    EXPECT_EQ(*Decimal::add(x, y), of_millionths(a + b)) << a << " " << b;
    EXPECT_EQ(*Decimal::subtract(x, y), of_millionths(a - b)) << a << " " << b;
    EXPECT_EQ(x.sortable().compare(y.sortable()) <=> 0, a <=> b) << a << " " << b;
    EXPECT_EQ(Decimal::from_sortable(x.sortable()), x);
    EXPECT_EQ(decimal(x.text()), x);
  }
}

TEST(DecimalTest, KeysSortAsTheirNumbersDo) {
  std::vector<std::string> in_order = {"-9E125", "-1E3", "-999", "-12.5", "-12",  "-1E-130", "0",
                                       "1E-130", "0.5",  "1",    "1.2",   "1.21", "12",      "9E125"};
  for (size_t i = 1; i < in_order.size(); ++i) {
    const std::string a = decimal(in_order[i - 1]).sortable(), b = decimal(in_order[i]).sortable();
    EXPECT_LT(a, b) << in_order[i];
    EXPECT_FALSE(b.starts_with(a)) << in_order[i];
    EXPECT_LE(b.size(), 22u);
  }
}

TEST(DecimalTest, ASizeIsAboutAByteForTwoDigits) {
  EXPECT_EQ(decimal("0").item_bytes(), 1u);
  EXPECT_EQ(decimal("1").item_bytes(), 2u);
  EXPECT_EQ(decimal("12").item_bytes(), 2u);
  EXPECT_EQ(decimal("123").item_bytes(), 3u);
  EXPECT_EQ(decimal("-12").item_bytes(), 3u);
}

}  // namespace

}  // namespace outcrop::dynamodb
