#include "server/http_metrics.h"

namespace outcrop::server {

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
