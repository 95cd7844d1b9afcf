#include <gtest/gtest.h>

#include "wire/protocol.h"
#include "wire/testing/dynamic.h"
#include "wire/xml_reader.h"

namespace outcrop::wire {
namespace {

using testing::Dynamic;
using testing::ShapeSet;

constexpr std::string_view query_test_shapes = R"({
  "Input":{"type":"structure","members":{
    "Text":{"shape":"Text"},"Flag":{"shape":"Flag"},"Number":{"shape":"Number"},"Long":{"shape":"Long"},"Real":{"shape":"Real"},
    "Blob":{"shape":"Blob"},"When":{"shape":"When"},"List":{"shape":"Texts"},"Flat":{"shape":"Texts","flattened":true,"locationName":"Item"},
    "Map":{"shape":"TextMap"},"FlatMap":{"shape":"EntryMap","flattened":true,"locationName":"Attribute"},
    "Lists":{"shape":"ListOfLists"},"Entries":{"shape":"Inputs","flattened":true,"locationName":"Entry"},"Nested":{"shape":"Input"},
    "QueueUrl":{"shape":"Text"}}},
  "Texts":{"type":"list","member":{"shape":"Text"}},
  "ListOfLists":{"type":"list","member":{"shape":"Texts"}},
  "Inputs":{"type":"list","member":{"shape":"Input"}},
  "TextMap":{"type":"map","key":{"shape":"Text"},"value":{"shape":"Text"}},
  "EntryMap":{"type":"map","key":{"shape":"Text","locationName":"Name"},"value":{"shape":"Input","locationName":"Value"}},
  "Text":{"type":"string"},"Flag":{"type":"boolean"},"Number":{"type":"integer"},"Long":{"type":"long"},"Real":{"type":"double"},
  "Blob":{"type":"blob"},"When":{"type":"timestamp"}})";

constexpr std::string_view queue_namespace = "http://queue.amazonaws.com/doc/2012-11-05/";

constexpr ErrorShape query_test_errors[] = {
    {.name = "KmsThrottled", .code = "KmsThrottled", .status = 500, .sender = false},
    {.name = "QueueDoesNotExist", .code = "AWS.SimpleQueueService.NonExistentQueue"},
};

class AwsQueryTest : public ::testing::Test {
 protected:
  ShapeSet shapes = ShapeSet::from_botocore(*json::parse(query_test_shapes));
  Operation operation{
      .name = "SendMessage", .result_wrapper = "SendMessageResult", .input = &shapes.at("Input"), .output = &shapes.at("Input")};
  ServiceModel service{.name = "sqs", .xml_namespace = queue_namespace, .detailed_errors = true, .errors = query_test_errors};
  net::RequestHead head{.method = "POST", .path = "/", .host = "localhost:4566"};
  Missing missing;

  // What a form is decoded to, as JSON, or the fault.
  std::string decoded(std::string_view body) {
    Dynamic input;
    Result<void> done = aws_query().decode(service, operation, {.head = head, .body = body}, &input, missing);
    if (!done) return done.error().code + ": " + done.error().message;
    return json::write(testing::to_parameters(*operation.input, &input));
  }

  std::string encoded(std::string_view output) {
    Dynamic structure = testing::from_parameters(*operation.output, *json::parse(output));
    return aws_query().encode(service, operation, &structure, "id-1").body;
  }
};

TEST_F(AwsQueryTest, ScalarsAreReadByTheirShape) {
  EXPECT_EQ(
      decoded("Action=A&Version=1&Text=a+b%26&Flag=true&Number=-5&Long=9007199254740993&Real=1.5e3&Blob=aGk%3D&When=2019-12-16T23:48:18Z"),
      R"({"Text":"a b&","Flag":true,"Number":-5,"Long":9007199254740993,"Real":1500,"Blob":"hi","When":1576540098})");
  EXPECT_EQ(decoded("Real=NaN"), R"({"Real":"NaN"})");
  EXPECT_EQ(decoded("Text="), R"({"Text":""})");
  EXPECT_EQ(decoded("Unknown.1=x"), "{}");
}

TEST_F(AwsQueryTest, TheUrlsQueryCountsToo) {
  head.query = "Action=A&Text=url";
  EXPECT_EQ(decoded("Number=1"), R"({"Text":"url","Number":1})");
}

