// Metrics: counters, gauges and latency histograms, in the text format Prometheus reads. Counting is one relaxed
// add on memory that only the counting thread touches as a rule; reading adds up.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace outcrop {

namespace store {
class Store;
}

// Names and values of labels, in the order they are written.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Which of `stripes` the calling thread counts in. Threads are numbered as they first ask.
size_t metric_stripe(size_t stripes);

class Counter {
 public:
  explicit Counter(size_t stripes) : cells_(stripes) {}
  void add(uint64_t n = 1) { cells_[metric_stripe(cells_.size())].value.fetch_add(n, std::memory_order_relaxed); }
  uint64_t value() const;

 private:
  struct alignas(64) Cell {
    std::atomic<uint64_t> value = 0;
  };
  std::vector<Cell> cells_;
};

// Latencies in fixed buckets, three a decade from 100 µs to 60 s: what operations and alerts are set by.
class LatencyHistogram {
 public:
  static constexpr std::array<double, 18> bounds_s = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                      0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30,    60};
  struct Snapshot {
    std::array<uint64_t, bounds_s.size() + 1> counts = {};  // by bucket, not cumulative; the last is above all bounds
    uint64_t count = 0;
    double sum_s = 0;
  };

  explicit LatencyHistogram(size_t stripes) : cells_(stripes) {}
  void observe(std::chrono::nanoseconds latency);
  Snapshot snapshot() const;

 private:
  struct alignas(64) Cell {
    std::array<std::atomic<uint64_t>, bounds_s.size() + 1> counts = {};
    std::atomic<uint64_t> sum_ns = 0;
  };
  std::vector<Cell> cells_;
};

class Metrics {
 public:
  // `stripes`: about the number of threads that count, which is that of executors.
  explicit Metrics(size_t stripes);
  ~Metrics();

  // Made on first use and kept; the same name and labels give the same object. Takes a lock: look up once, count
  // often. A name has one help text and one type. Names follow Prometheus: "outcrop_calls_total".
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  LatencyHistogram& histogram(std::string_view name, std::string_view help, Labels labels = {});
  // Read when somebody asks, on that thread.
  void gauge(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);
  // A counter that somebody else keeps.
  void counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);

  // Prometheus text exposition format 0.0.4.
  std::string prometheus_text() const;
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  enum class Type { counter, gauge, histogram };
  struct Series;
  struct Family;
  Series& series(std::string_view name, std::string_view help, Type type, Labels labels);

  const size_t stripes_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
};

// Commits, conflicts, syncs, bytes.
void add_store_metrics(Metrics& metrics, const store::Store& store);

// RSS, threads, file descriptors, start time and processor time of this process, named as Prometheus' clients do.
void add_process_metrics(Metrics& metrics, Instant started_at);

}  // namespace outcrop
