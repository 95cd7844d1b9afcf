#include "server/telemetry_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/encoding.h"
#include "gen/version.h"

namespace outcrop::server {

namespace {

using Pairs = TelemetryConfig::Pairs;

constexpr std::string_view service_name_default = "outcrop";

Parsed<net::Url> parse_collector_url(std::string_view text) {
  auto url = net::parse_url(text);
  if (!url) return std::unexpected(fmt::format("must be a URL, as in http://127.0.0.1:4318: {}", url.error().message));
  if (url->target.contains('?')) return std::unexpected(fmt::format("must be a URL without a query, not '{}'", text));
  while (url->target.ends_with('/')) url->target.pop_back();
  return std::move(*url);
}

// Of one kind of requests, used as it is.
Parsed<net::Url> parse_signal_url(std::string_view text) {
  auto url = net::parse_url(text);
  if (!url) return std::unexpected(fmt::format("must be a URL, as in http://127.0.0.1:4318/v1/traces: {}", url.error().message));
  return std::move(*url);
}

bool is_printable(std::string_view text) {
  return !text.empty() && text.size() <= 4096 && std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

// The value stays out of the message: it would end up in a log.
Parsed<std::string> parse_printable(std::string_view text) {
  if (!is_printable(text)) return std::unexpected("must be 1 to 4096 printable ASCII characters");
  return std::string(text);
}

Parsed<double> parse_ratio(std::string_view text) {
  double ratio = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ratio);
  if (error != std::errc() || end != text.data() + text.size() || !(ratio >= 0 && ratio <= 1))
    return std::unexpected(fmt::format("must be a number from 0 to 1, not '{}'", text));
  return ratio;
}

Parsed<Milliseconds> parse_interval(std::string_view text) {
  auto interval = parse_duration(text);
  if (interval && interval->count() == 0) return std::unexpected("must be longer than nothing");
  return interval;
}

std::unexpected<Fault> unusable(std::string_view variable, std::string_view problem) {
  return fail("InvalidConfiguration", 400, fmt::format("the environment variable {} {}", variable, problem));
}

// "key=value,key=value", values percent-encoded (OpenTelemetry specification, "OpenTelemetry Protocol Exporter").
Result<Pairs> read_pairs(std::string_view variable, std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::nullopt : percent_decode(pair.substr(equals + 1));
    if (!name || !value || !is_printable(*name) || !is_printable(*value)) return unusable(variable, "is no list of key=value");
    const size_t first = name->find_first_not_of(' ');
    pairs.emplace_back(name->substr(first == std::string::npos ? 0 : first), std::move(*value));
  }
  return pairs;
}

// Adds those whose names are not there yet.
void add_missing(Pairs& to, Pairs from) {
  for (auto& pair : from) {
    if (std::ranges::find(to, pair.first, &Pairs::value_type::first) == to.end()) to.push_back(std::move(pair));
  }
}

// What the environment says, in the terms of the file.
class TelemetryEnvironment {
 public:
  TelemetryEnvironment(TelemetryConfig& config, const Environment& environment) : config_(config), environment_(environment) {}

  Result<void> read() {
    if (auto read = value("OTEL_EXPORTER_OTLP_ENDPOINT", config_.endpoint, parse_collector_url); !read) return read;
    if (auto read = value("OTEL_TRACES_SAMPLER_ARG", config_.sampling_ratio, parse_ratio); !read) return read;
    if (auto read = value("OTEL_EXPORTER_OTLP_TIMEOUT", config_.timeout, parse_timeout); !read) return read;
    if (auto read = value("OTEL_SERVICE_NAME", config_.service_name, parse_printable); !read) return read;
    if (auto read = pairs("OTEL_EXPORTER_OTLP_HEADERS", config_.headers); !read) return read;
    return pairs("OTEL_RESOURCE_ATTRIBUTES", config_.resource);
  }

  template <class T>
  Result<void> value(const char* variable, std::optional<T>& out, Parsed<T> (*parse)(std::string_view)) {
    const std::optional<std::string> text = out ? std::nullopt : environment_(variable);
    if (!text) return {};
    Parsed<T> parsed = parse(*text);
    if (!parsed) return unusable(variable, parsed.error());
    out = std::move(*parsed);
    return {};
  }

 private:
  static Parsed<Milliseconds> parse_timeout(std::string_view text) { return parse_interval(fmt::format("{}ms", text)); }

  Result<void> pairs(const char* variable, Pairs& out) {
    const std::optional<std::string> text = environment_(variable);
    if (!text) return {};
    Result<Pairs> read = read_pairs(variable, *text);
    if (!read) return fail(std::move(read.error()));
    add_missing(out, std::move(*read));
    return {};
  }

