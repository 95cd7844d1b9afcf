// CapacityMeter: what requests consume of tables: throttled where capacity is provisioned, and published as AWS/DynamoDB's metrics.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/service_metrics.h"
#include "core/token_bucket.h"
#include "core/world.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/table/schema.h"

namespace outcrop::dynamodb {

// Thread-safe. Time is the wall clock's.
class CapacityMeter {
 public:
  CapacityMeter(World& world, ServiceMetrics& metrics) : world_(world), metrics_(metrics) {}

  // Whether there is capacity left to begin with; how much a request takes is known at its end, and may put the table into debt. Capacity
  // that was not used is kept for five minutes. Of on-demand tables always. A write counts for the table and all its global indexes, a read
  // for what is read. Fault: ProvisionedThroughputExceededException 400.
  Result<void> admit_read(const Table& table, const Index* index);
  Result<void> admit_write(const Table& table);

  // What a request consumed, however it ended.
  void consumed(const Table& table, const Consumed& consumed);
  // A write whose condition failed consumes what its item takes.
  void condition_failed(const Table& table, const Consumed& consumed);

 private:
  struct Buckets {
    int64_t read_units, write_units;
    std::unique_ptr<TokenBucket> read, write;
  };
  Buckets& buckets(const Table& table, uint16_t number, int64_t read_units, int64_t write_units);
  Result<void> admit(const Table& table, const Index* index, bool is_write);
  void record(const Table& table, std::string_view index, std::string_view metric, double value);

  World& world_;
  ServiceMetrics& metrics_;
  std::mutex mutex_;
  std::map<std::pair<uint64_t, uint16_t>, Buckets> buckets_;  // by the table's prefix and the index's number, 0 for the table itself
};

}  // namespace outcrop::dynamodb
