#include "services/lambda/poller/sqs_event.h"

#include <gtest/gtest.h>

#include "json/json.h"

namespace outcrop::lambda {
namespace {

constexpr RecordFrame frame{"arn:aws:sqs:eu-central-1:111122223333:orders.fifo", "eu-central-1"};

sqs::Message sent_message() {
  sqs::Message message;
  message.message_id = "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5";
  message.receipt_handle = "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw";
  message.body = "a \"quoted\" line";
  message.md5_of_body = "e4e68fb7bd0e697a0ae8f1bb342846b3";
  message.attributes = wire::Map<std::string>{{"SenderId", "AIDAIENQZJOLO23YVJ4VO"},
                                              {"SentTimestamp", "1573251510774"},
                                              {"ApproximateReceiveCount", "1"},
                                              {"ApproximateFirstReceiveTimestamp", "1573251510774"}};
  return message;
}

TEST(SqsEvent, ARecordIsWhatAwsWrites) {
  EXPECT_EQ(queue_record(sent_message(), frame).json,
            R"({"messageId":"11d6ee51-4cc7-4302-9e22-7cd8afdaadf5","receiptHandle":"AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw",)"
            R"("body":"a \"quoted\" line","attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1573251510774",)"
            R"("SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1573251510774"},"messageAttributes":{},)"
            R"("md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","eventSource":"aws:sqs",)"
            R"("eventSourceARN":"arn:aws:sqs:eu-central-1:111122223333:orders.fifo","awsRegion":"eu-central-1"})");
}

TEST(SqsEvent, AttributesOfAFifoQueueStandInAwsOrder) {
  sqs::Message message = sent_message();
  for (const char* name : {"MessageDeduplicationId", "MessageGroupId", "SequenceNumber", "AWSTraceHeader", "DeadLetterQueueSourceArn"})
    (*message.attributes)[name] = "x";
  const json::Value record = json::parse(queue_record(message, frame).json).value();
  std::string names;
  for (const json::Member& member : record.find("attributes")->as_object()) names += std::string(member.name()) + " ";
  EXPECT_EQ(names,
            "ApproximateReceiveCount AWSTraceHeader SentTimestamp SequenceNumber MessageGroupId SenderId MessageDeduplicationId "
            "ApproximateFirstReceiveTimestamp DeadLetterQueueSourceArn ");
}

TEST(SqsEvent, MessageAttributesAreTextOrBase64) {
  sqs::Message message = sent_message();
  message.md5_of_message_attributes = "00484c68-8a95-4c1f-9f4d-0d6b1ef0ac52";
  auto& attributes = message.message_attributes.emplace();
  attributes["count"].string_value = "100";
  attributes["count"].data_type = "Number";
  attributes["picture"].binary_value = std::string("\0\1\2", 3);
  attributes["picture"].data_type = "Binary.png";
  const json::Value record = json::parse(queue_record(message, frame).json).value();
  EXPECT_EQ(json::write(*record.find("messageAttributes")),
            R"({"count":{"stringValue":"100","stringListValues":[],"binaryListValues":[],"dataType":"Number"},)"
            R"("picture":{"binaryValue":"AAEC","stringListValues":[],"binaryListValues":[],"dataType":"Binary.png"}})");
  EXPECT_EQ(record.find("md5OfMessageAttributes")->as_string(), "00484c68-8a95-4c1f-9f4d-0d6b1ef0ac52");
}

TEST(SqsEvent, OnlyPollersWithAWindowTellThatThereIsNoDigestOfAttributes) {
  EXPECT_FALSE(json::parse(queue_record(sent_message(), frame).json)->find("md5OfMessageAttributes"));
  const RecordFrame windowed{frame.source_arn, frame.region, true};
  EXPECT_TRUE(json::parse(queue_record(sent_message(), windowed).json)->find("md5OfMessageAttributes")->is_null());
}

TEST(SqsEvent, AnEventHoldsTheRecordsInTheirOrder) {
  const std::vector<QueueRecord> records = {{"a", "", R"({"n":1})"}, {"b", "", R"({"n":2})"}};
  EXPECT_EQ(event_of(records), R"({"Records":[{"n":1},{"n":2}]})");
}

TEST(SqsEvent, ARecordThatIsTooLargeGoesAlone) {
  const std::vector<QueueRecord> records = {{"a", "", std::string(7 << 20, 'x')}, {"b", "", "{}"}};
  EXPECT_EQ(records_that_fit(records), 1u);
}

}  // namespace
}  // namespace outcrop::lambda
