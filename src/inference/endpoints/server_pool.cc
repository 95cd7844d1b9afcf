#include "inference/endpoints/server_pool.h"

#include <fmt/format.h>

#include "base/log.h"

namespace outcrop::inference {

namespace {

constexpr std::string_view requests_name = "outcrop_model_requests_total";
constexpr std::string_view requests_help = "Requests to model servers, by how they ended before the first token.";

}  // namespace

ServerPool::ServerPool(std::vector<net::Url> urls, std::string_view model, const Clock& clock, Metrics& metrics, EndpointsOptions options)
    : clock_(clock), endpoints_(std::move(urls), clock, options) {
  for (size_t i = 0; i < endpoints_.size(); ++i) {
    const net::Url& url = endpoints_.url(i);
    const std::string server = fmt::format("{}://{}{}", url.scheme(), url.authority(), url.target);
    auto counter = [&](std::string outcome) -> Counter& {
      return metrics.counter(requests_name, requests_help, {{"server", server}, {"outcome", std::move(outcome)}});
    };
    counters_.push_back({counter("answered"), counter("failed"), counter("pushed_back")});
    add_gauges(metrics, i, model, server);
  }
}

void ServerPool::succeeded(Lease& lease) {
  counters_[lease.index()].answered.add();
  if (lease.succeeded()) log::info("a model server answers again", {{"server", lease.url().authority()}});
}

// A server that is busy is not one that is broken: it gets less to do, and nothing for as long as it says.
void ServerPool::failed(Lease& lease, const Fault& fault) {
  const ServerFault& details = *server_fault_in(fault);
  if (details.has_too_much) lease.pushed_back(clock_.steady(), details.retry_after);
  if (details.status == 429) {
    counters_[lease.index()].pushed_back.add();
    return;
  }
  counters_[lease.index()].failed.add();
  const Milliseconds pause = lease.failed(clock_.steady());
  log::warning("a model server failed",
               {{"server", lease.url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
}

void ServerPool::add_gauges(Metrics& metrics, size_t index, std::string_view model, const std::string& server) {
  const Labels labels = {{"model", std::string(model)}, {"server", server}};
  auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    metrics.gauge(name, help, labels, [this, index, read] { return double(read(endpoints_.load(index))); });
  };
  gauge("outcrop_model_under_way", "Requests under way at a model server.",
        [](const ModelEndpoints::Load& load) { return load.under_way; });
  gauge("outcrop_model_window", "How many it may be at a time.", [](const ModelEndpoints::Load& load) { return load.window; });
  gauge("outcrop_model_passed_over", "Whether the server is passed over because it failed, or asked to be left alone.",
        [](const ModelEndpoints::Load& load) { return load.is_passed_over; });
}

}  // namespace outcrop::inference
