#include "services/lambda/invoke/function_metrics.h"

#include <array>
#include <span>

namespace outcrop::lambda {

namespace {

constexpr std::string_view lambda_namespace = "AWS/Lambda", count = "Count", milliseconds = "Milliseconds";

bool is_alias(std::string_view qualifier) { return qualifier != latest && !is_version_number(qualifier); }

}  // namespace

void FunctionMetrics::began(const FunctionName& name, std::string_view version, const Executions::Running& running) {
  using Dimension = ServiceMetrics::Dimension;
  const auto& [account, region] = name.place;
  const std::array<Dimension, 1> of_function = {{{"FunctionName", name.name}}};
  auto put = [&](std::string_view metric, std::span<const Dimension> dimensions, uint32_t value) {
    metrics_.record(account, region, lambda_namespace, metric, dimensions, double(value), count);
  };
  put("ConcurrentExecutions", {}, running.of_account);
  put("ConcurrentExecutions", of_function, running.of_function);
  put("UnreservedConcurrentExecutions", {}, running.unreserved);
  record(name, "Invocations", 1, count, version);
  record(name, "Throttles", 0, count);
}

void FunctionMetrics::ended(const FunctionName& name, std::string_view version, double duration_ms, bool has_failed) {
  record(name, "Duration", duration_ms, milliseconds, version);
  record(name, "Errors", has_failed ? 1 : 0, count, version);
}

void FunctionMetrics::throttled(const FunctionName& name) { record(name, "Throttles", 1); }

void FunctionMetrics::event_aged(const FunctionName& name, Milliseconds age) {
  record(name, "AsyncEventAge", double(age.count()), milliseconds);
}

void FunctionMetrics::record(const FunctionName& name, std::string_view metric, double value, std::string_view unit,
                             std::string_view version) {
  const std::string resource = name.qualifier ? name.name + ":" + *name.qualifier : name.name;
  const std::array<ServiceMetrics::Dimension, 3> dimensions = {
      {{"FunctionName", name.name}, {"Resource", resource}, {"ExecutedVersion", version}}};
  const size_t most = name.qualifier && !version.empty() && is_alias(*name.qualifier) ? 3 : 2;
  for (size_t used = 0; used <= most; ++used) {
    metrics_.record(name.place.account, name.place.region, lambda_namespace, metric, std::span(dimensions).first(used), value, unit);
  }
}

}  // namespace outcrop::lambda
