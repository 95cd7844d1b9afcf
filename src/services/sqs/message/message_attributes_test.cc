// What message attributes may be, and their digests.
#include "services/sqs/message/message_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::sqs {
namespace {

MessageAttributeValue text(std::string type, std::string value) {
  MessageAttributeValue attribute;
  attribute.data_type = std::move(type);
  attribute.string_value = std::move(value);
  return attribute;
}

MessageAttributeValue bytes(std::string value) {
  MessageAttributeValue attribute;
  attribute.data_type = "Binary";
  attribute.binary_value = std::move(value);
  return attribute;
}

std::string refusal(std::string name, MessageAttributeValue value) {
  wire::Map<MessageAttributeValue> given;
  given[name] = std::move(value);
  auto checked = checked_attributes(std::move(given));
  return checked ? "" : checked.error().message;
}

TEST(MessageAttributes, digests_cover_name_type_and_value_in_the_order_of_names) {
  wire::Map<MessageAttributeValue> given;
  given["timestamp"] = text("Number", "1493147359900");
  EXPECT_EQ(md5_of_attributes(checked_attributes(given).value()), "235c5c510d26fb653d073faed50ae77c");  // AWS SDK for Java's test vector
  wire::Map<MessageAttributeValue> one = {{"b", text("String", "2")}, {"a", bytes("1")}},
                                   other = {{"a", bytes("1")}, {"b", text("String", "2")}};
  EXPECT_EQ(md5_of_attributes(checked_attributes(one).value()), md5_of_attributes(checked_attributes(other).value()));
}

TEST(MessageAttributes, custom_labels_are_fine_other_types_are_not) {
  EXPECT_EQ(refusal("a", text("String.json", "{}")), "");
  EXPECT_EQ(refusal("a", text("Number.float", "-1.5e3")), "");
  EXPECT_THAT(refusal("a", text("Text", "x")), testing::HasSubstr("has an invalid message attribute type"));
  EXPECT_THAT(refusal("a", text("Number", "many")), testing::HasSubstr("to a number"));
  EXPECT_THAT(refusal("a", text("", "x")), testing::HasSubstr("non-empty message attribute type"));
  EXPECT_THAT(refusal("a", text("Binary", "x")), testing::HasSubstr("must use field 'Binary'"));
}

TEST(MessageAttributes, values_are_not_empty_and_names_follow_the_rules) {
  EXPECT_THAT(refusal("a", text("String", "")), testing::HasSubstr("non-empty message attribute value"));
  for (const char* name : {".a", "a.", "a..b", "a b", "AWS.a", "amazon.a", "", "a(b"})
    EXPECT_NE(refusal(name, text("String", "x")), "") << name;
  EXPECT_EQ(refusal("a.b_c-D9", text("String", "x")), "");
  EXPECT_NE(refusal(std::string(257, 'a'), text("String", "x")), "");
}

TEST(MessageAttributes, at_most_ten) {
  wire::Map<MessageAttributeValue> given;
  for (int i = 0; i < 10; ++i) given[std::to_string(i)] = text("String", "x");
  EXPECT_TRUE(checked_attributes(given));
  given["more"] = text("String", "x");
  EXPECT_FALSE(checked_attributes(given));
}

TEST(MessageAttributes, a_receiver_asks_by_name_prefix_or_for_all) {
  EXPECT_TRUE(is_asked_for("Hello", {"Hel.*"}));
  EXPECT_TRUE(is_asked_for("Help.Me", {"Hel.*"}));
  EXPECT_FALSE(is_asked_for("General", {"Hel.*", "Help"}));
  for (const char* all : {"All", ".*", "*"}) EXPECT_TRUE(is_asked_for("x", {all}));
  EXPECT_FALSE(is_asked_for("x", {}));
}

TEST(MessageText, takes_what_xml_takes) {
  EXPECT_TRUE(is_message_text("a\t\n\r grüße 😀 \xEF\xBF\xBD"));
  EXPECT_FALSE(is_message_text(std::string_view("\0", 1)));
  EXPECT_FALSE(is_message_text("\x0B"));
  for (size_t i = 0; i < 16; ++i) EXPECT_FALSE(is_message_text(std::string(i, 'a') + "\x1F" + std::string(16 - i, '~'))) << i;
  EXPECT_FALSE(is_message_text("\xEF\xBF\xBE"));  // U+FFFE
}

}  // namespace
}  // namespace outcrop::sqs
