// JSONPath: RFC 9535's language by example, what Jayway's library has beyond it, and how values are read.
#include "expr/json_path.h"

#include <gtest/gtest.h>

namespace outcrop::expr {
namespace {

constexpr std::string_view store = R"({"store": {"book": [
    {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
    {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
    {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99}],
  "bicycle": {"color": "red", "price": 19.95}}, "detail-type": "order", "tags": ["a", "b"], "nothing": null})";

// What the path reads there, as JSON; "(none)" where there is nothing.
std::string read_from(std::string_view text, std::string_view document) {
  auto path = JsonPath::parse(text);
  if (!path) return path.error();
  auto found = path->read(*json::parse(document));
  if (!found) return found.error();
  return *found ? json::write(**found) : "(none)";
}

std::string read_path(std::string_view text) { return read_from(text, store); }

std::string refusal_of_path(std::string_view text) {
  auto path = JsonPath::parse(text);
  return path ? "(parsed)" : path.error();
}

TEST(JsonPathTest, NamesAndIndicesLeadToOneValue) {
  EXPECT_EQ(read_path("$.store.bicycle.color"), "\"red\"");
  EXPECT_EQ(read_path("$['store']['bicycle'][\"color\"]"), "\"red\"");
  EXPECT_EQ(read_path("$.store.book[0].author"), "\"Nigel Rees\"");
  EXPECT_EQ(read_path("$.store.book[-1].title"), "\"Moby Dick\"");
  EXPECT_EQ(read_path("$.nothing"), "null");
  EXPECT_EQ(read_from("$", "[1]"), "[1]");
}

TEST(JsonPathTest, WhatADefinitePathDoesNotFindIsNothing) {
  EXPECT_EQ(read_path("$.none"), "(none)");
  EXPECT_EQ(read_path("$.store.book[9]"), "(none)");
  EXPECT_EQ(read_path("$.tags.length"), "(none)");
}

TEST(JsonPathTest, OtherPathsReadLists) {
  EXPECT_EQ(read_path("$.store.book[*].author"), R"(["Nigel Rees","Evelyn Waugh","Herman Melville"])");
  EXPECT_EQ(read_path("$.store.*.price"), "[19.95]");
  EXPECT_EQ(read_path("$..price"), "[8.95,12.99,8.99,19.95]");
  EXPECT_EQ(read_path("$.store.book[0,2].price"), "[8.95,8.99]");
  EXPECT_EQ(read_path("$.store.book[:2].price"), "[8.95,12.99]");
  EXPECT_EQ(read_path("$.store.book[-1:].price"), "[8.99]");
  EXPECT_EQ(read_path("$.store.book[::-2].price"), "[8.99,8.95]");
  EXPECT_EQ(read_path("$..none"), "[]");
}

TEST(JsonPathTest, FiltersChooseByConditions) {
  EXPECT_EQ(read_path("$.store.book[?(@.price < 10)].title"), R"(["Sayings of the Century","Moby Dick"])");
  EXPECT_EQ(read_path("$.store.book[?@.isbn].title"), R"(["Moby Dick"])");
  EXPECT_EQ(read_path("$.store.book[?(@.category == 'fiction' && !(@.price > 10))].title"), R"(["Moby Dick"])");
  EXPECT_EQ(read_path("$..book[?(@.price == $.store.bicycle.price || @.author == \"Evelyn Waugh\")].title"), R"(["Sword of Honour"])");
  EXPECT_EQ(read_path("$.store.book[?length(@.title) == 9].price"), "[8.99]");
  EXPECT_EQ(read_path("$.store.book[?search(@.author, 'e.*l')].price"), "[8.95,12.99,8.99]");
  EXPECT_EQ(read_path("$.store.book[?match(@.author, 'H.*')].price"), "[8.99]");
}

