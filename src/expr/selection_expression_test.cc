// Selection expressions as API Gateway's guide describes them.
#include "expr/selection_expression.h"

#include <gtest/gtest.h>

namespace outcrop::expr {
namespace {

// A message and its connection.
struct MessageSource : SelectionSource {
  explicit MessageSource(std::string_view message) {
    if (auto parsed = json::parse(message)) body = std::move(*parsed);
  }

  const json::Value* document(SelectionVariable variable) const override {
    if (variable == SelectionVariable::context) return &context;
    if (variable == SelectionVariable::request_body && body) return &*body;
    return nullptr;
  }

  std::optional<std::string> text(SelectionVariable variable, std::string_view name) const override {
    for (const auto& [known, known_name, value] : texts)
      if (known == variable && known_name == name) return value;
    return std::nullopt;
  }

  std::optional<json::Value> body;
  json::Value context = *json::parse(R"({"routeKey": "join", "authorizer": {"usageIdentifierKey": "key-1"}})");
  std::vector<std::tuple<SelectionVariable, std::string, std::string>> texts;
};

constexpr std::string_view message = R"({"service": "chat", "action": "join", "data": {"room": "room1234", "list": ["a", 2, {"b": 1.5}]}})";

std::optional<std::string> evaluated(std::string_view expression, const SelectionSource& source = MessageSource(message)) {
  auto parsed = SelectionExpression::parse(expression);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? parsed->evaluate(source) : std::nullopt;
}

std::string refusal_of(std::string_view expression) {
  auto parsed = SelectionExpression::parse(expression);
  EXPECT_FALSE(parsed) << expression;
  if (parsed) return {};
  EXPECT_EQ(parsed.error().code, "BadRequestException");
  EXPECT_EQ(parsed.error().status, 400);
  return parsed.error().message;
}

TEST(SelectionExpressionTest, AVariableNamesAMemberOfTheMessage) {
  EXPECT_EQ(evaluated("$request.body.action"), "join");
  EXPECT_EQ(evaluated("${request.body.action}"), "join");
  EXPECT_EQ(evaluated("$request.body.data.room"), "room1234");
}

TEST(SelectionExpressionTest, WhatStandsAroundVariablesStandsForItself) {
  EXPECT_EQ(evaluated("${request.body.service}/${request.body.action}"), "chat/join");
  EXPECT_EQ(evaluated("$request.body.service/$request.body.action!"), "chat/join!");
  EXPECT_EQ(evaluated("action"), "action");
}

TEST(SelectionExpressionTest, WhatIsNotThereIsTheEmptyText) {
  EXPECT_EQ(evaluated("${request.body.action}-${request.body.invalidPath}"), "join-");
  EXPECT_EQ(evaluated("$request.body.action.deeper"), "");
  EXPECT_EQ(evaluated("$request.body.nothing", MessageSource(R"({"nothing": null})")), "");
}

TEST(SelectionExpressionTest, ADollarSignIsEscaped) {
  EXPECT_EQ(evaluated("\\$default"), "$default");
  EXPECT_EQ(evaluated("\\${request.body.action}"), "${request.body.action}");
}

TEST(SelectionExpressionTest, TheReservedKeyNeedsNoBackslash) { EXPECT_EQ(evaluated("$default"), "$default"); }

TEST(SelectionExpressionTest, AnyPathMayFollowTheBody) {
  EXPECT_EQ(evaluated("$request.body.data.list[0]"), "a");
  EXPECT_EQ(evaluated("$request.body['data']['room']"), "room1234");
  EXPECT_EQ(evaluated("${request.body.data.list[-1].b}"), "1.5");
  EXPECT_EQ(evaluated("$request.body[2]", MessageSource(R"([2, "id", "StatusNotification"])")), "StatusNotification");
  EXPECT_EQ(evaluated("$request.body.detail-type", MessageSource(R"({"detail-type": "order"})")), "order");
}

TEST(SelectionExpressionTest, WhatIsNoStringIsWrittenAsJavaDoes) {
  EXPECT_EQ(evaluated("$request.body.data.list"), "[a, 2, {b=1.5}]");
  EXPECT_EQ(evaluated("$request.body.n", MessageSource(R"({"n": 7})")), "7");
  EXPECT_EQ(evaluated("$request.body.yes", MessageSource(R"({"yes": true})")), "true");
  EXPECT_EQ(evaluated("$request.body..room"), "[room1234]");
}

TEST(SelectionExpressionTest, AMessageThatIsNoJsonHasNoKey) {
  EXPECT_EQ(evaluated("$request.body.action", MessageSource("hello")), std::nullopt);
  EXPECT_EQ(evaluated("action", MessageSource("hello")), "action");
}

TEST(SelectionExpressionTest, ValuesAreNotEvaluatedAgain) {
  EXPECT_EQ(evaluated("$request.body.action", MessageSource(R"({"action": "$request.body.b", "b": 1})")), "$request.body.b");
}

TEST(SelectionExpressionTest, HeadersQueryContextAndStageVariablesAreVariablesToo) {
  MessageSource source("{}");
  source.texts = {{SelectionVariable::request_header, "x-api-key", "key-2"}, {SelectionVariable::request_querystring, "room", "r1"},
                  {SelectionVariable::stage_variable, "env", "prod"},        {SelectionVariable::request_base_path, "", "v1"},
                  {SelectionVariable::response_status_code, "", "404"},      {SelectionVariable::response_header, "x-kind", "k"}};
  EXPECT_EQ(evaluated("$request.header.x-api-key", source), "key-2");
  EXPECT_EQ(evaluated("$request.querystring.room", source), "r1");
  EXPECT_EQ(evaluated("$stageVariables.env", source), "prod");
  EXPECT_EQ(evaluated("$request.basepath", source), "v1");
  EXPECT_EQ(evaluated("$context.authorizer.usageIdentifierKey", source), "key-1");
  EXPECT_EQ(evaluated("$context.routeKey/$context.other", source), "join/");
  EXPECT_EQ(evaluated("${integration.response.statuscode}", source), "404");
  EXPECT_EQ(evaluated("$integration.response.header.x-kind", source), "k");
  EXPECT_EQ(evaluated("$request.header.absent", source), "");
}

TEST(SelectionExpressionTest, UnknownVariablesAreRefused) {
  EXPECT_EQ(refusal_of("$request.bodyy.a"),
            "Invalid selection expression specified: $request.bodyy.a: there is no variable \"request.bodyy.a\"");
  refusal_of("$action");
  refusal_of("$request.header");
  refusal_of("$request.basepath.a");
  refusal_of("$");
  refusal_of("a$default");
}

TEST(SelectionExpressionTest, MalformedExpressionsAreRefused) {
  EXPECT_EQ(refusal_of("${request.body.a"), "Invalid selection expression specified: ${request.body.a: a brace is not closed");
  EXPECT_TRUE(refusal_of("${request.body.}").contains("the path of \"request.body.\" is none: position 2: a name is expected"));
  refusal_of("");
  refusal_of("$request.body[");
  refusal_of(std::string(5000, 'a'));
}

TEST(SelectionExpressionTest, SaysWhatItAsksFor) {
  auto expression = SelectionExpression::parse("${request.body.a}-${stageVariables.b}");
  ASSERT_TRUE(expression);
  EXPECT_FALSE(expression->asks_only_for({SelectionVariable::request_body}));
  EXPECT_TRUE(expression->asks_only_for({SelectionVariable::stage_variable, SelectionVariable::request_body}));
  EXPECT_FALSE(expression->is_static());
  EXPECT_TRUE(SelectionExpression::parse("\\$default")->is_static());
}

TEST(SelectionKeyTest, AKeyIsItselfOrAPattern) {
  EXPECT_TRUE(SelectionKey::parse("200")->matches("200"));
  EXPECT_FALSE(SelectionKey::parse("20")->matches("200"));
  EXPECT_TRUE(SelectionKey::parse("/2\\d\\d/")->matches("204"));
  EXPECT_FALSE(SelectionKey::parse("/2\\d\\d/")->matches("2040"));
  EXPECT_TRUE(SelectionKey::parse("/.*Error.*/")->matches("SomeError: bad"));
  EXPECT_EQ(SelectionKey::parse("/(/").error().code, "BadRequestException");
}

}  // namespace
}  // namespace outcrop::expr
