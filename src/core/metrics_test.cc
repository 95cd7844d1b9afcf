#include "core/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace outcrop {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Metrics, CountersOfManyThreadsAddUp) {
  Metrics metrics(4);
  Counter& counter = metrics.counter("outcrop_things_total", "Things.");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) counter.add();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 80'000u);
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameCounter) {
  Metrics metrics(1);
  Counter& one = metrics.counter("outcrop_things_total", "Things.", {{"kind", "a"}});
  Counter& other = metrics.counter("outcrop_things_total", "Things.", {{"kind", "b"}});
  EXPECT_EQ(&one, &metrics.counter("outcrop_things_total", "Things.", {{"kind", "a"}}));
  EXPECT_NE(&one, &other);
}

TEST(Metrics, TheTextIsWhatPrometheusReads) {
  Metrics metrics(2);
  metrics.counter("outcrop_things_total", "Things,\nby kind \\ name.", {{"kind", "a \"quoted\" \\ line\nbreak"}}).add(3);
  metrics.gauge("outcrop_level", "Level.", {}, [] { return 2.5; });
  EXPECT_EQ(metrics.prometheus_text(),
            "# HELP outcrop_level Level.\n"
            "# TYPE outcrop_level gauge\n"
            "outcrop_level 2.5\n"
            "# HELP outcrop_things_total Things,\\nby kind \\\\ name.\n"
            "# TYPE outcrop_things_total counter\n"
            "outcrop_things_total{kind=\"a \\\"quoted\\\" \\\\ line\\nbreak\"} 3\n");
}

TEST(Metrics, AHistogramIsCumulativeAndHasSumAndCount) {
  Metrics metrics(2);
  LatencyHistogram& histogram = metrics.histogram("outcrop_call_seconds", "Calls.", {{"operation", "X"}});
  histogram.observe(100us);  // on a bound: belongs to it
  histogram.observe(200us);
  histogram.observe(2min);
  const std::string text = metrics.prometheus_text();
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_bucket{operation=\"X\",le=\"0.0001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_bucket{operation=\"X\",le=\"0.00025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_bucket{operation=\"X\",le=\"60\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_bucket{operation=\"X\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_count{operation=\"X\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("outcrop_call_seconds_sum{operation=\"X\"} 120.0003\n"));
}

TEST(Metrics, TheProcessIsMeasured) {
  Metrics metrics(1);
  add_process_metrics(metrics, instant_from_ms(1'800'000'000'500));
  const std::string text = metrics.prometheus_text();
  EXPECT_THAT(text, HasSubstr("process_start_time_seconds 1800000000.5\n"));
  EXPECT_THAT(text, testing::ContainsRegex("process_resident_memory_bytes [1-9][0-9]+\n"));
  EXPECT_THAT(text, testing::ContainsRegex("process_threads [1-9][0-9]*\n"));
  EXPECT_THAT(text, testing::ContainsRegex("process_open_fds [1-9][0-9]*\n"));
}

}  // namespace
}  // namespace outcrop
