#include "server/telemetry_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "server/config.h"

namespace outcrop::server {
namespace {

using ::testing::HasSubstr;

class TelemetryConfigTest : public ::testing::Test {
 protected:
  Result<std::optional<TelemetryTarget>> target(const std::string& text) {
    auto config = parse_config(text, "/etc/outcrop", {});
    if (!config) return fail("Malformed", 400, describe("outcrop.yaml", config.error()));
    return telemetry_target(config->telemetry, random_, [this](const char* name) -> std::optional<std::string> {
      auto variable = environment.find(name);
      return variable == environment.end() ? std::nullopt : std::optional(variable->second);
    });
  }
  std::string problem(const std::string& text) {
    auto read = target(text);
    return read ? "" : read.error().message;
  }
  static std::string attribute(const TelemetryTarget& target, std::string_view name) {
    for (const telemetry::Attribute& attribute : target.options.exporter.source.resource) {
      if (attribute.name == name) return std::get<std::string>(attribute.value);
    }
    return "";
  }

  std::map<std::string, std::string> environment;

 private:
  SeededRandom random_{1};
};

TEST_F(TelemetryConfigTest, IsOffWithoutAnEndpoint) {
  EXPECT_FALSE(*target(""));
  EXPECT_FALSE(*target("telemetry: {sampling_ratio: 0.5}"));
}

TEST_F(TelemetryConfigTest, SpansAndMetricsGoBelowTheEndpoint) {
  const TelemetryTarget read = **target("telemetry: {endpoint: 'http://127.0.0.1:4318/otlp/', service_name: shop, resource: {team: a}}");
  EXPECT_EQ(read.options.exporter.traces->target, "/otlp/v1/traces");
  EXPECT_EQ(read.options.exporter.metrics->target, "/otlp/v1/metrics");
  EXPECT_EQ(read.options.sampling_ratio, 1);
  EXPECT_EQ(attribute(read, "service.name"), "shop");
  EXPECT_EQ(attribute(read, "team"), "a");
  EXPECT_EQ(attribute(read, "service.instance.id").size(), 36u);
}

TEST_F(TelemetryConfigTest, ValuesOfHeadersMayBeInTheEnvironment) {
  environment["KEY"] = "Bearer abc";
  const TelemetryTarget read =
      **target("telemetry: {endpoint: 'https://otlp.example.com', headers: {x-tenant: a}, headers_env: {authorization: KEY}}");
  EXPECT_EQ(read.headers.get("authorization"), "Bearer abc");
  EXPECT_EQ(read.headers.get("x-tenant"), "a");
  EXPECT_THAT(problem("telemetry: {endpoint: 'http://a', headers_env: {authorization: OTHER}}"),
              HasSubstr("variable OTHER which telemetry"));
}

TEST_F(TelemetryConfigTest, TheEnvironmentSaysWhatTheFileLeavesOpen) {
  environment = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"},
                 {"OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b, x-other=c"},
                 {"OTEL_EXPORTER_OTLP_TIMEOUT", "2500"},
                 {"OTEL_SERVICE_NAME", "from-environment"},
                 {"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=other"},
                 {"OTEL_TRACES_SAMPLER_ARG", "0.25"}};
  const TelemetryTarget read = **target("");
  EXPECT_EQ(read.options.exporter.traces->target, "/v1/traces");
  EXPECT_EQ(read.headers.get("x-key"), "a b");
  EXPECT_EQ(read.headers.get("x-other"), "c");
  EXPECT_EQ(read.options.exporter.request_timeout, Milliseconds(2500));
  EXPECT_EQ(read.options.sampling_ratio, 0.25);
  EXPECT_EQ(attribute(read, "service.name"), "from-environment");
  EXPECT_EQ(attribute(read, "deployment.environment.name"), "test");
  const TelemetryTarget filed = **target("telemetry: {endpoint: 'http://collector:4318', service_name: filed, sampling_ratio: 1}");
  EXPECT_EQ(filed.options.exporter.traces->host, "collector");
  EXPECT_EQ(attribute(filed, "service.name"), "filed");
  EXPECT_EQ(filed.options.sampling_ratio, 1);
}

TEST_F(TelemetryConfigTest, AnEndpointOfOneKindIsUsedAsItIs) {
  environment = {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/traces/"}};
  const TelemetryTarget read = **target("");
  EXPECT_EQ(read.options.exporter.traces->target, "/traces/");
  EXPECT_FALSE(read.options.exporter.metrics);
}

TEST_F(TelemetryConfigTest, CanBeTurnedOffForAProcessThatInheritsTheEnvironment) {
  environment = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"}, {"OTEL_SDK_DISABLED", "true"}};
  EXPECT_FALSE(*target(""));
}

TEST_F(TelemetryConfigTest, WhatIsWrongIsSaid) {
  EXPECT_THAT(problem("telemetry: {endpoint: nowhere}"), HasSubstr("telemetry.endpoint: must be a URL"));
  EXPECT_THAT(problem("telemetry: {endpoint: 'http://a', sampling_ratio: 2}"), HasSubstr("must be a number from 0 to 1"));
  EXPECT_THAT(problem("telemetry: {endpiont: 'http://a'}"), HasSubstr("did you mean endpoint?"));
  EXPECT_THAT(problem("telemetry: {endpoint: 'http://a', traces_interval: 0s}"), HasSubstr("longer than nothing"));
  environment["OTEL_EXPORTER_OTLP_HEADERS"] = "no pair";
  EXPECT_THAT(problem("telemetry: {endpoint: 'http://a'}"), HasSubstr("OTEL_EXPORTER_OTLP_HEADERS is no list of key=value"));
}

}  // namespace
}  // namespace outcrop::server
