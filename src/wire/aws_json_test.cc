// awsJson on HTTP: answers and errors as AWS writes them.
#include <gtest/gtest.h>

#include "gen/sample/manifest.h"
#include "gen/sample/put_thing.h"
#include "wire/protocol.h"

namespace outcrop::wire {
namespace {

constexpr ErrorShape query_errors[] = {
    {.name = "QueueDoesNotExist",
     .code = "AWS.SimpleQueueService.NonExistentQueue",
     .type = "com.amazonaws.sqs#QueueDoesNotExist",
     .message_name = "message"},
};
constexpr ServiceModel query_compatible = {
    .name = "queues", .error_namespace = "com.amazonaws.sqs", .query_compatible = true, .errors = query_errors};

TEST(AwsJson, WritesTheOutputAsOneObject) {
  sample::PutThingOutput output{.thing_id = "t", .created = instant_from_ms(1'763'836'412'123)};
  Response response = aws_json_1_1().encode(sample::model, *sample::model.find_operation("PutThing"), &output, "id-1");
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.body, R"({"ThingId":"t","Created":1763836412.123})");
  EXPECT_EQ(response.head.headers.get("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(response.head.headers.get("x-amzn-requestid"), "id-1");
}

TEST(AwsJson, AnswersWithAnEmptyBodyWhereTheModelHasNoOutput) {
  int no_output = 0;
  EXPECT_EQ(aws_json_1_0().encode(sample::model, *sample::model.find_operation("DeleteThing"), &no_output, "id").body, "");
}

TEST(AwsJson, WritesAnErrorOfTheModelByItsNames) {
  Response response = aws_json_1_1().encode_fault(&sample::model, {"ThingIsBusy", 409, "Wait."}, "id");
  EXPECT_EQ(response.head.status, 409);
  EXPECT_EQ(response.body, R"({"__type":"ThingIsBusy","Message":"Wait."})");
  EXPECT_EQ(response.head.headers.find("x-amzn-query-error"), nullptr);
}

TEST(AwsJson, LeavesOutAMessageThatSaysNothing) {
  EXPECT_EQ(aws_json_1_0().encode_fault(nullptr, {"UnknownOperationException", 400, ""}, "id").body,
            R"({"__type":"UnknownOperationException"})");
}

TEST(AwsJson, TellsQueryCompatibleClientsTheCodeTheyKnow) {
  Response response = aws_json_1_0().encode_fault(&query_compatible, {"QueueDoesNotExist", 400, "Gone."}, "id");
  EXPECT_EQ(response.body, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"Gone."})");
  EXPECT_EQ(response.head.headers.get("x-amzn-query-error"), "AWS.SimpleQueueService.NonExistentQueue;Sender");
}

TEST(AwsJson, TellsQueryCompatibleClientsTheCodesOfTheFrontDoors) {
  Response response = aws_json_1_0().encode_fault(&query_compatible, {"InvalidSignatureException", 403, "Wrong."}, "id");
  EXPECT_EQ(response.body, R"({"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Wrong."})");
  EXPECT_EQ(response.head.headers.get("x-amzn-query-error"), "SignatureDoesNotMatch;Sender");
}

TEST(AwsJson, NamesErrorsOfTheFrameworkInTheFrameworksNamespace) {
  Response response = aws_json_1_0().encode_fault(&query_compatible, {"InternalFailure", 500, "Sorry."}, "id");
  EXPECT_EQ(response.body, R"({"__type":"com.amazon.coral.service#InternalFailure","message":"Sorry."})");
  EXPECT_EQ(response.head.headers.get("x-amzn-query-error"), "InternalFailure;Receiver");
}

TEST(IdempotencyTokens, AreFilledInWhereTheCallerSentNone) {
  sample::PutThingInput input;
  Missing missing;
  fill_idempotency_tokens(sample::PutThingInput::shape, &input, missing, [] { return std::string("uuid"); });
  EXPECT_EQ(input.token, "uuid");
  input.token = "mine";
  fill_idempotency_tokens(sample::PutThingInput::shape, &input, missing, [] { return std::string("uuid"); });
  EXPECT_EQ(input.token, "mine");
}

}  // namespace
}  // namespace outcrop::wire
