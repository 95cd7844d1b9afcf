// The policy documents that AddPermission and RemovePermission write.
#include "services/sqs/configuration/permission.h"

#include <gtest/gtest.h>

namespace outcrop::sqs {
namespace {

const QueueName name{"000000000000", "us-east-1", "q"};

TEST(Permissions, a_statement_a_label_in_the_document_aws_writes) {
  auto policy = with_permission(name, "", {"share", {"111122223333"}, {"ReceiveMessage"}}).value();
  EXPECT_EQ(
      policy,
      R"({"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:000000000000:q/SQSDefaultPolicy","Statement":[{"Sid":"share","Effect":"Allow",)"
      R"("Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"SQS:ReceiveMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:q"}]})");
  auto taken = with_permission(name, policy, {"share", {"111122223333"}, {"SendMessage"}});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "Value share for parameter Label is invalid. Reason: Already exists.");
  auto two = with_permission(name, policy, {"more", {"111122223333", "444455556666"}, {"SendMessage", "ReceiveMessage"}}).value();
  EXPECT_NE(two.find(R"("Action":["SQS:SendMessage","SQS:ReceiveMessage"])"), std::string::npos);
  EXPECT_EQ(without_permission(two, "more").value(), policy);
  EXPECT_EQ(without_permission(policy, "share").value(), "");
  auto unknown = without_permission(policy, "other");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "Value other for parameter Label is invalid. Reason: can't find label.");
}

TEST(Permissions, the_owners_actions_cannot_be_shared) {
  EXPECT_TRUE(check_permission({"a", {"111122223333"}, {"*"}}));
  EXPECT_FALSE(check_permission({"a", {"111122223333"}, {"DeleteQueue"}}));
  EXPECT_FALSE(check_permission({"a", {"1111"}, {"SendMessage"}}));
  EXPECT_FALSE(check_permission({"no spaces", {"111122223333"}, {"SendMessage"}}));
  EXPECT_FALSE(check_permission({"a", {"111122223333"}, std::vector<std::string>(8, "SendMessage")}));
}

}  // namespace
}  // namespace outcrop::sqs