  TelemetryConfig& config_;
  const Environment& environment_;
};

std::optional<net::Url> below(const std::optional<net::Url>& endpoint, std::string_view path) {
  if (!endpoint) return std::nullopt;
  net::Url url = *endpoint;
  url.target += path;
  return url;
}

telemetry::Attributes resource_of(const TelemetryConfig& config, Random& random) {
  telemetry::Attributes resource = {{"service.name", config.service_name.value_or(std::string(service_name_default))},
                                    {"service.version", std::string(version)},
                                    {"service.instance.id", random.uuid()}};
  for (const auto& [name, value] : config.resource) {
    auto known = std::ranges::find(resource, name, &telemetry::Attribute::name);
    if (known == resource.end()) {
      resource.push_back({name, value});
    } else if (name != "service.name" || !config.service_name) {
      known->value = value;
    }
  }
  return resource;
}

Result<net::Headers> headers_of(const TelemetryConfig& config, const Environment& environment) {
  net::Headers headers;
  for (const auto& [name, value] : config.headers) headers.set(name, value);
  for (const auto& [name, variable] : config.header_variables) {
    const std::optional<std::string> value = environment(variable.c_str());
    if (!value) return unusable(variable, fmt::format("which telemetry: headers_env: {} names, is not set", name));
    if (!is_printable(*value)) return unusable(variable, "is no value of a header");
    headers.set(name, *value);
  }
  return headers;
}

}  // namespace

void read_telemetry(YamlReader& yaml, const YAML::Node& node, TelemetryConfig& out) {
  auto pairs = [&](Pairs& to) {
    return [&yaml, &to](const YAML::Node& map) {
      yaml.entries(map, [&](const YAML::Node& name, const YAML::Node& value) {
        yaml.value<std::string>(value, parse_printable, [&](std::string text) { to.emplace_back(name.Scalar(), std::move(text)); });
      });
    };
  };
  auto optional = [&]<class T>(std::optional<T>& to, Parsed<T> (*parse)(std::string_view)) { return yaml.into<T>(to, parse); };
  yaml.map(node, {{"endpoint", optional(out.endpoint, parse_collector_url)},
                  {"headers", pairs(out.headers)},
                  {"headers_env", pairs(out.header_variables)},
                  {"service_name", optional(out.service_name, parse_printable)},
                  {"resource", pairs(out.resource)},
                  {"sampling_ratio", optional(out.sampling_ratio, parse_ratio)},
                  {"traces_interval", optional(out.traces_interval, parse_interval)},
                  {"metrics_interval", optional(out.metrics_interval, parse_interval)},
                  {"timeout", optional(out.timeout, parse_interval)}});
}

Result<std::optional<TelemetryTarget>> telemetry_target(const TelemetryConfig& config, Random& random, const Environment& environment) {
  TelemetryConfig read = config;
  std::optional<net::Url> traces, metrics;
  if (environment("OTEL_SDK_DISABLED") != "true") {
    TelemetryEnvironment reader(read, environment);
    if (auto done = reader.read(); !done) return fail(std::move(done.error()));
    if (!config.endpoint) {
      if (auto done = reader.value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", traces, parse_signal_url); !done) return fail(done.error());
      if (auto done = reader.value("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", metrics, parse_signal_url); !done) return fail(done.error());
    }
  }
  TelemetryTarget target;
  telemetry::ExporterOptions& exporter = target.options.exporter;
  exporter.traces = traces ? traces : below(read.endpoint, "/v1/traces");
  exporter.metrics = metrics ? metrics : below(read.endpoint, "/v1/metrics");
  if (!exporter.traces && !exporter.metrics) return std::nullopt;
  exporter.source = {resource_of(read, random), std::string(version)};
  exporter.spans_interval = read.traces_interval.value_or(exporter.spans_interval);
  exporter.metrics_interval = read.metrics_interval.value_or(exporter.metrics_interval);
  exporter.request_timeout = read.timeout.value_or(exporter.request_timeout);
  target.options.sampling_ratio = read.sampling_ratio.value_or(1);
  Result<net::Headers> headers = headers_of(read, environment);
  if (!headers) return fail(std::move(headers.error()));
  target.headers = std::move(*headers);
  return target;
}

Result<void> add_telemetry_client(const TelemetryTarget& target, net::ClientOptions& options) {
  auto proxies = net::ProxySettings::from_environment([](const char* name) -> const char* { return std::getenv(name); });
  if (!proxies) return fail(std::move(proxies.error()));
  options.proxies = std::move(*proxies);
  auto uses_tls = [](const std::optional<net::Url>& url) { return url && url->tls; };
  const bool needs_tls = uses_tls(target.options.exporter.traces) || uses_tls(target.options.exporter.metrics);
  if (!needs_tls || options.tls) return {};
  auto tls = net::TlsClientContext::create();
  if (!tls) return fail(std::move(tls.error()));
  options.tls = std::move(*tls);
  return {};
}

telemetry::Telemetry make_telemetry(World& world, net::HttpClients& clients, Metrics& metrics, std::optional<TelemetryTarget> target) {
  if (!target) return telemetry::Telemetry(world);
  auto sender = std::make_unique<telemetry::HttpOtlpSender>(clients, std::move(target->headers));
  return telemetry::Telemetry(world, metrics, std::move(sender), std::move(target->options));
}

}  // namespace outcrop::server
