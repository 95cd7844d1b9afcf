// What integrations that are no proxies make of messages and answers: templates, parameters, conversions, and which response is chosen.
#include "gateway/event/testing/event_harness.h"

namespace outcrop::gateway {
namespace {

using testing::HasSubstr;

struct MappedIntegrations : EventHarness {
  ApiMaker api;

  // A MOCK route that answers, whose request template gives its status.
  IntegrationRecord mock(std::string request = R"({"statusCode":200})") {
    IntegrationRecord record{.type = "MOCK"};
    record.request_templates.emplace();
    (*record.request_templates)["$default"] = std::move(request);
    return record;
  }
  void respond(const std::string& key, std::string text) {
    IntegrationResponseRecord& response = api.integration_response(key);
    response.templates.emplace();
    (*response.templates)["$default"] = std::move(text);
  }
  std::string error_sent(std::string message) {
    const auto parsed = json::parse(send(std::move(message)));
    return parsed && parsed->find("message") ? std::string(parsed->find("message")->as_string()) : "";
  }
  const std::string& problem() { return guards.recorded.back().integration_error; }
};

TEST_F(MappedIntegrations, AMockAnswersWithTheStatusOfItsTemplate) {
  api.route("ping", mock(R"({"statusCode": 404})"));
  api.answers("ping");
  respond("/2\\d\\d/", "fine");
  respond("/4\\d\\d/", "not found");
  serve(api);
  EXPECT_EQ(send(R"({"action":"ping"})"), "not found");
  EXPECT_EQ(guards.recorded.back().status, 404);
  EXPECT_EQ(guards.recorded.back().integration_status, 404);
}

TEST_F(MappedIntegrations, TheDefaultResponseIsForWhatNoPatternFits) {
  api.route("ping", mock(R"({"statusCode": 500})"));
  api.answers("ping");
  respond("/2\\d\\d/", "fine");
  respond("$default", "whatever");
  serve(api);
  EXPECT_EQ(send(R"({"action":"ping"})"), "whatever");
}

TEST_F(MappedIntegrations, WithoutAResponseThatFitsTheApiIsAtFault) {
  api.route("ping", mock());
  api.answers("ping");
  respond("/4\\d\\d/", "not found");
  serve(api);
  EXPECT_EQ(error_sent(R"({"action":"ping"})"), "Internal server error");
  EXPECT_THAT(problem(), HasSubstr("No match for output mapping"));
}

TEST_F(MappedIntegrations, AMockWithoutAStatusIsTheApisFault) {
  api.route("ping", mock(R"({"status":"fine"})"));
  serve(api);
  EXPECT_EQ(error_sent(R"({"action":"ping"})"), "Internal server error");
  EXPECT_THAT(problem(), HasSubstr("Unable to parse statusCode"));
}

TEST_F(MappedIntegrations, TemplatesSeeTheMessageItsContextAndTheStage) {
  api.route("ping", mock(R"(#set($code = $input.path('$.code')){"statusCode":$code})"));
  api.answers("ping");
  respond("$default", R"($context.connectionId $context.eventType $context.routeKey $stageVariables.table $context.identity.sourceIp)");
  api.stage_record.variables["table"] = "chats";
  serve(api);
  EXPECT_EQ(send(R"({"action":"ping","code":201})"), "L0SM9cOFvHcCIhw= MESSAGE ping chats 192.0.2.7");
  EXPECT_EQ(guards.recorded.back().integration_status, 201);
}

TEST_F(MappedIntegrations, TheTemplateIsSelectedByTheMessage) {
  IntegrationRecord record = mock(R"({"statusCode":200})");
  record.template_selection_expression = "${request.body.kind}";
  (*record.request_templates)["broken"] = R"({"statusCode":500})";
  api.route("ping", std::move(record));
  serve(api);
  EXPECT_EQ(send(R"({"action":"ping","kind":"whole"})"), "");
  EXPECT_EQ(guards.recorded.back().integration_status, 200);
  send(R"({"action":"ping","kind":"broken"})");
  EXPECT_EQ(guards.recorded.back().integration_status, 500);
}

TEST_F(MappedIntegrations, WhatNoTemplateFitsPassesAsTheIntegrationSays) {
  IntegrationRecord record{.type = "MOCK"};
  api.route("free", record);
  record.passthrough = "NEVER";
  api.route("closed", record);
  record.passthrough = "WHEN_NO_TEMPLATES";
  record.request_templates.emplace();
  (*record.request_templates)["other"] = R"({"statusCode":200})";
  api.route("guarded", record);
  serve(api);
  EXPECT_EQ(send(R"({"action":"free","statusCode":204})"), "");
  EXPECT_EQ(guards.recorded.back().integration_status, 204);
  EXPECT_EQ(error_sent(R"({"action":"closed","statusCode":204})"), "Unsupported Media Type");
  EXPECT_EQ(error_sent(R"({"action":"guarded","statusCode":204})"), "Unsupported Media Type");
  EXPECT_EQ(guards.recorded.back().status, 415);
}

TEST_F(MappedIntegrations, ATemplateThatIsNoneIsTheApisFault) {
  api.route("ping", mock("#if("));
  serve(api);
  EXPECT_EQ(error_sent(R"({"action":"ping"})"), "Internal server error");
  EXPECT_THAT(problem(), HasSubstr("Execution failed due to configuration error"));
}

TEST_F(MappedIntegrations, AResponseMayBeConverted) {
  api.route("ping", mock());
  api.answers("ping");
  respond("$default", "$input.body");
  api.integration_response("$default").content_handling = "CONVERT_TO_TEXT";
  serve(api);
  EXPECT_EQ(send(R"({"action":"ping"})"), "{}") << "an empty body is an empty object to templates";
}

TEST_F(MappedIntegrations, AMessageMustBeTheRoutesModel) {
  RouteRecord& route = api.route("order", mock());
  route.model_selection_expression = "${request.body.kind}";
  route.request_models.emplace();
  (*route.request_models)["tea"] = "Tea";
  (*route.request_models)["broken"] = "Nothing";
  api.parts.models["m1"] = {.name = "Tea", .schema = R"({"required":["cups"],"properties":{"cups":{"type":"integer"}}})"};
  serve(api);
  EXPECT_EQ(error_sent(R"({"action":"order","kind":"tea"})"), "Invalid request body");
  EXPECT_EQ(guards.recorded.back().status, 400);
  EXPECT_EQ(send(R"({"action":"order","kind":"tea","cups":2})"), "");
  EXPECT_EQ(send(R"({"action":"order","kind":"cake"})"), "") << "of which the route has no model";
  EXPECT_EQ(error_sent(R"({"action":"order","kind":"broken"})"), "Internal server error");
  api.parts.api.disable_schema_validation = true;
  serve(api);
  EXPECT_EQ(send(R"({"action":"order","kind":"tea"})"), "");
}

TEST_F(MappedIntegrations, ConnectIsLetInByTheStatus) {
  api.route("$connect", mock());
  serve(api);
  EXPECT_TRUE(connect());
  ApiMaker closed;
  closed.route("$connect", mock(R"({"statusCode":403})"));
  closed.integration_response("$default");
  serve(closed);
  EXPECT_EQ(connect().error().status, 403);
  EXPECT_EQ(guards.released, 1) << "what was admitted and then refused is released";
}

TEST_F(MappedIntegrations, ConnectMapsTheHandshake) {
  IntegrationRecord record = mock(R"(#if($input.params('token') == 'open')
{"statusCode":200}#else{"statusCode":401}#end)");
  api.route("$connect", std::move(record));
  IntegrationResponseRecord& response = api.integration_response("$default");
  response.parameters.emplace();
  (*response.parameters)["route.response.header.Sec-WebSocket-Protocol"] = "route.request.header.sec-websocket-protocol";
  (*response.parameters)["route.response.header.x-stage"] = "'prod'";
  serve(api);
  const net::RequestHead known{.path = "/prod", .query = "token=open", .host = "h", .headers = {{"Sec-WebSocket-Protocol", "chat"}}};
  const auto headers = connect(known);
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->get("sec-websocket-protocol"), "chat");
  EXPECT_EQ(headers->get("x-stage"), "prod");
  EXPECT_EQ(connect().error().status, 401);
}

TEST(ParameterMapping, TakesItsValueFromWhereItSays) {
  struct Source final : expr::SelectionSource {
    json::Value body = json::parse(R"({"user":{"id":7},"empty":""})").value();
    json::Value context = json::parse(R"({"connectionId":"C="})").value();
    const json::Value* document(expr::SelectionVariable variable) const override {
      if (variable == expr::SelectionVariable::request_body) return &body;
      return variable == expr::SelectionVariable::context ? &context : nullptr;
    }
    std::optional<std::string> text(expr::SelectionVariable variable, std::string_view name) const override {
      if (variable == expr::SelectionVariable::stage_variable && name == "table") return "chats";
      return std::nullopt;
    }
  } source;
  const auto value = [&](std::string_view text) { return ValueMapping::parse(text)->value(source); };
  EXPECT_EQ(value("route.request.body.user.id"), "7");
  EXPECT_EQ(value("context.connectionId"), "C=");
  EXPECT_EQ(value("stageVariables.table"), "chats");
  EXPECT_EQ(value("'application/x-www-form-urlencoded'"), "application/x-www-form-urlencoded");
  EXPECT_EQ(value("'costs $5'"), "costs $5");
  EXPECT_EQ(value("route.request.body.nothing"), std::nullopt);
  EXPECT_EQ(value("route.request.body.empty"), std::nullopt);
  EXPECT_FALSE(ValueMapping::parse("method.request.header.x"));
}

TEST(ServiceUris, NameAnActionOrAPath) {
  const auto action = ServiceUri::parse("arn:aws:apigateway:us-east-1:sqs:action/SendMessage");
  ASSERT_TRUE(action);
  EXPECT_EQ(action->region, "us-east-1");
  EXPECT_EQ(action->service, "sqs");
  EXPECT_TRUE(action->is_action);
  EXPECT_EQ(action->rest, "SendMessage");
  const auto path = ServiceUri::parse("arn:aws:apigateway:us-east-1:sqs:path//111122223333/orders");
  ASSERT_TRUE(path);
  EXPECT_FALSE(path->is_action);
  EXPECT_EQ(path->rest, "111122223333/orders");
  for (const char* wrong : {"", "arn:aws:sqs:us-east-1:111122223333:orders", "arn:aws:apigateway:us-east-1:sqs:SendMessage",
                            "arn:aws:apigateway:us-east-1:sqs:action/", "https://example.com"})
    EXPECT_FALSE(ServiceUri::parse(wrong)) << wrong;
}

TEST_F(MappedIntegrations, AServiceThatThereIsNotIsTheApisFault) {
  api.route("store", {.type = "AWS", .uri = "arn:aws:apigateway:us-east-1:states:action/StartExecution"});
  serve(api);
  EXPECT_EQ(error_sent(R"({"action":"store"})"), "Internal server error");
  EXPECT_EQ(problem(), "UnknownService: There is no service states on this server.");
}

}  // namespace
}  // namespace outcrop::gateway
