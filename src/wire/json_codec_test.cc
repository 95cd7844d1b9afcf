// JSON into structs: what AWS's services take, and their words for what they do not.
#include "wire/json_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gen/sample/put_thing.h"

namespace outcrop::wire {
namespace {

using sample::PutThingInput;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct ReadThing {
  explicit ReadThing(std::string_view text) { outcome = read_json(PutThingInput::shape, text, JsonNames::model, &input, missing); }
  PutThingInput input;
  Missing missing;
  Result<void> outcome;
};

PutThingInput read_thing(std::string_view text) {
  ReadThing read(text);
  EXPECT_TRUE(read.outcome) << read.outcome.error().message;
  return read.input;
}

std::string problem_of(std::string_view text) {
  ReadThing read(text);
  if (read.outcome) return "none";
  EXPECT_EQ(read.outcome.error().code, "SerializationException");
  EXPECT_EQ(read.outcome.error().status, 400);
  return read.outcome.error().message;
}

TEST(JsonReading, FillsEveryKindOfMember) {
  PutThingInput input =
      read_thing(R"({"Name":"bolt","Amount":7,"Colors":["red"],"Names":{"a":"green"},"Parts":[{"Label":"x","Inner":{"Label":"y"}}],
      "Data":"AAH/","At":1763836412.5,"Ratio":0.25,"Wide":-9007199254740993,"On":true,"Settings":{"k":[1,null]},"Value":{"L":[{"S":"s"},{"BOOL":false}]},
      "Holes":["a",null],"HolesByName":{"n":null,"o":1}})");
  EXPECT_EQ(input.name, "bolt");
  EXPECT_EQ(input.amount, 7);
  EXPECT_THAT(*input.colors, ElementsAre("red"));
  EXPECT_EQ(*input.names->find("a"), "green");
  EXPECT_EQ(input.parts->at(0).inner->label, "y");
  EXPECT_EQ(*input.data, std::string("\0\1\xff", 3));
  EXPECT_EQ(ms_since_epoch(*input.at), 1'763'836'412'500);
  EXPECT_EQ(input.ratio, 0.25);
  EXPECT_EQ(input.wide, -9'007'199'254'740'993);
  EXPECT_EQ(input.on, true);
  EXPECT_EQ(json::write(*input.settings), R"({"k":[1,null]})");
  EXPECT_EQ(*input.value->l->at(0).s, "s");
  EXPECT_EQ(input.value->l->at(1).bool_, false);
  EXPECT_THAT(*input.holes, ElementsAre(std::optional<std::string>("a"), std::nullopt));
  EXPECT_FALSE(input.holes_by_name->find("n")->has_value());
}

TEST(JsonReading, PassesOverNullAndUnknownMembers) {
  PutThingInput input = read_thing(R"({"Name":"bolt","Amount":1,"Color":null,"Later":{"a":[1,{"b":2}]},"Colors":["red",null]})");
  EXPECT_FALSE(input.color);
  EXPECT_THAT(*input.colors, ElementsAre("red"));
}

TEST(JsonReading, TakesNothingForAnEmptyObject) {
  EXPECT_TRUE(ReadThing("").outcome);
  EXPECT_TRUE(ReadThing(" \r\n").outcome);
}

TEST(JsonReading, NotesRequiredMembersThatDidNotCome) {
  EXPECT_THAT(ReadThing("{}").missing.paths, ElementsAre("Name", "Amount"));
  EXPECT_THAT(ReadThing(R"({"Name":null,"Amount":1})").missing.paths, ElementsAre("Name"));
  EXPECT_THAT(ReadThing(R"({"Name":"","Amount":0})").missing.paths, IsEmpty());
  EXPECT_THAT(ReadThing(R"({"Name":"a","Amount":1,"Parts":[{"Label":"x"},{"Inner":{}}],"PartsByName":{"k":{}}})").missing.paths,
              ElementsAre("Parts.1.Inner.Label", "Parts.1.Label", "PartsByName.k.Label"));
}

TEST(JsonReading, CutsFractionsAndHoldsIntegersWithinTheirRange) {
  EXPECT_EQ(read_thing(R"({"Amount":1.9})").amount, 1);
  EXPECT_EQ(read_thing(R"({"Amount":-1e3})").amount, -1000);
  EXPECT_EQ(read_thing(R"({"Amount":99999999999})").amount, INT32_MAX);
  EXPECT_EQ(read_thing(R"({"Amount":-1e400})").amount, INT32_MIN);
  EXPECT_EQ(read_thing(R"({"Amount":1e-400})").amount, 0);
  EXPECT_EQ(read_thing(R"({"Wide":9223372036854775808})").wide, INT64_MAX);
}

TEST(JsonReading, RefusesValuesOfAnotherTypeInTheWordsOfAws) {
  EXPECT_EQ(problem_of(R"({"Amount":"1"})"), "STRING_VALUE can not be converted to an Integer");
  EXPECT_EQ(problem_of(R"({"Amount":true})"), "TRUE_VALUE can not be converted to an Integer");
  EXPECT_EQ(problem_of(R"({"Wide":false})"), "FALSE_VALUE can not be converted to a Long");
  EXPECT_EQ(problem_of(R"({"Name":1})"), "NUMBER_VALUE can not be converted to a String");
  EXPECT_EQ(problem_of(R"({"Name":1.5})"), "DECIMAL_VALUE can not be converted to a String");
  EXPECT_EQ(problem_of(R"({"Name":["x"]})"), "Start of list found where not expected");
  EXPECT_EQ(problem_of(R"({"Name":{"a":1}})"), "Start of structure or map found where not expected.");
  EXPECT_EQ(problem_of(R"({"Colors":"x"})"), "Expected list or null");
  EXPECT_EQ(problem_of(R"({"Colors":[1]})"), "NUMBER_VALUE can not be converted to a String");
  EXPECT_EQ(problem_of(R"({"Value":"x"})"), "Expected null");
  EXPECT_EQ(problem_of(R"({"Names":[]})"), "Start of list found where not expected");
  EXPECT_EQ(problem_of(R"({"At":"2026-01-01T00:00:00Z"})"), "STRING_VALUE can not be converted to milliseconds since epoch");
  EXPECT_EQ(problem_of(R"({"Data":"AAA"})"), "Base64 encoded length is expected a multiple of 4 bytes but found: 3");
  EXPECT_EQ(problem_of("[]"), "Start of list found where not expected");
}

TEST(JsonReading, SaysNothingMoreAboutTextThatIsNoJson) {
  for (std::string_view text :
       {"{", "null", "\"x\"", R"({"Amount": 1,})", R"({"Name":"a"} x)", R"({"Parts":[{]})", "{\"Name\":\"\xff\"}"}) {
    EXPECT_EQ(problem_of(text), "") << text;
  }
}

TEST(JsonReading, RefusesStructuresNestedBeyondReason) {
  std::string deep = "{\"Label\":\"x\"}";
  for (int i = 0; i < 200; ++i) deep = R"({"Label":"x","Inner":)" + deep + "}";
  EXPECT_EQ(problem_of(R"({"Parts":[)" + deep + "]}"), "Structures are nested too deeply");
}

TEST(JsonWriting, LeavesOutWhatIsAbsent) {
  PutThingInput input{.name = "bolt", .amount = 2, .ratio = 0.1, .holes = {{std::nullopt, "b"}}};
  EXPECT_EQ(json::write(to_json(PutThingInput::shape, &input, JsonNames::model).value()),
            R"({"Name":"bolt","Amount":2,"Ratio":0.1,"Holes":[null,"b"]})");
}

TEST(JsonCodec, TakesValuesAsItTakesText) {
  PutThingInput input;
  Missing missing;
  ASSERT_TRUE(from_json(PutThingInput::shape, json::parse(R"({"Name":"bolt","Amount":3})").value(), JsonNames::model, &input, missing));
  EXPECT_EQ(input.amount, 3);
}

}  // namespace
}  // namespace outcrop::wire
