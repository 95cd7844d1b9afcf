// What schemas of draft 4 say of values.
#include "expr/json_schema.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace outcrop::expr {
namespace {

json::Value value_of(std::string_view text) { return json::parse(text).value(); }

// "" where `value` is valid.
std::string violation_of(std::string_view schema, std::string_view value) {
  const auto parsed = JsonSchema::parse(value_of(schema));
  if (!parsed) return "no schema: " + parsed.error();
  return parsed->violation(value_of(value)).value_or("");
}

constexpr std::string_view order = R"({"type":"object","required":["id"],"properties":{"id":{"type":"integer","minimum":1},
  "lines":{"type":"array","items":{"$ref":"#/definitions/line"}}},"additionalProperties":false,
  "definitions":{"line":{"type":"object","required":["sku"],"properties":{"sku":{"type":"string","pattern":"^[A-Z]{2}-\\d+$"}}}}})";

TEST(JsonSchemaOfAnOrder, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(violation_of(order, R"({"id":7,"lines":[{"sku":"AB-12"}]})"), "");
  EXPECT_EQ(violation_of(order, R"([])"), "/: is not of type object");
  EXPECT_EQ(violation_of(order, R"({})"), "/: has no id");
  EXPECT_EQ(violation_of(order, R"({"id":0})"), "/id: is too small");
  EXPECT_EQ(violation_of(order, R"({"id":1.5})"), "/id: is not of type integer");
  EXPECT_EQ(violation_of(order, R"({"id":1,"color":"red"})"), "/: may not have color");
  EXPECT_EQ(violation_of(order, R"({"id":1,"lines":[{"sku":"AB-1"},{"sku":"ab-1"}]})"), "/lines/1/sku: does not match the pattern");
}

TEST(JsonSchemaOfAlternatives, ToldApart) {
  constexpr std::string_view schema = R"({"oneOf":[{"required":["a"]},{"required":["b"]}],"not":{"required":["c"]}})";
  EXPECT_EQ(violation_of(schema, R"({"a":1})"), "");
  EXPECT_EQ(violation_of(schema, R"({"a":1,"b":1})"), "/: does not fit exactly one of the schemas");
  EXPECT_EQ(violation_of(schema, R"({"a":1,"c":1})"), "/: fits what it must not");
}

TEST(JsonSchemaThatIsNone, IsRefused) {
  EXPECT_EQ(violation_of(R"({"type":7})", "1"), "no schema: \"type\" cannot be 7");
  EXPECT_EQ(violation_of(R"({"properties":{"a":{"minLength":-1}}})", "1"), "no schema: \"minLength\" cannot be -1");
  EXPECT_EQ(violation_of(R"({"items":{"$ref":"#/definitions/x"}})", "1"),
            "no schema: \"#/definitions/x\" refers to no place of the schema");
  EXPECT_EQ(violation_of(R"({"$ref":"https://example.com/x"})", "1"),
            "no schema: \"https://example.com/x\" refers to no place of the schema");
  EXPECT_TRUE(violation_of(R"({"pattern":"("})", "1").starts_with("no schema: the pattern \"(\" is none"));
}

TEST(JsonSchemaThatGoesInCircles, EndsAllTheSame) {
  EXPECT_EQ(violation_of(R"({"properties":{"next":{"$ref":"#"}},"required":["id"]})", R"({"id":1,"next":{"id":2,"next":{}}})"),
            "/next/next: has no id");
  EXPECT_EQ(violation_of(R"({"$ref":"#"})", "1"), "/: costs too much to look at");
  std::string many = "[0";
  for (int i = 1; i < 20'000; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(violation_of(R"({"uniqueItems":true})", many + "]"), "/: has an element twice") << "what costs too much is not valid";
}

TEST(JsonSchemaWhosePatternsCostTooMuch, IsNotValid) {
  std::string members = "{";
  for (int i = 0; i < 200; ++i) members += fmt::format(R"({}"{}{}":1)", i ? "," : "", std::string(40, 'a'), i);
  EXPECT_EQ(violation_of(R"({"patternProperties":{"^(a+)+$":{}}})", members + "}"), "/: costs too much to look at");
}

// The reference suite, but for references to other documents and by "id".
TEST(JsonSchemaConformance, AgreesWithTheReferenceSuite) {
  const char* root = std::getenv("OUTCROP_CONFORMANCE");
  if (root == nullptr) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: JSON Schema is not checked";
  std::ifstream file(std::string(root) + "/jsonschema_draft4/cases.jsonl");
  size_t compared = 0, groups = 0, skipped = 0;
  for (std::string line; std::getline(file, line);) {
    const json::Value group = value_of(line);
    const std::string text = json::write(*group.find("schema"));
    const bool is_of_many = text.contains("\"id\":\"") || text.contains("json-schema.org/draft-04/schema#\"}");
    if (group.find("needs_remotes")->as_bool() || group.find("optional")->as_bool() || is_of_many) {
      ++skipped;
      continue;
    }
    const auto schema = JsonSchema::parse(*group.find("schema"));
    ASSERT_TRUE(schema) << schema.error() << " in " << text;
    ++groups;
    for (const json::Value& test : group.find("tests")->as_array()) {
      ++compared;
      const auto violation = schema->violation(*test.find("data"));
      EXPECT_EQ(!violation, test.find("valid")->as_bool())
          << group.find("id")->as_string() << ": " << test.find("description")->as_string() << " " << violation.value_or("");
    }
  }
  EXPECT_EQ(groups + skipped, 109u);
  EXPECT_GT(compared, 200u);
}

}  // namespace
}  // namespace outcrop::expr
