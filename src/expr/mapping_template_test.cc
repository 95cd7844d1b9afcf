// What API Gateway gives its templates: $input, $context, $stageVariables and $util.
#include <gtest/gtest.h>

#include "expr/velocity.h"

namespace outcrop::expr {
namespace {

json::Value parsed_json(std::string_view text) { return *json::parse(text); }

std::expected<RenderedTemplate, TemplateError> mapped(std::string_view text, const TemplateInput& input) {
  auto parsed = VelocityTemplate::parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message();
  return parsed->render(input);
}

std::string mapped_text(std::string_view text, const TemplateInput& input) {
  auto result = mapped(text, input);
  EXPECT_TRUE(result) << result.error().message();
  return result ? result->text : "(error)";
}

std::string of_body(std::string_view text, std::string_view body) { return mapped_text(text, {.body = body}); }

TEST(MappingTemplateTest, TheBodyIsATextAndADocument) {
  constexpr std::string_view body = R"({"name": "Ann", "tags": ["a", "b"], "n": 1.50, "nested": {"ok": true}})";
  EXPECT_EQ(of_body("$input.body", body), body);
  EXPECT_EQ(of_body("$input.json('$')", body), R"({"name":"Ann","tags":["a","b"],"n":1.50,"nested":{"ok":true}})");
  EXPECT_EQ(of_body("$input.json('$.name') $input.path('$.name') $input.json('name')", body), R"("Ann" Ann "Ann")");
  EXPECT_EQ(of_body("$input.path('$.nested.ok') $input.path('$.tags').size() $input.path('$').name", body), "true 2 Ann");
}

TEST(MappingTemplateTest, MapsAreWrittenAsJavaDoesAndListsOfJsonAsJson) {
  EXPECT_EQ(of_body("$input.path('$')", R"({"a": 1, "b": [{"c": 5}]})"), R"({a=1, b=[{"c":5}]})");
  EXPECT_EQ(of_body("$input.path('$.b')", R"({"a": 1, "b": [{"c": 5}]})"), R"([{"c":5}])");
  EXPECT_EQ(of_body("$input.path('$..c')", R"({"a": 1, "b": [{"c": 5}]})"), "[5]");
}

TEST(MappingTemplateTest, AnEmptyBodyIsAnEmptyObject) {
  EXPECT_EQ(of_body("$input.body $input.json('$') [$input.path('$')]", ""), "{} {} []");
}

TEST(MappingTemplateTest, WhatIsNotThereIsAnEmptyText) {
  EXPECT_EQ(of_body("{\"a\": $input.json('$.missing')}", "{}"), "{\"a\": \"\"}");
  EXPECT_EQ(of_body("[$input.path('$.missing')][$input.body.testAccess][$context.none.none]", "{}"), "[][][]");
  EXPECT_EQ(of_body("#if($input.params('x') == '')none#end", ""), "none");
}

TEST(MappingTemplateTest, ABodyThatIsNoJsonIsTheClientsFault) {
  auto result = mapped("\n $input.json('$')", {.body = "hello"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, TemplateError::Kind::bad_body);
  EXPECT_EQ(result.error().line, 2u);
  EXPECT_EQ(result.error().column, 2u);
  EXPECT_TRUE(result.error().problem.starts_with("Could not parse request body into json: ")) << result.error().problem;
  EXPECT_EQ(of_body("<$input.body>", "hello"), "<hello>");
}

TEST(MappingTemplateTest, APathThatIsNoneEndsTheRendering) {
  auto result = mapped("$input.json('$[')", {.body = "{}"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, TemplateError::Kind::bad_argument);
}

TEST(MappingTemplateTest, ParametersAreLookedUpInThePathTheQueryAndTheHeaders) {
  TemplateInput input;
  input.path_parameters = parsed_json(R"({"id": "p"})");
  input.querystring = parsed_json(R"({"id": "q", "page": "2"})");
  input.headers = parsed_json(R"({"id": "h", "X-Kind": "k"})");
  EXPECT_EQ(mapped_text("$input.params('id') $input.params('page') $input.params('X-Kind')", input), "p 2 k");
  EXPECT_EQ(mapped_text("$input.params().querystring.id $input.params().get('header').get('X-Kind')", input), "q k");
  EXPECT_EQ(mapped_text("#foreach($t in $input.params().keySet())$t #end", input), "path querystring header ");
}

TEST(MappingTemplateTest, TheContextAndStageVariablesAreMaps) {
  TemplateInput input;
  input.context = parsed_json(R"({"connectionId": "abc=", "identity": {"sourceIp": "127.0.0.1"}})");
  input.stage_variables = parsed_json(R"({"url": "example.com"})");
  EXPECT_EQ(mapped_text("$context.connectionId $context.identity.sourceIp $stageVariables.url ${stageVariables['url']}", input),
            "abc= 127.0.0.1 example.com example.com");
}

TEST(MappingTemplateTest, OverridesComeBack) {
  auto result = mapped(
      "#set($context.requestOverride.header.X-Amz-Target = \"A.B\")#set($context.requestOverride.querystring.q = [\"1\", \"2\"])"
      "#set($context.requestOverride.path.id = $input.path('$.id'))#set($context.responseOverride.status = 400)"
      "#set($context.responseOverride.header['X-Y'] = \"z\")",
      {.body = R"({"id": 7})"});
  ASSERT_TRUE(result);
  EXPECT_EQ(json::write(result->request_override), R"({"header":{"X-Amz-Target":"A.B"},"path":{"id":7},"querystring":{"q":["1","2"]}})");
  EXPECT_EQ(json::write(result->response_override), R"({"header":{"X-Y":"z"},"status":400})");
}

TEST(MappingTemplateTest, UtilEscapesForJavaScript) {
  EXPECT_EQ(of_body("$util.escapeJavaScript($input.body)", "{\"a\": \"it's ü\\n\"}"), R"({\"a\": \"it\'s \u00FC\\n\"})");
  EXPECT_EQ(of_body("$util.escapeJavaScript($input.path('$.a')).replaceAll(\"\\\\'\", \"'\")", R"({"a": "it's"})"), "it's");
  EXPECT_EQ(of_body("$util.escapeJavaScript($none) $util.escapeJavaScript(1)", ""), "null 1");
}

TEST(MappingTemplateTest, UtilEncodesAndDecodes) {
  EXPECT_EQ(of_body("$util.urlEncode($input.body)|$util.urlEncode($none)", R"({"some": "value"})"), "%7B%22some%22%3A+%22value%22%7D|");
  EXPECT_EQ(of_body("$util.urlDecode('x%3Da+b')", ""), "x=a b");
  EXPECT_EQ(of_body("$util.base64Encode('hi?') $util.base64Decode('aGk_') $util.base64Decode('aGk')", ""), "aGk/ hi? hi");
}

TEST(MappingTemplateTest, UtilParsesJson) {
  EXPECT_EQ(of_body("#set($o = $util.parseJson($input.path('$.errorMessage')))$o.key2.arr[0]",
                    R"({"errorMessage": "{\"key1\":\"var1\",\"key2\":{\"arr\":[1,2,3]}}"})"),
            "1");
  auto result = mapped("$util.parseJson('{')", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, TemplateError::Kind::bad_argument);
}

TEST(MappingTemplateTest, NumbersAreWrittenAsJavaDoes) {
  EXPECT_EQ(of_body("$input.path('$.a') $input.path('$.b') $input.path('$.c') $input.path('$.d')",
                    R"({"a": 1, "b": 1.50, "c": 100.0, "d": 12345678901234567890})"),
            "1 1.5 100.0 12345678901234567890");
}

TEST(MappingTemplateTest, AWholeTemplateOfTheGuide) {
  constexpr std::string_view text = R"vtl(#set($allParams = $input.params())
{
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"#if($foreach.hasNext),#end
    #end
}#if($foreach.hasNext),#end
#end
},
"body": $input.json('$')
})vtl";
  TemplateInput input{.body = R"({"x": [1]})"};
  input.querystring = parsed_json(R"({"a": "1", "b": "\"2\""})");
  auto made = json::parse(mapped_text(text, input));
  ASSERT_TRUE(made) << mapped_text(text, input);
  EXPECT_EQ(json::write(*made), R"({"params":{"path":{},"querystring":{"a":"1","b":"\"2\""},"header":{}},"body":{"x":[1]}})");
}

}  // namespace
}  // namespace outcrop::expr
