// The sample templates of models.
#include "services/apigatewayv2/model/model_template.h"

#include <gtest/gtest.h>

#include "expr/json_schema.h"
#include "expr/velocity.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

std::string template_of(std::string_view schema) { return model_template(json::parse(schema).value()); }

// What the template makes of a body.
std::string rendered(std::string_view text, std::string_view body = "{}") {
  const auto parsed = expr::VelocityTemplate::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  const auto made = parsed->render({.body = body});
  EXPECT_TRUE(made.has_value()) << text;
  return made ? made->text : "";
}

constexpr std::string_view order = R"({"type":"object","properties":{
  "id":{"type":"integer"},"name":{"type":"string"},"is_paid":{"type":["boolean","null"]},"total":{"type":"number"},
  "address":{"$ref":"#/definitions/Address"},"lines":{"type":"array","items":{"type":"object","properties":{"article":{"type":"string"}}}}},
  "definitions":{"Address":{"properties":{"street":{"type":"string"}}}}})";

TEST(AModelTemplate, HasAValueForEachMember) {
  EXPECT_EQ(template_of(R"({"type":"object","properties":{"a":{"type":"number"},"op":{"type":"string"},"is":{"type":"boolean"}}})"),
            "#set($inputRoot = $input.path('$'))\n"
            "{\n"
            "  \"a\" : 42,\n"
            "  \"op\" : \"foo\",\n"
            "  \"is\" : true\n"
            "}");
}

TEST(AModelTemplate, HasALoopForAList) {
  EXPECT_EQ(template_of(R"({"type":"array","items":{"type":"string"}})"),
            "#set($inputRoot = $input.path('$'))\n"
            "[\n"
            "##The loop is to go over an array of the input.\n"
            "#foreach($elem in $inputRoot)\n"
            "  \"foo\"#if($foreach.hasNext),#end\n"
            "\n"
            "#end\n"
            "]");
}

TEST(AModelTemplate, MakesWhatTheModelWants) {
  const auto schema = expr::JsonSchema::parse(json::parse(order).value());
  ASSERT_TRUE(schema.has_value());
  for (std::string_view body : {"{}", "[1,2]"}) {
    const auto made = json::parse(rendered(template_of(order), body));
    ASSERT_TRUE(made.has_value()) << rendered(template_of(order), body);
    EXPECT_EQ(schema->violation(*made), std::nullopt);
    EXPECT_EQ(made->find("address")->find("street")->as_string(), "foo");
  }
}

TEST(AModelTemplate, OfASchemaThatRefersToItselfHasAnEnd) {
  const std::string text = template_of(
      R"({"properties":{"left":{"$ref":"#"},"right":{"$ref":"#"},"nowhere":{"$ref":"#/definitions/None"},"other":{"$ref":"https://x.test/a"}}})");
  EXPECT_LT(text.size(), 2 * limits::model_template_bytes_max);
  EXPECT_TRUE(json::parse(rendered(text)).has_value());
}

TEST(AModelTemplate, OfAnEmptySchemaIsAnEmptyObject) { EXPECT_EQ(template_of("{}"), "#set($inputRoot = $input.path('$'))\n{ }"); }

}  // namespace

}  // namespace outcrop::apigatewayv2
