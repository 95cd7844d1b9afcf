#include "inference/embedded/schema_fill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/embedded/tool_choice.h"

namespace outcrop::embedded {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

json::Value parsed(std::string_view text) { return json::parse(text).value(); }

// What is filled and, after a bar, what is missing.
std::string filled(std::string_view schema, std::string_view text) {
  Filled found = fill_schema(parsed(schema), text);
  std::string shown = json::write(found.value);
  for (const std::string& pointer : found.missing) shown += " | " + pointer;
  return shown;
}

std::string filled_property(std::string_view name, std::string_view schema, std::string_view text) {
  std::string quoted = "\"" + std::string(name) + "\"";
  return filled(R"({"type":"object","properties":{)" + quoted + ":" + std::string(schema) + R"(},"required":[)" + quoted + "]}", text);
}

TEST(SchemaFill, ReadsKeyValueLinesByTheFieldsName) {
  EXPECT_EQ(filled(R"({"type":"object","properties":{"orderId":{"type":"string"},"total":{"type":"number"},"paid":{"type":"boolean"}}})",
                   "Order ID: A-17\nTotal: 1,250.50 EUR\n**Paid**: yes\n"),
            R"({"orderId":"A-17","total":1250.50,"paid":true})");
}

TEST(SchemaFill, ReadsJsonAndTablesLikewise) {
  EXPECT_EQ(filled_property("city", R"({"type":"string"})", "{\n  \"city\": \"Bern\",\n  \"zip\": 3000\n}"), R"({"city":"Bern"})");
  EXPECT_EQ(filled_property("city", R"({"type":"string"})", "| City | Bern |\n"), R"({"city":"Bern"})");
}

TEST(SchemaFill, TellsFormatsApart) {
  std::string_view text = "Write to ann@example.com about https://example.com/a, due March 4th, 2026.";
  EXPECT_EQ(filled_property("contact", R"({"type":"string","format":"email"})", text), R"({"contact":"ann@example.com"})");
  EXPECT_EQ(filled_property("page", R"({"type":"string","format":"uri"})", text), R"({"page":"https://example.com/a"})");
  EXPECT_EQ(filled_property("due", R"({"type":"string","format":"date"})", text), R"({"due":"2026-03-04"})");
}

TEST(SchemaFill, ReportsWhatTheTextDoesNotState) {
  EXPECT_EQ(filled_property("email", R"({"type":"string","format":"email"})", "Call me."), "{} | /email");
  EXPECT_EQ(filled_property("due", R"({"type":"string","format":"date"})", "It is due tomorrow."), "{} | /due");
  EXPECT_EQ(filled_property("count", R"({"type":"integer"})", "Some of them, 2.5 or 3.5."), "{} | /count");
}

TEST(SchemaFill, TakesNumbersBesideTheirName) {
  EXPECT_EQ(filled(R"({"type":"object","properties":{"nights":{"type":"integer"},"guests":{"type":"integer"}}})",
                   "Book 3 nights for two guests."),
            R"({"nights":3,"guests":2})");
}

TEST(SchemaFill, KeepsNumbersInTheirRange) {
  EXPECT_EQ(filled_property("age", R"({"type":"integer","minimum":0,"maximum":150})", "Age: 4000"), "{} | /age");
}

TEST(SchemaFill, ChoosesOnlyFromAnEnumeration) {
  std::string_view schema = R"({"type":"string","enum":["low","medium","high"]})";
  EXPECT_EQ(filled_property("priority", schema, "This is of high importance."), R"({"priority":"high"})");
  EXPECT_EQ(filled_property("priority", schema, "This is urgent."), "{} | /priority");
}

TEST(SchemaFill, ReadsNegationsOfBooleans) {
  std::string_view schema = R"({"type":"boolean"})";
  EXPECT_EQ(filled_property("breakfast", schema, "A room with breakfast"), R"({"breakfast":true})");
  EXPECT_EQ(filled_property("breakfast", schema, "A room without breakfast"), R"({"breakfast":false})");
  EXPECT_EQ(filled_property("breakfast", schema, "A room"), "{} | /breakfast");
}

TEST(SchemaFill, KnowsPlacesByTheirPrepositions) {
  EXPECT_EQ(filled(R"({"type":"object","properties":{"origin":{"type":"string"},"destination":{"type":"string"}}})",
                   "A train from Basel to Milan, please."),
            R"({"origin":"Basel","destination":"Milan"})");
}

TEST(SchemaFill, FillsArraysAndNestedObjects) {
  EXPECT_EQ(filled_property("emails", R"({"type":"array","items":{"type":"string","format":"email"}})",
                            "a@b.example, c@d.example and a@b.example"),
            R"({"emails":["a@b.example","c@d.example"]})");
  EXPECT_EQ(filled_property("lines", R"({"type":"array","items":{"type":"object","required":["sku","quantity"],
              "properties":{"sku":{"type":"string"},"quantity":{"type":"integer"}}}})",
                            "sku: X1, quantity: 2\nsku: Y2, quantity: 5\nThanks\n"),
            R"({"lines":[{"sku":"X1","quantity":2},{"sku":"Y2","quantity":5}]})");
  EXPECT_EQ(filled_property("buyer", R"({"type":"object","properties":{"phone":{"type":"string"}},"required":["phone"]})", "no number"),
            "{} | /buyer/phone");
}

