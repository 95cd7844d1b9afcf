#include "gen/cloudwatch/get_metric_data.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

// Where a page begins: how many series and how many points of the next one came before. The token names its request, too.
struct Page {
  size_t series = 0, points = 0;
};

// What a token belongs to: the queries, the time and the order.
std::string fingerprint(const GetMetricDataInput& input) {
  std::string text = fmt::format("{}/{}/{}", ms_since_epoch(input.start_time), ms_since_epoch(input.end_time), input.scan_by.value_or(""));
  for (const MetricDataQuery& query : input.metric_data_queries)
    text += fmt::format("/{}:{}:{}", query.id, query.expression.value_or(""), query.metric_stat ? query.metric_stat->stat : "");
  return hex(sha256(text)).substr(0, 16);
}

std::string token_of(const GetMetricDataInput& input, Page page) {
  return base64url(fmt::format("{}/{}/{}", fingerprint(input), page.series, page.points));
}

Result<Page> page_of(const GetMetricDataInput& input) {
  if (!input.next_token) return Page();
  const std::string text = unbase64url(*input.next_token).value_or("");
  const std::string expected = fingerprint(input) + "/";
  Page page;
  if (text.starts_with(expected)) {
    const char* end = text.data() + text.size();
    auto first = std::from_chars(text.data() + expected.size(), end, page.series);
    if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
      auto second = std::from_chars(first.ptr + 1, end, page.points);
      if (second.ec == std::errc() && second.ptr == end) return page;
    }
  }
  return fail(invalid_next_token("The NextToken is invalid, or belongs to another request."));
}

Result<void> check_input(const GetMetricDataInput& input) {
  if (input.start_time >= input.end_time)
    return fail(validation_exception("The parameter StartTime must be less than the parameter EndTime."));
  const int32_t most = input.max_datapoints.value_or(1);
  if (most < 1 || size_t(most) > limits::datapoints_page_max)
    return fail(validation_exception(fmt::format("The parameter MaxDatapoints must be between 1 and {}.", limits::datapoints_page_max)));
  if (input.label_options && input.label_options->timezone)
    return fail(validation_exception("The parameter LabelOptions.Timezone is not supported: labels of times are not."));
  return {};
}

struct Returned {
  const std::string* id;
  const Series* series;
};

// Fills results from the page's beginning until the page is full.
class Pager {
 public:
  Pager(const GetMetricDataInput& input, Page page, bool descending)
      : input_(input),
        page_(page),
        descending_(descending),
        room_(size_t(input.max_datapoints.value_or(int32_t(limits::datapoints_page_max)))) {}

  GetMetricDataOutput fill(const std::vector<Returned>& all) {
    GetMetricDataOutput output{.metric_data_results = std::vector<MetricDataResult>(), .messages = std::vector<MessageData>()};
    for (size_t i = page_.series; i < all.size(); ++i) {
      const size_t skipped = i == page_.series ? page_.points : 0, total = all[i].series->points.size();
      if (room_ == 0 && total > skipped) {
        output.next_token = token_of(input_, {i, skipped});
        break;
      }
      const size_t count = std::min(room_, total - std::min(skipped, total));
      output.metric_data_results->push_back(result_of(all[i], skipped, count));
      room_ -= count;
      if (skipped + count < total) {
        output.metric_data_results->back().status_code = "PartialData";
        output.next_token = token_of(input_, {i, skipped + count});
        break;
      }
    }
    return output;
  }

 private:
  MetricDataResult result_of(const Returned& returned, size_t skipped, size_t count) const {
    MetricDataResult result{.id = *returned.id, .label = returned.series->label};
    result.timestamps.emplace();
    result.values.emplace();
    const auto& points = returned.series->points;
    for (size_t i = skipped; i < skipped + count; ++i) {
      const Point& point = descending_ ? points[points.size() - 1 - i] : points[i];
      result.timestamps->push_back(Instant(Seconds(point.time_s)));
      result.values->push_back(point.value);
    }
    result.status_code = "Complete";
    return result;
  }

  const GetMetricDataInput& input_;
  const Page page_;
  const bool descending_;
  size_t room_;
};

}  // namespace

// Many metrics and what is computed of them, in pages.
Task<Result<GetMetricDataOutput>> get_metric_data(Cloudwatch& cloudwatch, Call& call, GetMetricDataInput input) {
  co_await check_input(input);
  const Page page = co_await page_of(input);
  const std::vector<Query> queries = co_await check_queries(input.metric_data_queries, call.account());
  Queries evaluation = cloudwatch.queries(place_of(call));
  const auto results = co_await evaluation.evaluate(queries, {.start = input.start_time, .end = input.end_time});
  std::vector<Returned> returned;
  for (const QueryResult& result : results)
    if (result.query->returns)
      for (const Series& series : result.series) returned.push_back({&result.query->id, &series});
  co_return Pager(input, page, input.scan_by != "TimestampAscending").fill(returned);
}

}  // namespace outcrop::cloudwatch
