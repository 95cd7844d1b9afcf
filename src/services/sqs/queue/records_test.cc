// What lies on disk stays readable: the bytes of records as released, handles, and names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/sqs.h"
#include "services/sqs/queue/queue_name.h"
#include "services/sqs/queue/receipt.h"
#include "services/sqs/queue/settings.h"
#include "wire/record.h"

namespace outcrop::sqs {
namespace {

TEST(Records, a_message_state_has_these_bytes) {
  MessageState state;
  state.receive_count = 3;
  state.first_received = instant_from_ms(1'800'000'000'000);
  state.last_received = instant_from_ms(1'800'000'000'001);
  state.visible_at = instant_from_ms(1'800'000'030'001);
  EXPECT_EQ(hex(wire::encode_record(state)), "0104060880c0e285e3680c82c0e285e36810e294e685e368");
  EXPECT_EQ(wire::decode_record<MessageState>(wire::encode_record(state)).value(), state);
}

TEST(Records, unknown_members_of_a_message_survive) {
  std::string newer = wire::encode_record(QueueCounters{.next_sequence = 7, .messages = 2, .delayed = 1});
  newer += "\x52\x03new";  // member 20, three bytes
  auto read = wire::decode_record<QueueCounters>(newer).value();
  EXPECT_EQ(read.next_sequence, 7);
  EXPECT_NE(wire::encode_record(read).find("new"), std::string::npos);
}

TEST(ReceiptHandle, opens_with_its_secret_only) {
  const std::string secret(32, 's');
  const Receipt receipt{"12345678", 77, 3};
  std::string handle = seal_receipt(receipt, secret);
  EXPECT_TRUE(handle.starts_with("AQEB"));
  auto opened = open_receipt(handle, secret);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->queue_id, "12345678");
  EXPECT_EQ(opened->sequence, 77u);
  EXPECT_EQ(opened->receive_count, 3);
  EXPECT_FALSE(open_receipt(handle, std::string(32, 't')));
  for (size_t i = 0; i < handle.size(); ++i) {
    std::string forged = handle;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_receipt(forged, secret)) << i;
  }
  for (const char* text : {"", "nonsense", "AQEB"}) EXPECT_FALSE(open_receipt(text, secret));
}

TEST(QueueNames, urls_may_have_any_host_and_bare_names_are_ones_own) {
  for (const char* url :
       {"http://localhost:4566/111122223333/q", "https://sqs.eu-west-1.amazonaws.com/111122223333/q",
        "https://queue.amazonaws.com/111122223333/q", "https://proxy/sqs/111122223333/q/", "http://h/111122223333/q?x=1"}) {
    auto name = parse_queue_url(url, "000000000000", "us-east-1");
    ASSERT_TRUE(name) << url;
    EXPECT_EQ(*name, (QueueName{"111122223333", "us-east-1", "q"})) << url;
  }
  EXPECT_EQ(parse_queue_url("q.fifo", "000000000000", "us-east-1"), (QueueName{"000000000000", "us-east-1", "q.fifo"}));
  for (const char* url : {"", "http://h/q", "http://h/1111/q", "http://h/111122223333/q!", "/"})
    EXPECT_FALSE(parse_queue_url(url, "0", "r")) << url;
}

TEST(Settings, the_kinds_of_encryption_exclude_each_other) {
  const QueueName name{"000000000000", "us-east-1", "q"};
  Attributes attributes;
  ASSERT_TRUE(change_attributes(name, attributes, {{"KmsMasterKeyId", "key"}, {"KmsDataKeyReusePeriodSeconds", "6000"}}));
  EXPECT_EQ(attribute_of(attributes, "SqsManagedSseEnabled", false), "false");
  EXPECT_EQ(attribute_of(attributes, "KmsDataKeyReusePeriodSeconds", false), "6000");
  EXPECT_FALSE(change_attributes(name, attributes, {{"KmsMasterKeyId", "key"}, {"SqsManagedSseEnabled", "true"}}));
  ASSERT_TRUE(change_attributes(name, attributes, {{"KmsMasterKeyId", ""}}));
  EXPECT_EQ(attribute_of(attributes, "KmsDataKeyReusePeriodSeconds", false), std::nullopt);
  EXPECT_EQ(attribute_of(attributes, "SqsManagedSseEnabled", false), "false");
}

TEST(Settings, a_redrive_policy_is_checked_and_stored_in_one_form) {
  const QueueName name{"000000000000", "us-east-1", "q"};
  Attributes attributes;
  ASSERT_TRUE(change_attributes(
      name, attributes, {{"RedrivePolicy", R"({"maxReceiveCount": "3", "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:d"})"}}));
  EXPECT_EQ(*attributes.find("RedrivePolicy"), R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":3})");
  for (const char* wrong : {"[]", "{", R"({"maxReceiveCount":1})", R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d"})",
                            R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":1001})",
                            R"({"deadLetterTargetArn":"d","maxReceiveCount":1})"}) {
    auto refused = change_attributes(name, attributes, {{"RedrivePolicy", wrong}});
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, "InvalidParameterValueException");
  }
  ASSERT_TRUE(change_attributes(name, attributes, {{"RedrivePolicy", ""}}));
  EXPECT_EQ(attributes.find("RedrivePolicy"), nullptr);
}

}  // namespace
}  // namespace outcrop::sqs
