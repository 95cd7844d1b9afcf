#include "auth/policy_document.h"

#include <gtest/gtest.h>

#include "auth/limits.h"

namespace outcrop::auth {
namespace {

std::string problem_of_policy(std::string_view text, PolicyKind kind) {
  auto document = parse_policy(text, kind);
  if (document) return "none";
  EXPECT_EQ(document.error().code, "MalformedPolicyDocument");
  EXPECT_EQ(document.error().status, 400);
  return document.error().message;
}

// One statement of an identity policy that would be right without `extra`.
std::string identity_policy(std::string_view extra) {
  return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow")" + std::string(extra) + "}}";
}
std::string problem_of_statement(std::string_view members) { return problem_of_policy(identity_policy(members), PolicyKind::identity); }

TEST(PolicyDocument, IsReadWithAllItsElements) {
  auto document = parse_policy(R"({
    "Version": "2012-10-17", "Id": "an id", "Statement": [{
      "Sid": "One and only", "Effect": "Allow",
      "Principal": {"AWS": ["111122223333", "arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:user/path/alice",
                            "arn:aws:sts::444455556666:assumed-role/r/s", "AROAEXAMPLEEXAMPLE", "*"],
                    "Service": "sns.amazonaws.com", "Federated": "cognito-identity.amazonaws.com", "CanonicalUser": "79a59d"},
      "Action": ["SQS:SendMessage", "sqs:Receive*"], "NotResource": "arn:aws:sqs:*:*:secret",
      "Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:sns:*:*:*"]}, "Bool": {"aws:SecureTransport": true},
                    "NumericLessThan": {"sqs:Count": 10}}}]})",
                               PolicyKind::resource);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->id, "an id");
  EXPECT_TRUE(document->with_variables());
  ASSERT_EQ(document->statements.size(), 1u);
  const Statement& statement = document->statements[0];
  EXPECT_EQ(statement.sid, "One and only");
  EXPECT_EQ(statement.effect, Effect::allow);
  EXPECT_FALSE(statement.not_action);
  EXPECT_TRUE(statement.not_resource);
  std::vector<std::string> principals;
  for (const PolicyPrincipal& principal : statement.principals) principals.push_back(std::to_string(int(principal.kind)) + principal.value);
  EXPECT_EQ(principals, (std::vector<std::string>{"1111122223333", "1444455556666", "2arn:aws:iam::444455556666:user/path/alice",
                                                  "2arn:aws:sts::444455556666:assumed-role/r/s", "2AROAEXAMPLEEXAMPLE", "0",
                                                  "3sns.amazonaws.com", "4cognito-identity.amazonaws.com", "579a59d"}));
  ASSERT_EQ(statement.conditions.size(), 3u);
  EXPECT_EQ(statement.conditions[1].values, std::vector<std::string>{"true"});
  EXPECT_EQ(statement.conditions[2].values, std::vector<std::string>{"10"});
}

TEST(PolicyDocument, WithoutVersionIsTheOldLanguage) {
  auto document = parse_policy(R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}})", PolicyKind::resource);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_FALSE(document->with_variables());
  EXPECT_EQ(document->statements[0].principals[0].kind, PolicyPrincipal::Kind::anyone);
}

TEST(PolicyDocument, OfAnIdentityNeedsTheNewVersion) {
  std::string problem = "Policy document must be version 2012-10-17 or greater.";
  std::string statement = R"("Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
  EXPECT_EQ(problem_of_policy("{" + statement, PolicyKind::identity), problem);
  EXPECT_EQ(problem_of_policy(R"({"Version":"2008-10-17",)" + statement, PolicyKind::identity), problem);
  EXPECT_EQ(problem_of_policy(R"({"Version":"2012-10-17",)" + statement, PolicyKind::identity), "none");
}

TEST(PolicyDocument, MustBeJson) {
  EXPECT_EQ(problem_of_policy("{", PolicyKind::resource), "This policy contains invalid Json");
  EXPECT_EQ(problem_of_policy("", PolicyKind::resource), "This policy contains invalid Json");
}

