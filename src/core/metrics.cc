#include "core/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace outcrop {

namespace {

std::atomic<size_t> metric_threads = 0;

// Backslash, quote and line feed (text exposition format, "Comments, help text, and type information").
std::string escape_label(std::string_view value) {
  std::string escaped;
  for (char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string escape_help(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string label_text(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, escape_label(value));
  return text;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out += name;
  if (!labels.empty()) fmt::format_to(std::back_inserter(out), "{{{}}}", labels);
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

void append_histogram(std::string& out, std::string_view name, const std::string& labels, const LatencyHistogram::Snapshot& snapshot) {
  const std::string separator = labels.empty() ? "" : ",";
  const std::string bucket = fmt::format("{}_bucket", name);
  uint64_t cumulative = 0;
  for (size_t i = 0; i < LatencyHistogram::bounds_s.size(); ++i) {
    cumulative += snapshot.counts[i];
    append_sample(out, bucket, fmt::format("{}{}le=\"{}\"", labels, separator, LatencyHistogram::bounds_s[i]), std::to_string(cumulative));
  }
  append_sample(out, bucket, fmt::format("{}{}le=\"+Inf\"", labels, separator), std::to_string(snapshot.count));
  append_sample(out, fmt::format("{}_sum", name), labels, fmt::format("{}", snapshot.sum_s));
  append_sample(out, fmt::format("{}_count", name), labels, std::to_string(snapshot.count));
}

}  // namespace

size_t metric_stripe(size_t stripes) {
  thread_local const size_t number = metric_threads.fetch_add(1, std::memory_order_relaxed);
  return number % stripes;
}

uint64_t Counter::value() const {
  uint64_t sum = 0;
  for (const Cell& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

void LatencyHistogram::observe(std::chrono::nanoseconds latency) {
  const double seconds = std::chrono::duration<double>(latency).count();
  const size_t bucket = size_t(std::lower_bound(bounds_s.begin(), bounds_s.end(), seconds) - bounds_s.begin());
  Cell& cell = cells_[metric_stripe(cells_.size())];
  cell.counts[bucket].fetch_add(1, std::memory_order_relaxed);
  cell.sum_ns.fetch_add(uint64_t(latency.count()), std::memory_order_relaxed);
}

LatencyHistogram::Snapshot LatencyHistogram::snapshot() const {
  Snapshot snapshot;
  uint64_t sum_ns = 0;
  for (const Cell& cell : cells_) {
    for (size_t i = 0; i < cell.counts.size(); ++i) snapshot.counts[i] += cell.counts[i].load(std::memory_order_relaxed);
    sum_ns += cell.sum_ns.load(std::memory_order_relaxed);
  }
  for (uint64_t count : snapshot.counts) snapshot.count += count;
  snapshot.sum_s = double(sum_ns) / 1e9;
  return snapshot;
}

struct Metrics::Series {
  std::unique_ptr<Counter> counter;
  std::unique_ptr<LatencyHistogram> histogram;
  std::function<double()> read;
};

struct Metrics::Family {
  std::string help;
  Type type;
  std::map<std::string, Series> series;  // by label text
};

Metrics::Metrics(size_t stripes) : stripes_(std::max<size_t>(stripes, 1)) {}
Metrics::~Metrics() = default;

// With mutex_ held.
Metrics::Series& Metrics::series(std::string_view name, std::string_view help, Type type, Labels labels) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.emplace(name, std::make_unique<Family>()).first;
    found->second->help = help;
    found->second->type = type;
  }
  check(found->second->type == type, "a metric's name is used for two types");
  return found->second->series[label_text(labels)];
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  std::lock_guard lock(mutex_);
  Series& made = series(name, help, Type::counter, std::move(labels));
  if (!made.counter) made.counter = std::make_unique<Counter>(stripes_);
  return *made.counter;
}

LatencyHistogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
  std::lock_guard lock(mutex_);
  Series& made = series(name, help, Type::histogram, std::move(labels));
  if (!made.histogram) made.histogram = std::make_unique<LatencyHistogram>(stripes_);
  return *made.histogram;
}

void Metrics::gauge(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
  std::lock_guard lock(mutex_);
  series(name, help, Type::gauge, std::move(labels)).read = std::move(read);
}

void Metrics::counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
  std::lock_guard lock(mutex_);
  series(name, help, Type::counter, std::move(labels)).read = std::move(read);
}

std::string Metrics::prometheus_text() const {
  static constexpr std::array<std::string_view, 3> type_names = {"counter", "gauge", "histogram"};
  std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, escape_help(family->help), name,
                   type_names[size_t(family->type)]);
    for (const auto& [labels, series] : family->series) {
      if (series.histogram) append_histogram(out, name, labels, series.histogram->snapshot());
      if (series.counter) append_sample(out, name, labels, std::to_string(series.counter->value()));
      if (series.read) append_sample(out, name, labels, fmt::format("{}", series.read()));
    }
  }
  return out;
}

}  // namespace outcrop