TEST_F(AwsQueryTest, ListsAreOrderedByNumberAndGapsClose) {
  EXPECT_EQ(decoded("List.member.10=c&List.member.2=b&List.member.1=a"), R"({"List":["a","b","c"]})");
  EXPECT_EQ(decoded("Item.1=a&Item.4000000000=b"), R"({"Flat":["a","b"]})");
  EXPECT_EQ(decoded("Lists.member.2.member.1=c&Lists.member.1.member.1=a&Lists.member.1.member.2=b"), R"({"Lists":[["a","b"],["c"]]})");
  EXPECT_EQ(decoded("Entry.2.Text=b&Entry.1.Entry.1.Number=1&Entry.11.Text=c"),
            R"({"Entries":[{"Entries":[{"Number":1}]},{"Text":"b"},{"Text":"c"}]})");
}

TEST_F(AwsQueryTest, AnEmptyParameterIsAnEmptyList) {
  EXPECT_EQ(decoded("List="), R"({"List":[]})");
  EXPECT_EQ(decoded("Item="), R"({"Flat":[]})");
  EXPECT_EQ(decoded("Map="), R"({"Map":{}})");
}

TEST_F(AwsQueryTest, MapsHaveNumberedEntries) {
  EXPECT_EQ(decoded("Map.entry.1.key=k&Map.entry.1.value=v&Map.entry.2.key=&Map.entry.2.value="), R"({"Map":{"k":"v","":""}})");
  EXPECT_EQ(decoded("Attribute.1.Name=n&Attribute.1.Value.Text=t&Attribute.1.Value.Blob=aGk="),
            R"({"FlatMap":{"n":{"Text":"t","Blob":"hi"}}})");
  EXPECT_EQ(decoded("Map.entry.1.value=v"), "MalformedInput: The map entry Map.entry.1 has no key");
  EXPECT_EQ(decoded("Map.entry.1.key=k"), "MalformedInput: The map entry Map.entry.1 has no value");
}

TEST_F(AwsQueryTest, OfDuplicatesTheLastCounts) {
  EXPECT_EQ(decoded("Text=a&Text=b"), R"({"Text":"b"})");
  EXPECT_EQ(decoded("Map.entry.1.key=k&Map.entry.1.value=a&Map.entry.2.key=k&Map.entry.2.value=b"), R"({"Map":{"k":"b"}})");
}

TEST_F(AwsQueryTest, NamesThatSortBetweenAPrefixAndItsPartsDoNotConfuse) {
  EXPECT_EQ(decoded("List.member.1=a&List-x=1&List.member-y=2&List.members.1=z&Lis=0&List0=1"), R"({"List":["a"]})");
}

TEST_F(AwsQueryTest, WhatDoesNotFitTheShapeIsMalformedInput) {
  EXPECT_EQ(decoded("Text.1=a"), "MalformedInput: Start of list found where not expected");
  EXPECT_EQ(decoded("Nested=a"), "MalformedInput: Unexpected complex element termination");
  EXPECT_EQ(decoded("List=a"), "MalformedInput: Unexpected list element termination");
  EXPECT_EQ(decoded("List.member.x=a"), "MalformedInput: Parameter List.member.x has no number where one is expected");
  EXPECT_EQ(decoded("List.member.99999999999999=a"),
            "MalformedInput: Parameter List.member.99999999999999 has no number where one is expected");
  EXPECT_EQ(decoded("Number=1.5"), "MalformedInput: Value '1.5' of parameter Number is not an integer");
  EXPECT_EQ(decoded("Number=3000000000"), "MalformedInput: Value '3000000000' of parameter Number is out of range");
  EXPECT_EQ(decoded("Number="), "MalformedInput: Value '' of parameter Number is not an integer");
  EXPECT_EQ(decoded("Flag=yes"), "MalformedInput: Value 'yes' of parameter Flag is not true or false");
  EXPECT_EQ(decoded("Blob=%3D"), "MalformedInput: Value '=' of parameter Blob is not base64");
  EXPECT_EQ(decoded("Real=inf"), "MalformedInput: Value 'inf' of parameter Real is not a number");
  EXPECT_TRUE(decoded("When=yesterday").starts_with("MalformedInput: Value 'yesterday' of parameter When is not a timestamp"));
  EXPECT_TRUE(decoded("Text=%").starts_with("MalformedQueryString"));
}