TEST(SchemaFill, FollowsReferencesButNotForEver) {
  EXPECT_EQ(filled(R"({"$defs":{"c":{"type":"string"}},"type":"object","properties":{"city":{"$ref":"#/$defs/c"}}})", "City: Rome"),
            R"({"city":"Rome"})");
  Filled endless = fill_schema(parsed(R"({"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}},"required":["a"]})"), "a b");
  EXPECT_EQ(endless.missing.size(), 1u);
}

TEST(SchemaFill, FallsBackOnTheSchemasDefaultWhereAMemberIsRequired) {
  EXPECT_EQ(filled_property("unit", R"({"type":"string","enum":["C","F"],"default":"C"})", "How warm is it?"), R"({"unit":"C"})");
}

const json::Value weather_schema = parsed(R"({"type":"object","properties":{"location":{"type":"string"}},"required":["location"]})");
const json::Value order_schema = parsed(R"({"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]})");
const std::vector<Tool> tools = {{"get_weather", "Gets the current weather of a city", &weather_schema},
                                 {"cancel_order", "Cancels an order of a customer", &order_schema}};

TEST(ToolChoice, CallsTheToolThatTheMessageIsAboutWithItsArguments) {
  auto call = choose_tool(tools, "What is the weather in Zurich?");
  ASSERT_TRUE(call);
  EXPECT_EQ(tools[call->tool].name, "get_weather");
  EXPECT_EQ(json::write(call->input), R"({"location":"Zurich"})");
  call = choose_tool(tools, "Please cancel my order 4711-A.");
  ASSERT_TRUE(call);
  EXPECT_EQ(tools[call->tool].name, "cancel_order");
  EXPECT_EQ(json::write(call->input), R"({"order_id":"4711-A"})");
}

TEST(ToolChoice, CallsNothingWithoutTheRequiredArguments) {
  EXPECT_FALSE(choose_tool(tools, "What is the weather like?"));
  EXPECT_FALSE(choose_tool(tools, "Who wrote Faust?"));
  EXPECT_FALSE(choose_tool({}, "What is the weather in Zurich?"));
}

TEST(ToolChoice, WhenForcedFillsWhatItCanAndSaysWhatLacks) {
  auto call = forced_tool(tools, "What is the weather like?");
  ASSERT_TRUE(call);
  EXPECT_EQ(tools[call->tool].name, "get_weather");
  EXPECT_THAT(call->missing, ElementsAre("/location"));
  call = forced_tool(tools, "What is the weather in Zurich?", "cancel_order");
  ASSERT_TRUE(call);
  EXPECT_EQ(tools[call->tool].name, "cancel_order");
  EXPECT_FALSE(forced_tool(tools, "hello", "no_such_tool"));
}

}  // namespace
}  // namespace outcrop::embedded
