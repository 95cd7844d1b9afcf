// The telemetry of outcrop.yaml and of OpenTelemetry's environment variables: where spans and metrics are sent.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/telemetry/telemetry.h"
#include "net/http_client.h"
#include "server/paths.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

struct TelemetryConfig {
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  std::optional<net::Url> endpoint;  // below it: /v1/traces and /v1/metrics
  Pairs headers;                     // of requests to it
  Pairs header_variables;            // the same, each value in an environment variable
  std::optional<std::string> service_name;
  Pairs resource;  // attributes
  std::optional<double> sampling_ratio;
  std::optional<Milliseconds> traces_interval, metrics_interval, timeout;
};

// Where telemetry goes, and what is sent beside each request's own headers.
struct TelemetryTarget {
  telemetry::TelemetryOptions options;
  net::Headers headers;
};

void read_telemetry(YamlReader& yaml, const YAML::Node& node, TelemetryConfig& out);

// What the file says and, where it says nothing, the environment: OTEL_EXPORTER_OTLP_ENDPOINT, _TRACES_ENDPOINT, _METRICS_ENDPOINT,
// _HEADERS and _TIMEOUT, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER_ARG, OTEL_SDK_DISABLED. None where neither names
// an endpoint. Fault: InvalidConfiguration 400, naming the variable.
Result<std::optional<TelemetryTarget>> telemetry_target(const TelemetryConfig& config, Random& random,
                                                        const Environment& environment = process_environment);

// Adds what requests to a collector need: authorities to trust where it is reached by https, and the proxies of this process' environment.
Result<void> add_telemetry_client(const TelemetryTarget& target, net::ClientOptions& options);

// None: off. The world, the clients and the metrics must outlive it.
telemetry::Telemetry make_telemetry(World& world, net::HttpClients& clients, Metrics& metrics, std::optional<TelemetryTarget> target);

}  // namespace outcrop::server
