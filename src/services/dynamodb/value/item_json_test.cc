#include "services/dynamodb/value/item_json.h"

#include <gtest/gtest.h>

#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

Decimal shown_number(std::string_view text) { return Decimal::parse(text).value(); }

Attributes shown_item() {
  Attributes inner;
  inner["deep"] = List{std::string("x"), Null(), true, List(), Attributes()};
  Attributes item;
  item["s"] = std::string("\"ü\"\n");
  item["n"] = shown_number("-0.50");
  item["b"] = Binary{std::string("\0\xff", 2)};
  item["f"] = false;
  item["z"] = Null();
  item["m"] = std::move(inner);
  item["ss"] = StringSet{{"one", "two"}};
  item["ns"] = NumberSet{{shown_number("1"), shown_number("2e3")}};
  item["bs"] = BinarySet{{Binary{"b"}}};
  item["e\""] = std::string();
  return item;
}

constexpr std::string_view shown_text = R"({"s":{"S":"\"ü\"\n"},"n":{"N":"-0.5"},"b":{"B":"AP8="},"f":{"BOOL":false},"z":{"NULL":true},)"
                                        R"("m":{"M":{"deep":{"L":[{"S":"x"},{"NULL":true},{"BOOL":true},{"L":[]},{"M":{}}]}}},)"
                                        R"("ss":{"SS":["one","two"]},"ns":{"NS":["1","2000"]},"bs":{"BS":["Yg=="]},"e\"":{"S":""}})";

TEST(ItemJson, AnItemIsShownAsOnTheWire) { EXPECT_EQ(item_json(shown_item()).text, shown_text); }

TEST(ItemJson, WhatIsStoredIsShownAlikeAndCounted) {
  std::string text;
  EXPECT_EQ(append_stored_item(store_attributes(shown_item()), text), item_bytes(shown_item()));
  EXPECT_EQ(text, shown_text);
}

TEST(ItemJson, AnItemOfNothingIsAnObject) {
  EXPECT_EQ(item_json({}).text, "{}");
  std::string text;
  EXPECT_EQ(append_stored_item(store_attributes({}), text), 0u);
  EXPECT_EQ(text, "{}");
}

TEST(ItemJson, ListsHoldItemsOfBothOrigins) {
  ItemList list;
  list.add(Attributes{{"a", std::string("1")}});
  EXPECT_EQ(list.add_stored(store_attributes(Attributes{{"b", std::string("2")}})), 2u);
  EXPECT_EQ(std::move(list).text().text, R"([{"a":{"S":"1"}},{"b":{"S":"2"}}])");
  EXPECT_EQ(ItemList().text().text, "[]");
}

TEST(ItemJson, WhatIsNoItemIsAFault) {
  const std::string whole = store_attributes(shown_item());
  for (size_t size = 0; size < whole.size(); ++size) {
    std::string text;
    EXPECT_FALSE(append_stored_item(std::string_view(whole).substr(0, size), text)) << size;
  }
  std::string text;
  EXPECT_FALSE(append_stored_item(whole + "x", text));
  EXPECT_FALSE(append_stored_item("\2" + whole.substr(1), text));
  EXPECT_FALSE(append_stored_item(std::string("\1\1\1a\x0a", 5), text));  // a type that is none
}

TEST(ItemJson, NestingHasItsLimit) {
  Value value = Null();
  for (size_t i = 0; i <= limits::nesting_max; ++i) value = List{std::move(value)};
  Attributes item;
  item["deep"] = std::move(value);
  std::string text;
  EXPECT_FALSE(append_stored_item(store_attributes(item), text));
}

}  // namespace

}  // namespace outcrop::dynamodb
