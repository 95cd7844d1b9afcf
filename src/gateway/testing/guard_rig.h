// Guards of a stage whose functions, metrics and logs are a test's.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gateway/event/execution_log.h"
#include "gateway/guard/gateway_guards.h"
#include "gateway/guard/quotas.h"
#include "gateway/record/access_log_line.h"

namespace outcrop::gateway {

class AuthorizerFunctions final : public FunctionCalls {
 public:
  std::function<Task<Result<FunctionAnswer>>(const FunctionCall&)> answer = [](const FunctionCall&) -> Task<Result<FunctionAnswer>> {
    co_return fail("ResourceNotFoundException", 404, "Function not found");
  };
  std::vector<FunctionCall> calls;

  void answer_with(std::string payload, std::string error = "") {
    answer = [payload, error](const FunctionCall&) { return told({payload, error, "f-1"}); };
  }

  Task<Result<FunctionAnswer>> invoke(FunctionCall call) override {
    calls.push_back(call);
    co_return co_await keep(answer(calls.back()));
  }

 private:
  static Task<Result<FunctionAnswer>> told(FunctionAnswer answer) { co_return answer; }
};

// Sums by "Metric{ApiId=a,Stage=b}".
class CountedMetrics final : public ServiceMetrics {
 public:
  std::map<std::string, double> sums;

  void record(std::string_view, std::string_view, std::string_view metric_namespace, std::string_view metric,
              std::span<const Dimension> dimensions, double value, std::string_view) override {
    std::string key = std::string(metric_namespace) + "/" + std::string(metric) + "{";
    for (const Dimension& dimension : dimensions) key += fmt::format("{}={};", dimension.name, dimension.value);
    sums[key + "}"] += value;
  }
};

class KeptLogs final : public LogSink {
 public:
  std::vector<std::string> lines;  // "GROUP: text"

  Task<Result<void>> append(Stream to, std::vector<Line> added) override {
    for (const Line& line : added) lines.push_back(to.group + ": " + line.text);
    co_return {};
  }
};

struct GuardRig {
  explicit GuardRig(UsageOptions usage = {}, std::unique_ptr<auth::Authenticator> given = nullptr) : authenticator(std::move(given)) {
    if (!authenticator) authenticator = std::make_unique<auth::Authenticator>(test.clock);
    quotas.add(std::string(quota_service_code), std::string(quota_service_name), gateway_quotas);
    guards.emplace(GuardParts{test.world, functions, *authenticator, quotas, metrics, logs}, std::move(usage));
    EXPECT_TRUE(test.run(guards->start()));
    api.api_id = "a1b2c3d4e5";
    api.account = "111122223333";
    api.region = "eu-central-1";
    api.routes["r1"] = {.key = "$connect", .authorization_type = "NONE"};
    api.routes["r2"] = {.key = "ask", .authorization_type = "NONE"};
    exchange_head = {.method = "GET",
                     .path = "/_aws/execute-api/a1b2c3d4e5/prod",
                     .query = "",
                     .host = "localhost:4566",
                     .headers = {{"Host", "localhost:4566"}},
                     .peer = {.address = "127.0.0.1", .port = 40000, .is_loopback = true}};
  }
  ~GuardRig() {
    if (!is_stopped) stop();
  }

  void stop() {
    is_stopped = true;
    test.run(guards->stop());
  }

  // On the executor, as what the server does.
  template <class Work>
  auto within(Work work) {
    return test.run([](Work& work) -> Task<decltype(work())> { co_return work(); }(work));
  }

  // What $connect is authorized by.
  void use_authorizer(std::vector<std::string> identity_source) {
    api.authorizers["auth01"] = {.name = "tokens",
                                 .type = "REQUEST",
                                 .uri =
                                     "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
                                     "arn:aws:lambda:eu-central-1:111122223333:function:tokens/invocations",
                                 .identity_source = std::move(identity_source)};
    api.routes["r1"].authorization_type = "CUSTOM";
    api.routes["r1"].authorizer_id = "auth01";
  }

  std::shared_ptr<const ServedStage> served() const {
    return std::make_shared<const ServedStage>(ServedStage{std::make_shared<const DeployedApi>(api), "prod", stage});
  }
  ConnectionContext connection(std::string id = "L0SM9cOFvHcCIhw=") const {
    return {std::move(id),
            {.api_id = api.api_id,
             .stage = "prod",
             .account = api.account,
             .region = api.region,
             .connected_at = TestWorld::start,
             .domain_name = "localhost:4566",
             .source_ip = "127.0.0.1",
             .user_agent = "tests"}};
  }

  Result<void> connect(ConnectionContext& connection) {
    TestExchange exchange(exchange_head);
    const Handshake handshake{exchange, exchange_head, "8b6b1f5c-6f4e-4c7e-9a53-3c3b1d0b8f11"};
    RouteEvent event = event_of(connection, RouteEvent::Type::connect, "$connect");
    event.handshake = &handshake;
    event.log = ExecutionLog::of(event, test.clock);
    Result<void> admitted = test.run(guards->admit_connection(event, event.stage->api->find_route("$connect"), connection));
    status = event.status;
    response_type = event.error_response_type;
    authorizer_error = event.authorizer.error;
    access_line = access_log_line(access_format, event);
    log_end(event);
    if (!admitted || event.log) record(event);
    return admitted;
  }
  Result<void> connect() {
    ConnectionContext opened = connection();
    return connect(opened);
  }
  Result<void> send(const ConnectionContext& connection, size_t bytes = 10, std::string_view route_key = "ask") {
    RouteEvent event = event_of(connection, RouteEvent::Type::message, route_key);
    const Result<void> admitted = within([&] { return guards->admit_message(event, *event.stage->api->find_route(route_key), bytes); });
    response_type = event.error_response_type;
    return admitted;
  }
  void record(const RouteEvent& event) {
    within([&] {
      guards->record(event);
      return true;
    });
  }
  RouteEvent event_of(const ConnectionContext& connection, RouteEvent::Type type, std::string_view route_key) const {
    return {.stage = served(),
            .connection = connection,
            .type = type,
            .route_key = std::string(route_key),
            .request_id = "JjPcXEU8oAMFpUw=",
            .extended_request_id = "JjPcXEU8oAMFpUw=",
            .at = test.clock.wall()};
  }

  TestWorld test;
  std::unique_ptr<auth::Authenticator> authenticator;
  AuthorizerFunctions functions;
  QuotaBook quotas;
  CountedMetrics metrics;
  KeptLogs logs;
  std::optional<GatewayGuards> guards;
  bool is_stopped = false;

  ApiParts api;  // what connect() and send() meet
  StageRecord stage;
  net::RequestHead exchange_head;

  std::string access_format;

  // Of the last event.
  int status = 0;
  std::string response_type, authorizer_error;
  std::string access_line;  // of a connection
};

}  // namespace outcrop::gateway
