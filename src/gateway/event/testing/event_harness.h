// Events of an API that a test puts together, with functions that answer what it says and guards that let everybody pass until told not to.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>

#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gateway/event/execution_log.h"
#include "gateway/event/route_events.h"
#include "net/loop_rig_test.h"

namespace outcrop::gateway {

// Puts an API together as a deployment would freeze it.
class ApiMaker {
 public:
  ApiMaker() {
    parts.api_id = "a1b2c3d4e5";
    parts.account = "111122223333";
    parts.region = "us-east-1";
    parts.deployment_id = "dep1";
    parts.api.route_selection_expression = "$request.body.action";
  }

  // A route of that key to `integration`; gives the route for what differs.
  RouteRecord& route(const std::string& key, IntegrationRecord integration) {
    const std::string id = "i" + std::to_string(parts.integrations.size());
    if (integration.timeout_ms == 0) integration.timeout_ms = 29'000;
    parts.integrations.emplace(id, std::move(integration));
    RouteRecord& route = parts.routes["r" + key];
    route.key = key;
    route.authorization_type = "NONE";
    route.target = "integrations/" + id;
    return route;
  }
  RouteRecord& function_route(const std::string& key, const std::string& function = "arn:aws:lambda:us-east-1:111122223333:function:ask") {
    return route(
        key, {.type = "AWS_PROXY", .uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + function + "/invocations"});
  }
  void answers(const std::string& key) {
    parts.routes["r" + key].response_selection_expression = "$default";
    parts.route_responses["r" + key]["rr"].key = "$default";
  }
  // Of the route that was added last.
  IntegrationResponseRecord& integration_response(const std::string& key) {
    const std::string integration = "i" + std::to_string(parts.integrations.size() - 1);
    IntegrationResponseRecord& response = parts.integration_responses[integration]["ir" + key];
    response.key = key;
    return response;
  }

  ServedStage stage() const { return {.api = std::make_shared<const DeployedApi>(parts), .name = "prod", .record = stage_record}; }

  ApiParts parts;
  StageRecord stage_record;
};

class FixedSource final : public ApiSource {
 public:
  std::shared_ptr<const ServedStage> stage;
  std::optional<Fault> fault;

  Task<Result<std::shared_ptr<const ServedStage>>> find(std::string_view, std::string_view) override {
    if (fault) co_return fail(*fault);
    co_return stage;
  }
  Task<Result<std::optional<MappedStage>>> find_domain(std::string_view, std::string_view) override { co_return std::nullopt; }
};

// What was recorded of an event.
struct Recorded {
  std::string route_key, error_message, error_response_type, integration_error;
  int status;
  std::optional<int> integration_status;
  bool has_latency;
};

class ScriptedGuards final : public Guards {
 public:
  std::optional<Fault> refuses_connections, refuses_messages;
  std::optional<std::string> authorizer;
  std::vector<Recorded> recorded;
  std::vector<std::string> logged;  // lines of execution logs
  int released = 0;

  Task<Result<void>> admit_connection(RouteEvent&, const DeployedApi::Route*, ConnectionContext& connection) override {
    if (refuses_connections) co_return fail(*refuses_connections);
    connection.record.authorizer = authorizer;
    co_return {};
  }
  Result<void> admit_message(RouteEvent&, const DeployedApi::Route&, size_t) override {
    if (refuses_messages) return fail(*refuses_messages);
    return {};
  }
  Result<void> admit_post(const ConnectionContext&) override { return {}; }
  void release(const ConnectionContext&) override { ++released; }
  void record(const RouteEvent& event) override {
    recorded.push_back({event.route_key, event.error_message, event.error_response_type, event.integration_error, event.status,
                        event.integration_status, event.integration_latency_ms.has_value()});
    if (!event.log) return;
    for (LogSink::Line& line : event.log->take_lines()) logged.push_back(std::move(line.text));
  }
};

class ScriptedFunctions final : public FunctionCalls {
 public:
  std::deque<Result<FunctionAnswer>> answers;  // in turn; {"statusCode":200} when there are none left
  std::vector<FunctionCall> calls;
  std::optional<Completion<bool>> held;  // the next call waits for this

  Task<Result<FunctionAnswer>> invoke(FunctionCall call) override {
    calls.push_back(std::move(call));
    if (held) co_await *held;
    if (answers.empty()) co_return FunctionAnswer{.payload = R"({"statusCode":200})", .error = {}};
    Result<FunctionAnswer> answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

  void answer(std::string payload) { answers.push_back(FunctionAnswer{.payload = std::move(payload), .error = {}}); }
  json::Value event(size_t call = 0) const { return json::parse(calls.at(call).payload).value(); }
};

struct EventHarness : testing::Test, TestWorld {
  EventHarness() {
    connection.id = "L0SM9cOFvHcCIhw=";
    connection.record.api_id = "a1b2c3d4e5";
    connection.record.stage = "prod";
    connection.record.account = "111122223333";
    connection.record.region = "us-east-1";
    connection.record.connected_at = start;
    connection.record.domain_name = "localhost:4566";
    connection.record.source_ip = "192.0.2.7";
    connection.record.user_agent = "wscat/5";
  }
  ~EventHarness() override { run(events->close()); }

  void serve(const ApiMaker& maker) {
    source.stage = std::make_shared<const ServedStage>(maker.stage());
    events.emplace(source, guards, Backends{world, functions, services, rig.clients});
  }
  // The answer's text; "" when there is none.
  std::string send(std::string text) {
    auto answer = run(events->message(connection, {.data = std::move(text)}));
    return answer ? answer->data : "";
  }
  Result<net::Headers> connect(net::RequestHead head = {.method = "GET", .path = "/prod", .host = "localhost:4566"}) {
    TestExchange exchange(std::move(head), "");
    const Handshake handshake{.exchange = exchange, .head = exchange.head(), .request_id = "00112233-4455-4677-8899-aabbccddeeff"};
    if (auto let = run(events->authorize(*source.stage, connection, handshake)); !let) return fail(let.error());
    return run(events->connect(*source.stage, connection, handshake));
  }
  bool disconnect(net::CloseReason reason = {.code = 1000, .text = "bye"}) { return run(events->disconnect(connection, reason)); }

  ConnectionContext connection;
  FixedSource source;
  ScriptedGuards guards;
  ScriptedFunctions functions;
  net::LoopRig rig;  // HTTP clients, on a loop of their own
  Metrics metrics{1};
  FaultInjection faults{random};
  Admission admission{faults, {}};
  Directory directory{admission, metrics};  // without services
  ServiceCalls services{world, directory, false};
  std::optional<RouteEvents> events;
};

}  // namespace outcrop::gateway