TEST(JsonPathTest, FiltersKnowJaywaysOperators) {
  EXPECT_EQ(read_path("$.store.book[?(@.author =~ /.*waugh/i)].price"), "[12.99]");
  EXPECT_EQ(read_path("$.store.book[?(@.category in ['reference', 'other'])].price"), "[8.95]");
  EXPECT_EQ(read_path("$.store.book[?(@.category nin ['reference'])].price"), "[12.99,8.99]");
  EXPECT_EQ(read_from("$[?(@.l contains 2)].n", R"([{"n": 1, "l": [1, 2]}, {"n": 2, "l": [3]}])"), "[1]");
  EXPECT_EQ(read_from("$[?(@.l size 2)].n", R"([{"n": 1, "l": [1, 2]}, {"n": 2, "l": [3]}])"), "[1]");
  EXPECT_EQ(read_from("$[?(@.l empty true)].n", R"([{"n": 1, "l": []}, {"n": 2, "l": [3]}, {"n": 3}])"), "[1]");
  EXPECT_EQ(read_from("$[?(@.l subsetof [1, 2, 3])].n", R"([{"n": 1, "l": [1, 2]}, {"n": 2, "l": [4]}])"), "[1]");
  EXPECT_EQ(read_from("$[?(@.l.length() > 1)].n", R"([{"n": 1, "l": [1, 2]}, {"n": 2, "l": [4]}])"), "[1]");
}

TEST(JsonPathTest, NamesBehindADotMayHoldMoreThanRfc9535Allows) {
  EXPECT_EQ(read_path("$.detail-type"), "\"order\"");
  EXPECT_EQ(read_path("$.['detail-type']"), "\"order\"");
  EXPECT_EQ(read_from("$.@id.$ref.1", R"({"@id": {"$ref": {"1": true}}})"), "true");
}

TEST(JsonPathTest, FunctionsStandBehindAPath) {
  EXPECT_EQ(read_path("$.tags.length()"), "2");
  EXPECT_EQ(read_path("$.store.book[*].price.max()"), "12.99");
  EXPECT_EQ(read_path("$..none.length()"), "0");
  EXPECT_EQ(read_path("$.store.bicycle.keys()"), R"(["color","price"])");
  EXPECT_EQ(read_path("$.tags.last()"), "\"b\"");
  EXPECT_EQ(read_from("$.avg()", "[1, 2, 6]"), "3");
  EXPECT_EQ(read_from("$.sum()", "[]"), "0");
  EXPECT_EQ(read_from("$.min()", "[]"), "(none)");
}

TEST(JsonPathTest, NamesInOneBracketReadAnObject) {
  EXPECT_EQ(read_path("$.store.bicycle['price', 'color', 'none']"), R"({"price":19.95,"color":"red"})");
}

TEST(JsonPathTest, APathKnowsWhetherItIsDefinite) {
  EXPECT_TRUE(JsonPath::parse("$.a[0]['b']")->is_definite());
  for (std::string_view text : {"$..a", "$.*", "$[0,1]", "$[0:1]", "$[?@.a]", "$['a','b']"})
    EXPECT_FALSE(JsonPath::parse(text)->is_definite()) << text;
}

TEST(JsonPathTest, WhatIsNoPathIsRefusedWithItsPlace) {
  EXPECT_EQ(refusal_of_path("a.b"), "position 0: a path begins with '$'");
  EXPECT_EQ(refusal_of_path("$."), "position 2: a name is expected");
  EXPECT_EQ(refusal_of_path("$.a b"), "position 3: nothing more is expected");
  EXPECT_EQ(refusal_of_path("$['a"), "position 4: a string without its closing quote");
  EXPECT_EQ(refusal_of_path("$[01]"), "position 2: an integer is expected");
  EXPECT_EQ(refusal_of_path("$[?@.a == ]"), "position 10: a value, a path or a function is expected");
  EXPECT_EQ(refusal_of_path("$[?(@.* == 1)]"), "position 12: what is compared is one value");
  EXPECT_EQ(refusal_of_path("$[?nope(@)]"), "position 7: there is no function \"nope\"");
  EXPECT_EQ(refusal_of_path("$.a.nope()"), "position 8: there is no function \"nope\" of paths");
}

TEST(JsonPathTest, PathsAreBounded) {
  EXPECT_EQ(refusal_of_path("$" + std::string(20'000, 'a')), "the path is longer than 16384 bytes");
  std::string deep = "$[?";
  for (int i = 0; i < 100; ++i) deep += "(";
  EXPECT_TRUE(refusal_of_path(deep).contains("nested too deep"));
}

TEST(JsonPathTest, EvaluationIsBounded) {
  std::string document = "[";
  for (int i = 0; i < 300; ++i) document += i ? ",[1,2,3]" : "[1,2,3]";
  EXPECT_EQ(read_from("$[?$..[?$..*]]", document + "]"), "the path looks at too many values");
  EXPECT_EQ(read_from("$[?search(@, '^(a+)+$')]", "[\"" + std::string(40, 'a') + "!\"]"), "the path looks at too many values");
}

}  // namespace
}  // namespace outcrop::expr
