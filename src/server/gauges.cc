#include "server/gauges.h"

namespace outcrop::server {

void add_store_metrics(Metrics& metrics, const store::Store& store) {
  auto counter = [&](std::string_view name, std::string_view help, uint64_t store::StoreStats::* member) {
    metrics.counter_from(name, help, {}, [&store, member] { return double(store.stats().*member); });
  };
  auto gauge = [&](std::string_view name, std::string_view help, uint64_t store::StoreStats::* member) {
    metrics.gauge(name, help, {}, [&store, member] { return double(store.stats().*member); });
  };
  counter("outcrop_store_commits_total", "Batches and transactions that were committed.", &store::StoreStats::commits);
  counter("outcrop_store_conflicts_total", "Transactions that ran again because another one committed first.",
          &store::StoreStats::conflicts);
  counter("outcrop_store_syncs_total", "Syncs of the write-ahead log; many commits share one.", &store::StoreStats::syncs);
  counter("outcrop_store_written_bytes_total", "Bytes of keys and values that were committed.", &store::StoreStats::bytes_written);
  gauge("outcrop_store_memory_bytes", "Memory the store uses for caches and what is not yet in table files.",
        &store::StoreStats::memory_bytes);
  gauge("outcrop_store_disk_bytes", "Size of the store on disk.", &store::StoreStats::disk_bytes);
}

void add_http_metrics(Metrics& metrics, const net::Server& server, const net::BodyBudget& budget) {
  metrics.gauge("outcrop_http_connections", "Open connections.", {}, [&server] { return double(server.stats().connections_open); });
  metrics.counter_from("outcrop_http_connections_total", "Connections that were accepted.", {},
                       [&server] { return double(server.stats().connections_accepted); });
  metrics.counter_from("outcrop_http_requests_total", "Requests over HTTP, of every kind.", {},
                       [&server] { return double(server.stats().requests); });
  metrics.gauge("outcrop_http_body_bytes", "Request bodies in memory.", {}, [&budget] { return double(budget.bytes_held()); });
  metrics.gauge("outcrop_http_bodies_waiting", "Requests that wait for memory for their body.", {},
                [&budget] { return double(budget.waiting()); });
}

}  // namespace outcrop::server
