// What violates the model, in AWS's words.
#include "wire/validate.h"

#include <gtest/gtest.h>

#include "gen/sample/manifest.h"
#include "gen/sample/put_thing.h"
#include "wire/json_codec.h"

namespace outcrop::wire {
namespace {

using sample::PutThingInput;

// The message to an input given as JSON, less what every message begins with.
std::string complaint(std::string_view text) {
  PutThingInput input;
  Missing missing;
  EXPECT_TRUE(read_json(PutThingInput::shape, text, JsonNames::model, &input, missing));
  Result<void> valid = validate(sample::model, *sample::model.find_operation("PutThing"), &input, missing);
  if (valid) return "";
  EXPECT_EQ(valid.error().code, "ValidationException");
  return valid.error().message;
}

std::string one(std::string_view rest) { return "1 validation error detected: Value " + std::string(rest); }

TEST(Validate, FindsNothingWrongWithAGoodInput) {
  EXPECT_EQ(
      complaint(R"({"Name":"bolt","Amount":1,"Color":"red","Names":{"abc":"green"},"Data":"AAE=","Ratio":1.5,"Parts":[{"Label":""}]})"),
      "");
}

TEST(Validate, NamesMembersThatAreMissing) {
  EXPECT_EQ(complaint(R"({"Amount":1})"), one("null at 'name' failed to satisfy constraint: Member must not be null"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"PartsByName":{"k":{}}})"),
            one("null at 'partsByName.k.member.label' failed to satisfy constraint: Member must not be null"));
}

TEST(Validate, ChecksTheRangeOfNumbers) {
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":101})"),
            one("'101' at 'amount' failed to satisfy constraint: Member must have value less than or equal to 100"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":0})"),
            one("'0' at 'amount' failed to satisfy constraint: Member must have value greater than or equal to 1"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Ratio":1.75})"),
            one("'1.75' at 'ratio' failed to satisfy constraint: Member must have value less than or equal to 1.5"));
}

TEST(Validate, ListsAllThatIsWrongInTheOrderOfTheModel) {
  EXPECT_EQ(complaint(R"({"Color":"blue","Name":"A","Amount":1})"),
            "3 validation errors detected: Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [a-z]+; "
            "Value 'A' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 3; "
            "Value 'blue' at 'color' failed to satisfy constraint: Member must satisfy enum value set: [red, green]");
}

TEST(Validate, CountsBytesOfBlobsAndEntriesOfCollections) {
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Data":"AAECAwQ="})"),
            one("'AAECAwQ=' at 'data' failed to satisfy constraint: Member must have length less than or equal to 4"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Names":{"abc":"red","def":"red","ghi":"red"}})"),
            one("'{abc=red, def=red, ghi=red}' at 'names' failed to satisfy constraint: Member must have length less than or equal to 2"));
  EXPECT_EQ(
      complaint(R"({"Name":"bolt","Amount":1,"Parts":[{"Label":"a"},{"Label":"b","Weight":1},{"Label":"c"},{"Label":"d"}]})"),
      one("'[Part(label=a, weight=null, parts=null, inner=null), Part(label=b, weight=1, parts=null, inner=null), "
          "Part(label=c, weight=null, parts=null, inner=null), Part(label=d, weight=null, parts=null, inner=null)]' at 'parts' failed to "
          "satisfy constraint: Member must have length less than or equal to 3"));
}

TEST(Validate, SaysOfSimpleElementsThatTheirCollectionIsWrong) {
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Colors":["red","blue"]})"),
            one("'[red, blue]' at 'colors' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value "
                "set: [red, green]]"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Names":{"x":"red"}})"),
            one("'{x=red}' at 'names' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than "
                "or equal to 8, "
                "Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-z]+]"));
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Names":{"abc":"blue"}})"),
            one("'{abc=blue}' at 'names' failed to satisfy constraint: Map value must satisfy constraint: [Member must satisfy enum value "
                "set: [red, green]]"));
}

TEST(Validate, CountsElementsFromOne) {
  EXPECT_EQ(
      complaint(R"({"Name":"bolt","Amount":1,"Parts":[{"Label":"a"},{"Label":"b","Parts":[{"Label":"c","Weight":2}]}]})"),
      one("'2' at 'parts.2.member.parts.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 1.5"));
}

TEST(Validate, NeverShowsWhatIsSensitive) {
  EXPECT_EQ(complaint(R"({"Name":"bolt","Amount":1,"Secret":"hidden"})"),
            "1 validation error detected: Value at 'secret' failed to satisfy constraint: Member must have length less than or equal to 4");
}

TEST(Validate, StopsCountingWhereNobodyWouldReadOn) {
  std::string text = R"({"Name":"bolt","Amount":1,"PartsByName":{)";
  for (int i = 0; i < 1000; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":{}";
  EXPECT_TRUE(complaint(text + "}}").starts_with("50 validation errors detected: "));
}

TEST(Validate, WordsViolationsAsTheServiceWants) {
  ServiceModel service = sample::model;
  const Operation& operation = *service.find_operation("PutThing");
  PutThingInput input{.name = "A", .amount = 101};
  service.validation = Validation::first;
  EXPECT_EQ(validate(service, operation, &input, {}).error().message,
            one("'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"));
  service.validation = Validation::own;
  service.word_violations = [](const Operation& of, std::span<const Violation> violations) -> Fault {
    const Violation& last = violations.back();
    return {"InvalidParameterValueException", 400, std::string(of.name) + " " + std::string(last.member->name) + " " + last.offender};
  };
  EXPECT_EQ(validate(service, operation, &input, {}).error().message, "PutThing Amount 101");
}

}  // namespace
}  // namespace outcrop::wire
