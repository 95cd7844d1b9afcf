// Collector: what other services record, added up per loop and minute, and handed over once the minute has ended. Recording takes no
// lock: each loop has series of its own.
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/task_group.h"
#include "core/service_metrics.h"
#include "core/world.h"
#include "services/cloudwatch/metric/shard_metrics.h"

namespace outcrop::cloudwatch {

class Collector final : public ServiceMetrics {
 public:
  // Samples of one place and namespace; returns when they are on disk.
  using Store = std::function<Task<Result<void>>(Place place, std::vector<Sample> samples)>;

  Collector(World& world, Store store);
  ~Collector() override;

  void record(std::string_view account, std::string_view region, std::string_view metric_namespace, std::string_view metric,
              std::span<const Dimension> dimensions, double value, std::string_view unit) override;

  // Hands over all there is and takes no more.
  Task<void> stop();
  // Forgets what was not handed over: of one account, or all.
  Task<void> forget(const std::optional<std::string>& account);

 private:
  struct Series {
    Place place;
    Sample sample;
  };
  struct Loop {
    Executor* executor;
    std::unordered_map<std::string, Series> series;
    std::string key;  // memory that each look-up uses again
    Timer timer;
    bool storing = false;
  };

  Loop& current_loop();
  void arm(Loop& loop);
  void hand_over(Loop& loop);
  Task<void> store_all(Loop& loop, std::unordered_map<std::string, Series> series);
  void take_back(Loop& loop, Place place, std::vector<Sample> samples);

  World& world_;
  const Store store_;
  std::vector<std::unique_ptr<Loop>> loops_;
  TaskGroup tasks_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace outcrop::cloudwatch
