#include "services/cloudwatch/metric/statistic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/testing/test_world.h"

namespace outcrop::cloudwatch {
namespace {

Aggregate one_to(int last) {
  Aggregate values;
  for (int i = 1; i <= last; ++i) values.add(i);
  return values;
}

std::optional<double> of(std::string_view statistic, const Aggregate& values) {
  auto parsed = Statistic::parse(statistic);
  EXPECT_TRUE(parsed) << statistic;
  return parsed ? parsed->of(values) : std::nullopt;
}

TEST(Statistic, OfAHundredValues) {
  const Aggregate values = one_to(100);
  EXPECT_EQ(of("SampleCount", values), 100);
  EXPECT_EQ(of("Sum", values), 5050);
  EXPECT_EQ(of("Average", values), 50.5);
  EXPECT_EQ(of("Minimum", values), 1);
  EXPECT_EQ(of("Maximum", values), 100);
  EXPECT_EQ(of("p99", values), 99);
  EXPECT_EQ(of("p50", values), 50);
  EXPECT_EQ(of("p99.5", values), 100);
  EXPECT_EQ(of("p0", values), 1);
  EXPECT_EQ(of("p100", values), 100);
}

// User Guide, "CloudWatch statistics definitions".
TEST(Statistic, TrimsWhatLiesBeyondItsBounds) {
  const Aggregate values = one_to(100);
  EXPECT_EQ(of("tm90", values), 45.5);        // the mean of 1 … 90
  EXPECT_EQ(of("TM(2%:98%)", values), 50.5);  // of 3 … 98
  EXPECT_EQ(of("TM(10:20)", values), 15.5);   // above 10, up to 20
  EXPECT_EQ(of("IQM", values), of("TM(25%:75%)", values));
  EXPECT_EQ(of("tc90", values), 90);
  EXPECT_EQ(of("TC(:30)", values), 30);
  EXPECT_EQ(of("ts90", values), 4095);
  EXPECT_EQ(of("TS(98:)", values), 199);  // 99 and 100
  EXPECT_EQ(of("PR(:30)", values), 30);
  EXPECT_EQ(of("PR(10:20)", values), 10);
}

TEST(Statistic, WinsorizedMeansTakeWhatIsBeyondForTheBound) {
  Aggregate values = one_to(9);
  values.add(1000);
  EXPECT_EQ(of("wm90", values), (45 + 9) / 10.0);
  EXPECT_EQ(of("WM(2:8)", values), (2 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 8 + 8) / 10.0);
}

TEST(Statistic, NamesThatAreNoneAreRefused) {
  for (std::string_view name : {"", "p", "p101", "p-1", "p1.12345678901", "tm", "TM()", "TM(:)", "TM(90%:10%)", "TM(10%:20)", "PR(10%:20%)",
                                "avg", "Average ", "tm90%", "TM(1:2", "p1e1", "IQR"})
    EXPECT_FALSE(Statistic::parse(name)) << name;
}

TEST(Statistic, PercentilesOfNegativeValuesAreNotAvailable) {
  Aggregate values = one_to(10);
  values.add(-1);
  EXPECT_EQ(of("p50", values), std::nullopt);
  EXPECT_EQ(of("Minimum", values), -1);
}

TEST(Statistic, SetsOfUnknownValuesHaveNoPercentiles) {
  Aggregate values;
  values.add_set(10, 55, 1, 10);
  EXPECT_EQ(of("Average", values), 5.5);
  EXPECT_EQ(of("p50", values), std::nullopt);
  Aggregate same;
  same.add_set(10, 50, 5, 5);
  EXPECT_EQ(of("p50", same), 5);
}

TEST(Distribution, IsExactForFewValuesAndCloseForMany) {
  const uint64_t seed = test_seed();
  SeededRandom random(seed);
  Aggregate values;
  std::vector<double> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(std::exp(random.unit() * 20 - 5));
    values.add(all.back());
  }
  EXPECT_FALSE(values.distribution.is_exact());
  std::ranges::sort(all);
  for (double p : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9}) {
    const double exact = all[size_t(std::ceil(p / 100 * double(all.size()))) - 1];
    EXPECT_NEAR(*of(fmt::format("p{}", p), values), exact, exact * 0.005001) << p;
  }
}

TEST(Distribution, MergingGivesWhatAddingGives) {
  const uint64_t seed = test_seed();
  SeededRandom random(seed);
  for (size_t count : {5, 80, 150, 3000}) {
    Distribution whole, left, right;
    for (size_t i = 0; i < count; ++i) {
      const double value = double(int64_t(random.below(1000))) - 100;
      whole.add(value);
      (i % 2 ? left : right).add(value);
    }
    left.merge(right);
    EXPECT_EQ(left.slices(), whole.slices()) << count;
  }
}

TEST(Distribution, SurvivesItsEncoding) {
  for (int count : {0, 1, 50, 5000}) {
    Distribution distribution;
    for (int i = 0; i < count; ++i) distribution.add(i * 1.5 - 10, i % 7 + (i % 3 ? 0.5 : 1));
    const std::string bytes = distribution.encode();
    EXPECT_EQ(Distribution::decode(bytes), distribution) << count;
    if (count > 0) EXPECT_FALSE(Distribution::decode(bytes.substr(0, bytes.size() - 1)));
    EXPECT_FALSE(Distribution::decode(bytes + "x"));
  }
  EXPECT_FALSE(Distribution::decode(""));
}

// Released: never changes.
TEST(Distribution, BytesOnDiskAreTheseForever) {
  Distribution exact;
  exact.add(2, 3);
  EXPECT_EQ(exact.encode(), std::string("\x01\x01\0\0\0\0\0\0\0\x40\x06", 11));
  Distribution bins;
  for (int i = 0; i < 101; ++i) bins.add(1 + i * 1e-9);
  EXPECT_EQ(bins.encode(), std::string("\x02\x02\xe0\xd4\x03\x02\x02\xc8\x01", 9));
}

TEST(Distribution, TakesTheLargestAndTheSmallestValues) {
  Distribution distribution;
  for (int i = 0; i < 200; ++i) distribution.add(i);
  for (double value : {0x1p360, -0x1p360, 5e-324, -5e-324, 0.0}) distribution.add(value);
  const auto slices = distribution.slices();
  EXPECT_NEAR(slices.front().value, -0x1p360, 0x1p360 * 0.0051);
  EXPECT_NEAR(slices.back().value, 0x1p360, 0x1p360 * 0.0051);
  EXPECT_EQ(slices[1].value, 0);
  EXPECT_EQ(slices[1].count, 4);
}

TEST(Distribution, KeepsWithinItsBinsAndTheHighPercentiles) {
  Aggregate values;
  for (int i = 0; i < 5000; ++i) values.add(std::pow(1.012, i - 2500.0) + 1e-30);
  EXPECT_LE(values.distribution.slices().size(), 2000u);
  const double exact = std::pow(1.012, 4949 - 2500.0);
  EXPECT_NEAR(*of("p99", values), exact, exact * 0.0051);
}

}  // namespace
}  // namespace outcrop::cloudwatch
