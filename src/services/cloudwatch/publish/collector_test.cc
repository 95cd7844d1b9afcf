// What services record about themselves, through the interface that they see.
#include "services/cloudwatch/testing/cloudwatch_harness.h"

namespace outcrop::cloudwatch {
namespace {

using testing::ElementsAre;

class Recording : public CloudwatchHarness {
 public:
  void record(double value, std::string_view model = "nova") {
    world.run([](ServiceMetrics& metrics, double value, std::string_view model) -> Task<void> {
      const ServiceMetrics::Dimension dimensions[] = {{"ModelId", model}};
      metrics.record("111122223333", "eu-central-1", "AWS/Bedrock", "InvocationLatency", dimensions, value, "Milliseconds");
      co_return;
    }(cloudwatch->service_metrics(), value, model));
  }
  std::vector<double> recorded(std::string statistic, std::string model = "nova") {
    MetricDataQuery asked = query({.name = "InvocationLatency", .statistic = std::move(statistic)});
    asked.metric_stat->metric.namespace_ = "AWS/Bedrock";
    asked.metric_stat->metric.dimensions = std::vector<Dimension>{{"ModelId", std::move(model)}};
    auto output =
        run(get_metric_data,
            GetMetricDataInput{
                .metric_data_queries = {asked}, .start_time = now() - 1h, .end_time = now() + 1min, .scan_by = "TimestampAscending"});
    return *output->metric_data_results->at(0).values;
  }
};

TEST_F(Recording, IsStoredWhenItsMinuteHasEnded) {
  to_the_minute();
  record(1);
  record(3);
  record(100, "claude");
  EXPECT_THAT(recorded("Sum"), testing::IsEmpty());
  advance(1min + 2s);
  EXPECT_THAT(recorded("Sum"), ElementsAre(4));
  EXPECT_THAT(recorded("p50"), ElementsAre(1));
  EXPECT_THAT(recorded("Sum", "claude"), ElementsAre(100));
  record(7);
  advance(1min);
  EXPECT_THAT(recorded("Sum"), ElementsAre(4, 7));
}

TEST_F(Recording, IsStoredWhenTheServerEnds) {
  record(1);
  restart();
  EXPECT_THAT(recorded("Sum"), ElementsAre(1));
}

TEST_F(Recording, WaitsForAStoreThatFails) {
  to_the_minute();
  record(1);
  world.store.fail_writes(1);
  advance(1min + 2s);
  EXPECT_THAT(recorded("Sum"), testing::IsEmpty());
  advance(1min);
  EXPECT_THAT(recorded("Sum"), ElementsAre(1));
}

TEST_F(Recording, IsForgottenWithItsAccount) {
  record(1);
  EXPECT_TRUE(world.run(cloudwatch->forget("111122223333")));
  advance(2min);
  EXPECT_THAT(recorded("Sum"), testing::IsEmpty());
}

}  // namespace
}  // namespace outcrop::cloudwatch
