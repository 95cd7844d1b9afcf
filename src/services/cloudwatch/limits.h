// The limits of CloudWatch, each with its source. "API" is the CloudWatch API Reference, "Guide" the User Guide, "Quotas" its page
// of that name; the rest are our own.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::cloudwatch::limits {

// Publishing (API, PutMetricData and MetricDatum).
inline constexpr size_t request_bytes_max = 1 << 20;  // of a PutMetricData request, uncompressed
inline constexpr size_t metric_data_max = 1000;       // a request
inline constexpr size_t values_max = 150;             // of one datum's Values
inline constexpr size_t dimensions_max = 30;
inline constexpr double value_max = 0x1p360;
inline constexpr Seconds timestamp_past_max{14 * 86400};
inline constexpr Seconds timestamp_future_max{2 * 3600};

// Retention (API, GetMetricData: "retains metric data as follows").
inline constexpr int64_t second_data_s = 3 * 3600;
inline constexpr int64_t minute_data_s = 15 * 86400;
inline constexpr int64_t five_minute_data_s = 63 * 86400;
inline constexpr int64_t hour_data_s = 455 * 86400;
inline constexpr Seconds listed_for{14 * 86400};     // API, ListMetrics
inline constexpr Seconds recently_active{3 * 3600};  // API, ListMetrics: RecentlyActive PT3H
inline constexpr Seconds history_kept{30 * 86400};   // Guide, "Common features of CloudWatch alarms"

// Reading.
inline constexpr size_t metrics_listed_max = 500;          // API, ListMetrics
inline constexpr size_t queries_max = 500;                 // API, GetMetricData
inline constexpr size_t datapoints_page_max = 100'800;     // API, GetMetricData: MaxDatapoints
inline constexpr size_t statistics_datapoints_max = 1440;  // API, GetMetricStatistics
inline constexpr size_t expression_depth_max = 64;         // ours: of parentheses and functions within each other
inline constexpr size_t records_page_max = 100;            // API, DescribeAlarms and DescribeAlarmHistory: MaxRecords

// Alarms.
inline constexpr size_t alarms_a_call_max = 100;             // API, DeleteAlarms
inline constexpr size_t alarm_metrics_max = 10;              // Guide, "Alarms on math expressions": metrics of an expression
inline constexpr size_t alarm_queries_max = 20;              // API, PutMetricAlarm: Metrics, expressions included
inline constexpr int64_t alarm_window_s_max = 86'400;        // API, PutMetricAlarm: Period x EvaluationPeriods, period below an hour
inline constexpr int64_t alarm_window_long_s_max = 604'800;  // likewise, of longer periods
inline constexpr int32_t alarm_range_extra = 2;              // Guide, "Configuring how alarms treat missing data": 5 for 3 periods
inline constexpr size_t alarms_a_shard_max = 2000;           // ours: AWS has no limit; memory holds them all, about 2 KB each
inline constexpr size_t tags_max = 50;                       // API, PutMetricAlarm: Tags
inline constexpr size_t history_data_length_max = 4095;      // API, AlarmHistoryItem: HistoryData

// Our own.
inline constexpr size_t exact_values_max = 100;               // distinct values of a datapoint that are kept as they are
inline constexpr size_t bins_max = 2000;                      // of a datapoint with more: 2,000 bins of 1 % span a factor of 4e8
inline constexpr double bin_ratio = 1.01;                     // values in a bin are known to 0.5 %
inline constexpr size_t open_fragments_a_metric = 4;          // datapoints of one metric that memory adds to
inline constexpr size_t shard_memory_bytes_max = 2 << 20;     // of a shard's metrics: they are forgotten, not lost
inline constexpr Seconds seen_resolution{600};                // how exact a metric's last time is
inline constexpr Seconds roll_up_delay{1800};                 // after an hour's end, most late data has come
inline constexpr Seconds roll_up_late{900};                   // how soon data that comes later still is added
inline constexpr size_t computed_datapoints_max = 1'000'000;  // that one GetMetricData request holds in all: 24 MB
inline constexpr int64_t math_datapoints_max = 4'000'000;     // that the expressions of a request compute on the way
inline constexpr size_t listed_scan_max = 10'000;             // metrics one ListMetrics looks at; a page may hold fewer for it
inline constexpr size_t collected_series_max = 10'000;        // of other services' metrics a loop holds before it hands over
inline constexpr Milliseconds evaluation_delay{2000};         // after a minute's end, when services' metrics have come
inline constexpr Milliseconds collection_delay{1000};         // after a minute's end, of services' metrics
inline constexpr size_t pending_action_bytes_max = 15 << 10;  // a durable timer's payload ends at 16 KiB

}  // namespace outcrop::cloudwatch::limits
