// What the metrics say about the parts below core: the store and the HTTP server.
#pragma once
#include "core/metrics.h"
#include "net/server.h"
#include "store/store.h"

namespace outcrop::server {

// All must outlive the metrics' last reading.
void add_store_metrics(Metrics& metrics, const store::Store& store);
void add_http_metrics(Metrics& metrics, const net::Server& server, const net::BodyBudget& budget);

}  // namespace outcrop::server