TEST(PolicyDocument, HasNoUnknownOrMisshapenElements) {
  for (std::string_view text : {"[]",
                                "{}",
                                R"("text")",
                                R"({"Statement":[]})",
                                R"({"Statement":"x"})",
                                R"({"Statement":["x"]})",
                                R"({"Version":"2020-01-01","Statement":{}})",
                                R"({"Version":1,"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}})",
                                R"({"Extra":1,"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}})",
                                R"({"Statement":{"Principal":"*","Action":"*"}})",
                                R"({"Statement":{"Effect":"allow","Principal":"*","Action":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"x","Action":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":{},"Action":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":{"X":"*"},"Action":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":1}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":[1]}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","NotAction":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","NotEffect":"*"}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Condition":[]}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":"x"}}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:x":"yes"}}}})",
                                R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:x":{}}}}})"})
    EXPECT_EQ(problem_of_policy(text, PolicyKind::resource), "Syntax errors in policy.") << text;
}

TEST(PolicyDocument, NamesWhatIsWrongInIamsWords) {
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"*")"), "none");
  EXPECT_EQ(problem_of_statement(R"(,"Resource":"*")"), "Policy statement must contain actions.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":[],"Resource":"*")"), "Policy statement must contain actions.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*")"), "Policy statement must contain resources.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"SendMessage","Resource":"*")"),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"s qs:SendMessage","Resource":"*")"), "Vendor s qs is not valid");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:Send:Message","Resource":"*")"), "Actions/Condition can contain only one colon.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"queue")"), "Resource queue must be in ARN format or \"*\".");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"*","Principal":"*")"), "Policy document should not specify a principal.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"*","Condition":{"StringIs":{"aws:x":"a"}})"),
            "Invalid Condition type : StringIs.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"*","Condition":{"StringLike":{"x":"a"}})"),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  EXPECT_EQ(problem_of_statement(R"(,"Action":"sqs:*","Resource":"*","Sid":"a b")"),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
}

TEST(PolicyDocument, HasEachSidOnce) {
  std::string statement = R"({"Sid":"a","Effect":"Deny","Principal":"*","Action":"*"})";
  EXPECT_EQ(problem_of_policy(R"({"Statement":[)" + statement + "," + statement + "]}", PolicyKind::resource),
            "Statement IDs (SID) in a single policy must be unique.");
}

TEST(PolicyDocument, ThatNamesPrincipalsNamesThemRight) {
  auto problem_of_principal = [](std::string_view principal) {
    return problem_of_policy(R"({"Statement":{"Effect":"Deny","Action":"*","Principal":{"AWS":")" + std::string(principal) + "\"}}}",
                             PolicyKind::resource);
  };
  for (std::string_view right :
       {"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:role/x", "AIDAEXAMPLEEXAMPLE"})
    EXPECT_EQ(problem_of_principal(right), "none");
  for (std::string_view wrong :
       {"11112222333", "alice", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::1:root", "arn:aws:s3:::bucket", "arn:aws", ""})
    EXPECT_EQ(problem_of_principal(wrong), "Invalid principal in policy: \"AWS\":\"" + std::string(wrong) + "\"");
  EXPECT_EQ(problem_of_policy(R"({"Statement":{"Effect":"Deny","Action":"*"}})", PolicyKind::resource), "Missing required field Principal");
}

TEST(PolicyDocument, OfTrustHasNoResource) {
  EXPECT_EQ(
      problem_of_policy(
          R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}})",
          PolicyKind::trust),
      "none");
  EXPECT_EQ(
      problem_of_policy(R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}})", PolicyKind::trust),
      "Has prohibited field Resource");
}

TEST(PolicyDocument, IsBounded) {
  EXPECT_EQ(problem_of_policy(std::string(policy_bytes_max + 1, ' '), PolicyKind::resource), "The policy document is too large.");
  EXPECT_EQ(problem_of_policy(std::string(100, '[') + std::string(100, ']'), PolicyKind::resource), "This policy contains invalid Json");
}

}  // namespace
}  // namespace outcrop::auth
