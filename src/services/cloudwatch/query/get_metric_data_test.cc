// GetMetricData: expressions over metrics, pages, labels.
#include "services/cloudwatch/testing/cloudwatch_harness.h"

namespace outcrop::cloudwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GetMetricData : public CloudwatchHarness {
 public:
  GetMetricData() {
    to_the_minute();
    for (int minute = 0; minute < 5; ++minute) {
      put("errors", minute);
      put("requests", 10 * (minute + 1));
      advance(1min);
    }
  }
  static MetricDataQuery metric(std::string id, std::string name) {
    MetricDataQuery asked = query({.name = std::move(name)});
    asked.id = std::move(id);
    return asked;
  }
  static MetricDataQuery expression(std::string id, std::string text) { return {.id = std::move(id), .expression = std::move(text)}; }
  GetMetricDataInput input(std::vector<MetricDataQuery> queries) {
    return {.metric_data_queries = std::move(queries), .start_time = now() - 10min, .end_time = now(), .scan_by = "TimestampAscending"};
  }
  std::string refusal(std::vector<MetricDataQuery> queries) {
    auto output = run(get_metric_data, input(std::move(queries)));
    return output ? "none" : output.error().code + ": " + output.error().message;
  }
};

TEST_F(GetMetricData, ExpressionsComputeOnMetricsThatAreNotReturned) {
  MetricDataQuery errors = metric("errors", "errors"), requests = metric("requests", "requests");
  errors.return_data = requests.return_data = false;
  auto output = run(get_metric_data, input({expression("rate", "errors/requests*100"), errors, requests}));
  ASSERT_TRUE(output) << output.error().message;
  ASSERT_EQ(output->metric_data_results->size(), 1u);
  const MetricDataResult& rate = output->metric_data_results->front();
  EXPECT_EQ(rate.id, "rate");
  EXPECT_EQ(rate.label, "rate");
  EXPECT_EQ(rate.status_code, "Complete");
  EXPECT_THAT(*rate.values, ElementsAre(0, 5, testing::DoubleEq(200.0 / 30), 7.5, 8));
}

TEST_F(GetMetricData, ExpressionsMayReferToLaterOnes) {
  auto output = run(get_metric_data, input({expression("b", "a+1"), expression("a", "m*2"), metric("m", "errors")}));
  EXPECT_THAT(*output->metric_data_results->at(0).values, ElementsAre(1, 3, 5, 7, 9));
}

TEST_F(GetMetricData, TheNewestComesFirstUnlessAskedOtherwise) {
  GetMetricDataInput asked = input({metric("m", "errors")});
  asked.scan_by = std::nullopt;
  auto output = run(get_metric_data, asked);
  EXPECT_THAT(*output->metric_data_results->at(0).values, ElementsAre(4, 3, 2, 1, 0));
}