TEST_F(AwsQueryTest, RecursionIsBounded) {
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "Nested.";
  EXPECT_EQ(decoded(name + "Text=x"), "MalformedInput: The parameters are nested too deeply");
}

TEST_F(AwsQueryTest, AQueueMayBeNamedByTheUrlThatIsCalled) {
  head.path = "/000000000000/my-queue";
  EXPECT_EQ(decoded("Action=A"), R"({"QueueUrl":"http://localhost:4566/000000000000/my-queue"})");
  EXPECT_EQ(decoded("QueueUrl=other"), R"({"QueueUrl":"other"})");
}

TEST_F(AwsQueryTest, RequiredMembersThatDidNotComeAreNoted) {
  struct Required {
    std::string text;
    int32_t number = 0;
  } input;
  const Member members[] = {
      {.name = "Text", .wire_name = "Text", .shape = &shapes::string, .offset = offsetof(Required, text), .flags = Member::required},
      {.name = "Number",
       .wire_name = "Number",
       .shape = &shapes::integer,
       .offset = offsetof(Required, number),
       .flags = Member::required}};
  Shape shape{.kind = Kind::structure, .members = members};
  operation.input = &shape;
  EXPECT_TRUE(aws_query().decode(service, operation, {.head = head, .body = "Number=7"}, &input, missing));
  EXPECT_EQ(input.number, 7);
  EXPECT_EQ(missing.paths, std::vector<std::string>{"Text"});
}

TEST_F(AwsQueryTest, AnswersAreWrappedInTheServicesNamespace) {
  EXPECT_EQ(encoded(R"({"Text":"<\r>","Flag":false,"List":["a",""],"Flat":["x","y"],"Map":{"k":"v"},"FlatMap":{"n":{"Number":1}}})"),
            "<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageResult><Text>&lt;&#xd;&gt;</Text>"
            "<Flag>false</Flag><List><member>a</member><member/></List><Item>x</Item><Item>y</Item>"
            "<Map><entry><key>k</key><value>v</value></entry></Map>"
            "<Attribute><Name>n</Name><Value><Number>1</Number></Value></Attribute>"
            "</SendMessageResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></SendMessageResponse>");
  EXPECT_EQ(encoded(R"({"List":[],"Flat":[],"Map":{}})"),
            "<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageResult><List/><Map/></SendMessageResult>"
            "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></SendMessageResponse>");
}

TEST_F(AwsQueryTest, AnOperationWithoutOutputHasNoResultElement) {
  operation.result_wrapper = "";
  operation.output = nullptr;
  Response response = aws_query().encode(service, operation, nullptr, "id-1");
  EXPECT_EQ(response.body,
            "<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ResponseMetadata><RequestId>id-1</RequestId>"
            "</ResponseMetadata></SendMessageResponse>");
  EXPECT_EQ(response.head.headers.get("content-type"), "text/xml");
  EXPECT_EQ(response.head.headers.get("x-amzn-requestid"), "id-1");
}

TEST_F(AwsQueryTest, FaultsCarryTheModelsQueryCode) {
  Response response = aws_query().encode_fault(&service, {"QueueDoesNotExist", 400, "No such <queue>."}, "id-2");
  EXPECT_EQ(response.head.status, 400);
  EXPECT_EQ(response.body,
            "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type>"
            "<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>No such &lt;queue&gt;.</Message><Detail/></Error>"
            "<RequestId>id-2</RequestId></ErrorResponse>");
  service.detailed_errors = false;
  EXPECT_FALSE(aws_query().encode_fault(&service, {"QueueDoesNotExist", 400, "No."}, "id-2").body.contains("Detail"));
  response = aws_query().encode_fault(&service, {"InternalFailure", 500, ""}, "id-3");
  EXPECT_NE(response.body.find("<Type>Receiver</Type><Code>InternalFailure</Code>"), std::string::npos);
  response = aws_query().encode_fault(nullptr, {"InvalidAction", 400, "x"}, "id-4");
  EXPECT_NE(response.body.find("<Code>InvalidAction</Code>"), std::string::npos);
}

}  // namespace
}  // namespace outcrop::wire
