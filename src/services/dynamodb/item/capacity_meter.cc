#include "services/dynamodb/item/capacity_meter.h"

#include <algorithm>
#include <array>

#include "gen/dynamodb/errors.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view metric_namespace = "AWS/DynamoDB";

Fault throughput_exceeded(bool of_index) {
  return ProvisionedThroughputExceededException{
      .message = of_index
                     ? "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. "
                       "Consider increasing your provisioning level for the under-provisioned global secondary indexes with the "
                       "UpdateTable API"
                     : "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning "
                       "level with the UpdateTable API.",
      .throttling_reasons = {}};
}

const IndexRecord& record_of(const Table& table, const Index& index) {
  return *std::ranges::find(table.record.indexes, index.name, &IndexRecord::name);
}

}  // namespace

// A bucket is made anew when the table's capacity has changed: it starts full, as capacity that was raised does.
CapacityMeter::Buckets& CapacityMeter::buckets(const Table& table, uint16_t number, int64_t read_units, int64_t write_units) {
  if (buckets_.size() >= limits::metered_max) buckets_.clear();
  Buckets& buckets = buckets_[{table.prefix(), number}];
  if (buckets.read && buckets.read_units == read_units && buckets.write_units == write_units) return buckets;
  const double seconds = double(limits::burst_time.count());
  buckets = {read_units, write_units, std::make_unique<TokenBucket>(double(read_units), double(read_units) * seconds),
             std::make_unique<TokenBucket>(double(write_units), double(write_units) * seconds)};
  return buckets;
}

Result<void> CapacityMeter::admit(const Table& table, const Index* index, bool is_write) {
  const bool of_index = index && index->is_global;
  const int64_t read_units = of_index ? record_of(table, *index).read_units : table.record.read_units;
  const int64_t write_units = of_index ? record_of(table, *index).write_units : table.record.write_units;
  {
    std::scoped_lock lock(mutex_);
    const Buckets& found = buckets(table, of_index ? index->number : 0, read_units, write_units);
    if ((is_write ? found.write : found.read)->available(world_.clock.wall()) > 0) return {};
  }
  record(table, of_index ? std::string_view(index->name) : std::string_view(), is_write ? "WriteThrottleEvents" : "ReadThrottleEvents", 1);
  return fail(throughput_exceeded(of_index));
}

Result<void> CapacityMeter::admit_read(const Table& table, const Index* index) {
  return table.is_on_demand() ? Result<void>() : admit(table, index, false);
}

Result<void> CapacityMeter::admit_write(const Table& table) {
  if (table.is_on_demand()) return {};
  for (const Index& index : table.indexes) {
    if (!index.is_global) continue;
    if (auto admitted = admit(table, &index, true); !admitted) return admitted;
  }
  return admit(table, nullptr, true);
}

void CapacityMeter::consumed(const Table& table, const Consumed& consumed) {
  double table_read = consumed.table_read, table_write = consumed.table_write;
  const Instant now = world_.clock.wall();
  auto take = [&](const Index* index, double read, double write) {
    if (table.is_on_demand()) return;
    const int64_t read_units = index ? record_of(table, *index).read_units : table.record.read_units;
    const int64_t write_units = index ? record_of(table, *index).write_units : table.record.write_units;
    std::scoped_lock lock(mutex_);
    const Buckets& found = buckets(table, index ? index->number : 0, read_units, write_units);
    if (read > 0) found.read->reserve(now, read);
    if (write > 0) found.write->reserve(now, write);
  };
  for (const Index& index : table.indexes) {
    const auto read = consumed.index_read.find(index.name), write = consumed.index_write.find(index.name);
    const double read_units = read == consumed.index_read.end() ? 0 : read->second;
    const double write_units = write == consumed.index_write.end() ? 0 : write->second;
    if (!index.is_global) {
      table_read += read_units;
      table_write += write_units;
      continue;
    }
    if (read_units == 0 && write_units == 0) continue;
    take(&index, read_units, write_units);
    if (read_units > 0) record(table, index.name, "ConsumedReadCapacityUnits", read_units);
    if (write_units > 0) record(table, index.name, "ConsumedWriteCapacityUnits", write_units);
  }
  take(nullptr, table_read, table_write);
  if (table_read > 0) record(table, "", "ConsumedReadCapacityUnits", table_read);
  if (table_write > 0) record(table, "", "ConsumedWriteCapacityUnits", table_write);
}

void CapacityMeter::condition_failed(const Table& table, const Consumed& consumed) {
  this->consumed(table, consumed);
  record(table, "", "ConditionalCheckFailedRequests", 1);
}

void CapacityMeter::record(const Table& table, std::string_view index, std::string_view metric, double value) {
  const std::array<ServiceMetrics::Dimension, 2> dimensions = {{{"TableName", table.name}, {"GlobalSecondaryIndexName", index}}};
  metrics_.record(table.place.account, table.place.region, metric_namespace, metric, std::span(dimensions).first(index.empty() ? 1 : 2),
                  value, "Count");
}

}  // namespace outcrop::dynamodb
