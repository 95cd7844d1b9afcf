#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/dynamodb/expression/binding.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/parser.h"
#include "services/dynamodb/expression/reserved_words.h"

namespace outcrop::dynamodb {

namespace {

using testing::ElementsAre;

Value number(int64_t value) { return *Decimal::parse(std::to_string(value)); }
Value text(std::string value) { return value; }
AttributeValue wire_text(std::string value) { return {.s = std::move(value)}; }
AttributeValue wire_number(std::string value) { return {.n = std::move(value)}; }
AttributeValue wire_texts(std::vector<std::string> values) { return {.ss = std::move(values)}; }

wire::Map<std::string> names_for_tests() { return {{"#n", "name"}, {"#d", "a.b"}}; }
wire::Map<AttributeValue> values_for_tests() {
  wire::Map<AttributeValue> values = {{":five", wire_number("5")}, {":nine", wire_number("9")}, {":a", wire_text("a")},
                                      {":abc", wire_text("abc")},  {":S", wire_text("S")},      {":set", wire_texts({"x", "y"})},
                                      {":truth", {.bool_ = true}}};
  values[":list"].l = std::vector<AttributeValue>{wire_number("7")};
  return values;
}

// { id: "k", n: 5, name: "abc", "a.b": 1, tags: {"x"}, numbers: {1, 2}, els: [1, "two", [3]], doc: { nest: { leaf: "abc" } } }
Attributes item_for_tests() {
  Attributes deep = {{"leaf", text("abc")}};
  return {{"id", text("k")},
          {"n", number(5)},
          {"name", text("abc")},
          {"a.b", number(1)},
          {"tags", StringSet{{"x"}}},
          {"numbers", NumberSet{{*Decimal::parse("1"), *Decimal::parse("2")}}},
          {"els", List{number(1), text("two"), List{number(3)}}},
          {"doc", Attributes{{"nest", deep}}}};
}

struct Conditional {
  explicit Conditional(std::string_view expression) : syntax(parse_condition(expression)) {
    placeholders = Placeholders::read(names_for_tests(), values_for_tests());
    if (syntax) bound = bind(*syntax, *placeholders);
  }
  std::string fault() const { return !syntax ? syntax.error().message : !bound->has_value() ? bound->error().message : ""; }