TEST_F(GetMetricData, PagesHoldAsManyPointsAsAskedFor) {
  GetMetricDataInput asked = input({metric("a", "errors"), metric("b", "requests")});
  asked.max_datapoints = 3;
  std::map<std::string, std::vector<double>> all;
  std::vector<std::string> statuses;
  int pages = 0;
  do {
    auto page = run(get_metric_data, asked);
    ASSERT_TRUE(page);
    for (const MetricDataResult& result : *page->metric_data_results) {
      for (double value : *result.values) all[*result.id].push_back(value);
      statuses.push_back(*result.id + " " + *result.status_code);
    }
    asked.next_token = page->next_token;
    ++pages;
  } while (asked.next_token);
  EXPECT_EQ(pages, 4);
  EXPECT_THAT(all["a"], ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(all["b"], ElementsAre(10, 20, 30, 40, 50));
  EXPECT_THAT(statuses, ElementsAre("a PartialData", "a Complete", "b PartialData", "b PartialData", "b Complete"));
}

TEST_F(GetMetricData, ATokenIsGoodForItsRequestOnly) {
  GetMetricDataInput asked = input({metric("a", "errors")});
  asked.max_datapoints = 3;
  auto page = run(get_metric_data, asked);
  GetMetricDataInput other = input({metric("b", "requests")});
  other.next_token = page->next_token;
  EXPECT_EQ(run(get_metric_data, other).error().code, "InvalidNextToken");
  other.next_token = "!";
  EXPECT_EQ(run(get_metric_data, other).error().code, "InvalidNextToken");
}

TEST_F(GetMetricData, ArraysGiveAResultForEachSeries) {
  MetricDataQuery filled = expression("all", "METRICS()*2");
  filled.label = "Twice:";
  auto output = run(get_metric_data, input({metric("a", "errors"), metric("b", "requests"), filled}));
  std::vector<std::string> labels;
  for (const MetricDataResult& result : *output->metric_data_results) labels.push_back(*result.id + " " + *result.label);
  EXPECT_THAT(labels, ElementsAre("a errors", "b requests", "all Twice: errors", "all Twice: requests"));
}

TEST_F(GetMetricData, LabelsMayBeDynamic) {
  MetricDataQuery asked = metric("m", "errors");
  asked.label = "${PROP('MetricName')} ${MAX}/${SUM} of ${DATAPOINT_COUNT}, ${LABEL}";
  auto output = run(get_metric_data, input({asked}));
  EXPECT_EQ(output->metric_data_results->at(0).label, "errors 4.0/10.0 of 5, errors");
  asked.label = "${MAX_TIME}";
  EXPECT_EQ(refusal({asked}), "ValidationException: The dynamic label ${MAX_TIME} is not supported.");
}

TEST_F(GetMetricData, PeriodsBeginWhereTheRequestDoes) {
  GetMetricDataInput asked = input({metric("m", "errors")});
  asked.metric_data_queries[0].metric_stat->period = 120;
  asked.start_time = now() - 5min + 30s;  // rounded down to the minute
  auto output = run(get_metric_data, asked);
  EXPECT_THAT(*output->metric_data_results->at(0).values, ElementsAre(0 + 1, 2 + 3, 4));
  EXPECT_EQ(output->metric_data_results->at(0).timestamps->front(), std::chrono::floor<std::chrono::minutes>(asked.start_time));
}

TEST_F(GetMetricData, WhatIsWrongIsRefused) {
  EXPECT_EQ(refusal({metric("m", "errors"), metric("m", "requests")}),
            "ValidationException: The values for parameter id in MetricDataQueries are not unique.");
  EXPECT_THAT(refusal({metric("M", "errors")}), HasSubstr("expected pattern"));
  EXPECT_EQ(refusal({expression("e1", "m1*2")}), "ValidationException: Error in expression 'e1': The id m1 is not found");
  EXPECT_EQ(refusal({expression("e1", "e2*2"), expression("e2", "e1*2")}),
            "ValidationException: Error in expression 'e1': The expression refers to itself");
  EXPECT_EQ(refusal({expression("e1", "SUM(m)"), metric("m", "errors")}),
            "ValidationException: Error in expression 'e1': The result is a number; it must be a time series");
  EXPECT_EQ(refusal({expression("e1", "SEARCH('{App} errors', 'Sum')")}),
            "ValidationException: Error in expression 'e1': Function 'SEARCH' is not supported at position 7.");
  EXPECT_THAT(refusal({expression("e1", "SELECT AVG(x) FROM App")}), HasSubstr("Unexpected 'SELECT'"));
  MetricDataQuery other = metric("m", "errors");
  other.account_id = "999999999999";
  EXPECT_THAT(refusal({other}), HasSubstr("names another account"));
  MetricDataQuery both = metric("m", "errors");
  both.expression = "1";
  EXPECT_THAT(refusal({both}), HasSubstr("Exactly one of"));
  MetricDataQuery odd = metric("m", "errors");
  odd.metric_stat->stat = "Median";
  EXPECT_THAT(refusal({odd}), HasSubstr("The value Median for parameter"));
  odd = metric("m", "errors");
  odd.metric_stat->period = 90;
  EXPECT_THAT(refusal({odd}), HasSubstr("multiple of 60"));
}

TEST_F(GetMetricData, GapsOfTheRequestedTimeAreFilled) {
  MetricDataQuery errors = metric("m", "errors");
  errors.return_data = false;
  GetMetricDataInput asked = input({expression("e", "FILL(m, 0)"), errors});
  auto output = run(get_metric_data, asked);
  EXPECT_EQ(output->metric_data_results->at(0).values->size(), 10u);
}

TEST_F(GetMetricData, AnExpressionThatIsTooLargeIsRefused) {
  MetricDataQuery errors = metric("m", "errors");
  errors.metric_stat->period = 1;
  GetMetricDataInput asked = input({expression("e", "FILL(m, 0)"), errors});
  asked.start_time = now() - 24h * 400;
  EXPECT_THAT(run(get_metric_data, asked).error().message, HasSubstr("too many data points"));
}

}  // namespace
}  // namespace outcrop::cloudwatch
