// What the metrics say about the HTTP server, which core knows nothing of.
#pragma once
#include "core/metrics.h"
#include "net/server.h"

namespace outcrop::server {

// Both must outlive the metrics' last reading.
void add_http_metrics(Metrics& metrics, const net::Server& server, const net::BodyBudget& budget);

}  // namespace outcrop::server