  Result<ConditionExpression> syntax;
  Result<Placeholders> placeholders = fail("", 0, "");
  std::optional<Result<BoundCondition>> bound;
};

bool holds(std::string_view expression) {
  Conditional condition(expression);
  EXPECT_EQ(condition.fault(), "") << expression;
  return condition.fault().empty() && dynamodb::holds(**condition.bound, item_for_tests());
}
std::string fault_of(std::string_view expression) { return Conditional(expression).fault(); }

TEST(ConditionTest, ComparesValuesOfOneType) {
  for (const char* condition :
       {"n = :five", "n <> :nine", "n < :nine", "n <= :five", ":nine > n", "n >= :five", "#n = :abc", "n BETWEEN :five AND :nine",
        "n IN (:nine, :five)", "id <> :five", "gone <> :five", "#d < :five", "els[0] < :five", "doc.nest.leaf = :abc", "els[2][0] < :five",
        "( n ) = ( :five )", "size(#n) < :five", "size(els) < size(doc.nest.leaf) OR n = :five"})
    EXPECT_TRUE(holds(condition)) << condition;
  for (const char* condition : {"n = :abc", "n < :abc", "gone = :five", "gone < :five", "n BETWEEN :a AND :abc", "n IN (:a)", "els[7] = :a",
                                "doc.gone.deep = :a", "id[0] = :a", "size(n) = :five"})
    EXPECT_FALSE(holds(condition)) << condition;
}

TEST(ConditionTest, FunctionsAskWhatIsThere) {
  for (const char* condition :
       {"attribute_exists(doc.nest)", "attribute_not_exists(gone)", "attribute_not_exists(doc.gone)", "attribute_type(id, :S)",
        "begins_with(#n, :a)", "contains(#n, :a)", "contains(tags, doc.x) OR contains(els, :a) OR NOT contains(tags, :a)"})
    EXPECT_TRUE(holds(condition)) << condition;
  for (const char* condition :
       {"attribute_exists(gone)", "attribute_type(n, :S)", "begins_with(id, :abc)", "begins_with(n, :a)", "contains(n, :five)"})
    EXPECT_FALSE(holds(condition)) << condition;
}

TEST(ConditionTest, AndBindsTighterThanOrAndNotTightest) {
  EXPECT_TRUE(holds("n = :five OR n = :nine AND n = :nine"));
  EXPECT_FALSE(holds("(n = :five OR n = :nine) AND n = :nine"));
  EXPECT_TRUE(holds("NOT n = :nine AND n = :five"));
  EXPECT_FALSE(holds("not (n = :five)"));
  EXPECT_TRUE(holds("n = :nine OR (n = :five AND (#n = :abc))"));
}

TEST(ConditionTest, ASyntaxErrorNamesTheTokenAndItsNeighbours) {
  EXPECT_EQ(fault_of("a-b"), R"(Syntax error; token: "-", near: "a-b")");
  EXPECT_EQ(fault_of("ADD #v"), R"(Syntax error; token: "ADD", near: "ADD #v")");
  EXPECT_EQ(fault_of("attribute_exists(id) AND NOT #n"), R"(Syntax error; token: "<EOF>", near: "#n")");
  EXPECT_EQ(fault_of("!!! INVALID"), R"(Syntax error; token: "!", near: "!!")");
  EXPECT_EQ(fault_of("hits : incr"), R"(Syntax error; token: ":", near: "hits : incr")");
  EXPECT_EQ(fault_of(""), "The expression can not be empty;");
  EXPECT_EQ(fault_of("(n = :five"), R"(Syntax error; token: "<EOF>", near: ":five")");
}

TEST(ConditionTest, WhatMeansNothingIsRefused) {
  EXPECT_EQ(fault_of("((n = :five))"), "The expression has redundant parentheses;");
  EXPECT_EQ(fault_of("status = :a"), "Attribute name is a reserved keyword; reserved keyword: status");
  EXPECT_EQ(fault_of("#gone = :a"), "An expression attribute name used in the document path is not defined; attribute name: #gone");
  EXPECT_EQ(fault_of("id = :gone"), "An expression attribute value used in expression is not defined; attribute value: :gone");
  EXPECT_EQ(fault_of("exists(id)"), "Invalid function name; function: exists");
  EXPECT_EQ(fault_of("attribute_exists(:a)"), "Operator or function requires a document path; operator or function: attribute_exists");
  EXPECT_EQ(fault_of("attribute_exists(id, n)"),
            "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2");
  EXPECT_EQ(fault_of("size(id)"), "The function is not allowed to be used this way in an expression; function: size");
  EXPECT_EQ(fault_of("begins_with(id, :five)"),
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
  EXPECT_EQ(
      fault_of("id = id"),
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [id]");
  EXPECT_EQ(
      fault_of("n BETWEEN :nine AND :five"),
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, "
      "upper bound operand: AttributeValue: {N:5}");
  EXPECT_EQ(fault_of("attribute_type(id, :abc)"),
            "Invalid attribute type name found; type: abc, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
}

TEST(ConditionTest, NestingAndOperatorsAreBounded) {
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "NOT (";
  EXPECT_EQ(fault_of(deep), "The expression is nested too deeply");
  std::string wide = "n=:a";
  for (int i = 0; i < 300; ++i) wide += " OR n=:a";
  EXPECT_EQ(fault_of(wide), "The expression contains more than 300 operators");
  EXPECT_EQ(fault_of(std::string(5000, 'a')), "Expression size has exceeded the maximum allowed size; expression size: 5000");
}

// The item after an update, or what is wrong with it.
struct Updated {
  explicit Updated(std::string_view expression) {
    const Result<UpdateExpression> syntax = parse_update(expression);
    Result<Placeholders> placeholders = Placeholders::read(names_for_tests(), values_for_tests());
    if (!syntax) {
      fault = syntax.error().message;
      return;
    }
    const Result<BoundUpdate> bound = bind(*syntax, *placeholders);
    Result<Attributes> after = bound ? updated(item_for_tests(), *bound) : fail(bound.error());
    if (after)
      item = std::move(*after);
    else
      fault = after.error().message;
  }
  const Value& at(std::string_view name) const {
    static const Value none;
    const Value* there = item.find(name);
    EXPECT_NE(there, nullptr) << name << ": " << fault;
    return there ? *there : none;
  }

  std::string fault;
  Attributes item;
};

MATCHER_P(IsValue, expected, "") { return equal(arg, expected); }

TEST(UpdateTest, SetPutsAndComputes) {
  const Updated after("SET fresh = :a, n = n + :five, m = :nine - n, #n = if_not_exists(gone, :five), q = if_not_exists(id, :five)");
  EXPECT_THAT(after.at("fresh"), IsValue(text("a")));
  EXPECT_THAT(after.at("n"), IsValue(number(10)));
  EXPECT_THAT(after.at("m"), IsValue(number(4)));
  EXPECT_THAT(after.at("name"), IsValue(number(5)));
  EXPECT_THAT(after.at("q"), IsValue(text("k")));
}

TEST(UpdateTest, WhatActionsReadIsTheItemAsItWas) {
  const Updated after("SET id = #n, #n = id");
  EXPECT_THAT(after.at("id"), IsValue(text("abc")));
  EXPECT_THAT(after.at("name"), IsValue(text("k")));
}

TEST(UpdateTest, ListsAreSetAppendedAndShortened) {
  EXPECT_THAT(Updated("SET els[0] = :five").at("els"), IsValue(List{number(5), text("two"), List{number(3)}}));
  EXPECT_THAT(Updated("SET els[9] = :five, els[8] = :a").at("els"),
              IsValue(List{number(1), text("two"), List{number(3)}, text("a"), number(5)}));
  EXPECT_THAT(Updated("REMOVE els[0], els[1] SET els[7] = :a").at("els"), IsValue(List{List{number(3)}, text("a")}));
  EXPECT_THAT(Updated("SET els = list_append(:list, els)").at("els"), IsValue(List{number(7), number(1), text("two"), List{number(3)}}));
}

TEST(UpdateTest, AddAndDeleteChangeNumbersAndSets) {
  EXPECT_THAT(Updated("ADD n :five, tags :set, fresh :nine").at("tags"), IsValue(StringSet{{"x", "y"}}));
  EXPECT_THAT(Updated("ADD n :five").at("n"), IsValue(number(10)));
  EXPECT_THAT(Updated("ADD fresh :nine").at("fresh"), IsValue(number(9)));
  EXPECT_FALSE(Updated("DELETE tags :set").item.contains("tags"));
  EXPECT_THAT(Updated("SET doc.nest.more = :a REMOVE doc.nest.leaf").at("doc"),
              IsValue(Attributes{{"nest", Attributes{{"more", text("a")}}}}));
}

TEST(UpdateTest, WhatCannotBeDoneIsRefused) {
  EXPECT_EQ(Updated("INVALID SYNTAX HERE").fault, R"(Syntax error; token: "INVALID", near: "INVALID SYNTAX")");
  EXPECT_EQ(Updated("SET gone.nest = :a").fault, "The document path provided in the update expression is invalid for update");
  EXPECT_EQ(Updated("SET id.nest = :a").fault, "The document path provided in the update expression is invalid for update");
  EXPECT_EQ(Updated("SET q = gone").fault, "The provided expression refers to an attribute that does not exist in the item");
  EXPECT_EQ(Updated("SET q = id + :five").fault, "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(Updated("ADD id :five").fault, "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(Updated("SET q = :a + :five").fault,
            "Incorrect operand type for operator or function; operator or function: +, operand type: S");
  EXPECT_EQ(Updated("ADD q :a").fault,
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND");
  EXPECT_EQ(Updated("SET a = :a SET b = :a").fault, "The \"SET\" section can only be used once in an update expression;");
  EXPECT_EQ(Updated("SET q = :a, q = :five").fault,
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [q], path two: [q]");
  EXPECT_EQ(
      Updated("SET q[0] = :a, q.nest = :five").fault,
      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [q, [0]], path two: [q, nest]");
}

TEST(ProjectionTest, KeepsWhatPathsLeadToInItsPlace) {
  const Result<ProjectionExpression> syntax = parse_projection("id, els[2][0], els[0], doc.nest.leaf, gone, #n");
  Result<Placeholders> placeholders = Placeholders::read(names_for_tests(), std::nullopt);
  const Attributes kept = project(item_for_tests(), *bind(*syntax, *placeholders));
  ASSERT_EQ(kept.size(), 4u);
  EXPECT_THAT(*kept.find("els"), IsValue(List{number(1), List{number(3)}}));
  EXPECT_THAT(*kept.find("doc"), IsValue(Attributes{{"nest", Attributes{{"leaf", text("abc")}}}}));
}

TEST(PlaceholdersTest, AllMustBeDefinedAndUsed) {
  auto fault = [](Placeholders::Names names, Placeholders::Values values) { return Placeholders::read(names, values).error().message; };
  EXPECT_EQ(fault(wire::Map<std::string>(), std::nullopt), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(fault(wire::Map<std::string>{{"n", "name"}}, std::nullopt),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"n\"");
  EXPECT_EQ(fault(std::nullopt, wire::Map<AttributeValue>{{":v", AttributeValue()}}),
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported "
            "datatypes for key :v");
  Result<Placeholders> read = Placeholders::read(names_for_tests(), std::nullopt);
  (void)read->name("#d");
  EXPECT_EQ(read->check_all_used().error().message, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}");
}

TEST(ReservedWordsTest, AreTheSameInAnyCase) {
  EXPECT_TRUE(is_reserved_word("Status"));
  EXPECT_TRUE(is_reserved_word("zone"));
  EXPECT_FALSE(is_reserved_word("pk"));
}

}  // namespace

}  // namespace outcrop::dynamodb
