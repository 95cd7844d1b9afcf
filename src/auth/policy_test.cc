#include "auth/policy.h"

#include <gtest/gtest.h>

namespace outcrop::auth {
namespace {

constexpr std::string_view owner = "111122223333", stranger = "444455556666";
constexpr std::string_view queue_arn = "arn:aws:sqs:us-east-1:111122223333:orders";

Identity identity_of(Identity::Kind kind, std::string_view account, std::string_view arn, std::string_view user_id = "") {
  return {kind, std::string(account), std::string(arn), std::string(user_id), ""};
}
Identity root(std::string_view account) {
  return identity_of(Identity::Kind::root, account, "arn:aws:iam::" + std::string(account) + ":root", account);
}
Identity alice(std::string_view account) {
  return identity_of(Identity::Kind::user, account, "arn:aws:iam::" + std::string(account) + ":user/team/alice", "AIDAALICEALICEALICE");
}
Identity session(std::string_view account) {
  return identity_of(Identity::Kind::role, account, "arn:aws:sts::" + std::string(account) + ":assumed-role/worker/session-1",
                     "AROAWORKERWORKER:session-1");
}
Identity sns() { return identity_of(Identity::Kind::service, "", "sns.amazonaws.com"); }
Identity nobody() { return identity_of(Identity::Kind::anonymous, "", ""); }

std::vector<PolicyDocument> identity_policies(std::string_view statements) {
  if (statements.empty()) return {};
  auto document = parse_policy(R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}", PolicyKind::identity);
  EXPECT_TRUE(document) << document.error().message;
  return {*document};
}

std::optional<PolicyDocument> queue_policy(std::string_view statements) {
  if (statements.empty()) return std::nullopt;
  auto document = parse_policy(R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}", PolicyKind::resource);
  EXPECT_TRUE(document) << document.error().message;
  return *document;
}

std::string outcome_of(const Identity& identity, std::string_view identity_statements, std::string_view queue_statements,
                       PolicyContext context = {}, std::string_view action = "sqs:SendMessage") {
  std::vector<PolicyDocument> policies = identity_policies(identity_statements);
  std::optional<PolicyDocument> resource = queue_policy(queue_statements);
  Decision decision = authorize({identity, action, queue_arn, owner, context}, policies, resource ? &*resource : nullptr);
  std::string where = decision.by_resource_policy ? " by resource" : " by identity";
  std::string sid = decision.statement ? " " + decision.statement->sid : "";
  switch (decision.outcome) {
    case Outcome::allowed:
      return "allowed" + where + sid;
    case Outcome::explicitly_denied:
      return "denied" + where + sid;
    case Outcome::implicitly_denied:
      return "not allowed" + where;
  }
  return "";
}

constexpr std::string_view allow_send = R"({"Sid":"mine","Effect":"Allow","Action":"sqs:Send*","Resource":"arn:aws:sqs:*:*:orders"})";
constexpr std::string_view deny_send = R"({"Sid":"never","Effect":"Deny","Action":"sqs:SendMessage","Resource":"*"})";

std::string grant(std::string_view principal, std::string_view more = "") {
  return R"({"Sid":"granted","Effect":"Allow","Action":"sqs:SendMessage","Principal":)" + std::string(principal) + std::string(more) + "}";
}
std::string refusal(std::string_view principal, std::string_view more = "") {
  return R"({"Sid":"refused","Effect":"Deny","Action":"*","Principal":)" + std::string(principal) + std::string(more) + "}";
}

TEST(Authorize, LetsTheRootDoEverythingInItsAccount) {
  EXPECT_EQ(outcome_of(root(owner), "", ""), "allowed by identity");
  EXPECT_EQ(outcome_of(root(owner), "", "", {}, "sqs:DeleteQueue"), "allowed by identity");
}

TEST(Authorize, DeniesWhatNobodyAllowed) {
  EXPECT_EQ(outcome_of(alice(owner), "", ""), "not allowed by identity");
  EXPECT_EQ(outcome_of(root(stranger), "", ""), "not allowed by resource");
  EXPECT_EQ(outcome_of(alice(stranger), allow_send, ""), "not allowed by resource");
  EXPECT_EQ(outcome_of(sns(), "", ""), "not allowed by resource");
  EXPECT_EQ(outcome_of(nobody(), "", ""), "not allowed by resource");
}

TEST(Authorize, WithinAnAccountTakesOneOfBothPolicies) {
  EXPECT_EQ(outcome_of(alice(owner), allow_send, ""), "allowed by identity mine");
  EXPECT_EQ(outcome_of(alice(owner), "", grant(R"({"AWS":"arn:aws:iam::111122223333:user/team/alice"})")), "allowed by resource granted");
  EXPECT_EQ(outcome_of(alice(owner), "", grant(R"("*")")), "allowed by resource granted");
  EXPECT_EQ(outcome_of(alice(owner), allow_send, "", {}, "sqs:ReceiveMessage"), "not allowed by identity");
}

TEST(Authorize, TrustsAnAccountToDecideForItsIdentities) {
  std::string to_owner = grant(R"({"AWS":"111122223333"})");
  EXPECT_EQ(outcome_of(alice(owner), "", to_owner), "not allowed by identity");
  EXPECT_EQ(outcome_of(alice(owner), allow_send, to_owner), "allowed by identity mine");
  std::string to_stranger = grant(R"({"AWS":"arn:aws:iam::444455556666:root"})");
  EXPECT_EQ(outcome_of(root(stranger), "", to_stranger), "allowed by resource granted");
  EXPECT_EQ(outcome_of(alice(stranger), "", to_stranger), "not allowed by identity");
  EXPECT_EQ(outcome_of(alice(stranger), allow_send, to_stranger), "allowed by resource granted");
}

TEST(Authorize, AcrossAccountsWantsBothPolicies) {
  std::string to_alice = grant(R"({"AWS":"arn:aws:iam::444455556666:user/team/alice"})");
  EXPECT_EQ(outcome_of(alice(stranger), allow_send, to_alice), "allowed by resource granted");
  EXPECT_EQ(outcome_of(alice(stranger), "", to_alice), "not allowed by identity");
  EXPECT_EQ(outcome_of(alice(stranger), allow_send, grant(R"({"AWS":"999999999999"})")), "not allowed by resource");
}

TEST(Authorize, LetsADenialWinOverEverything) {
  std::string statements = std::string(allow_send) + "," + std::string(deny_send);
  EXPECT_EQ(outcome_of(alice(owner), statements, grant(R"("*")")), "denied by identity never");
  EXPECT_EQ(outcome_of(alice(owner), allow_send, grant(R"("*")") + "," + refusal(R"({"AWS":"111122223333"})")),
            "denied by resource refused");
  EXPECT_EQ(outcome_of(root(owner), "", refusal(R"("*")")), "denied by resource refused");
}

TEST(Authorize, KnowsARoleByItsArnIdOrSession) {
  for (std::string_view principal :
       {R"({"AWS":"arn:aws:iam::111122223333:role/worker"})", R"({"AWS":"arn:aws:sts::111122223333:assumed-role/worker/session-1"})",
        R"({"AWS":"AROAWORKERWORKER"})"})
    EXPECT_EQ(outcome_of(session(owner), "", grant(principal)), "allowed by resource granted") << principal;
  EXPECT_EQ(outcome_of(session(owner), "", grant(R"({"AWS":"arn:aws:sts::111122223333:assumed-role/worker/session-2"})")),
            "not allowed by identity");
  EXPECT_EQ(outcome_of(session(owner), "", grant(R"({"AWS":"arn:aws:iam::111122223333:role/other"})")), "not allowed by identity");
}

TEST(Authorize, LetsServicesInByNameAndCondition) {
  std::string statement =
      grant(R"({"Service":"sns.amazonaws.com"})", R"(,"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:111122223333:news"}})");
  PolicyContext news, other;
  news.set("aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:news");
  other.set("aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:other");
  EXPECT_EQ(outcome_of(sns(), "", statement, news), "allowed by resource granted");
  EXPECT_EQ(outcome_of(sns(), "", statement, other), "not allowed by resource");
  EXPECT_EQ(outcome_of(sns(), "", grant(R"({"Service":"events.amazonaws.com"})"), news), "not allowed by resource");
  EXPECT_EQ(outcome_of(sns(), "", grant(R"({"AWS":"*"})"), news), "allowed by resource granted");
}

TEST(Authorize, LetsAnonymousCallersInOnlyWhereAnyoneIs) {
  EXPECT_EQ(outcome_of(nobody(), "", grant(R"("*")")), "allowed by resource granted");
  EXPECT_EQ(outcome_of(nobody(), "", grant(R"({"AWS":"111122223333"})")), "not allowed by resource");
}

TEST(Authorize, TurnsNotPrincipalNotActionAndNotResourceAround) {
  std::string all_but_alice =
      R"({"Sid":"others","Effect":"Deny","Action":"*","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/team/alice"}})";
  EXPECT_EQ(outcome_of(alice(owner), allow_send, all_but_alice), "allowed by identity mine");
  EXPECT_EQ(outcome_of(session(owner), allow_send, all_but_alice), "denied by resource others");
  std::string_view not_receive = R"({"Effect":"Allow","NotAction":"sqs:Receive*","Resource":"*"})";
  EXPECT_EQ(outcome_of(alice(owner), not_receive, ""), "allowed by identity ");
  EXPECT_EQ(outcome_of(alice(owner), not_receive, "", {}, "sqs:ReceiveMessage"), "not allowed by identity");
  EXPECT_EQ(outcome_of(alice(owner), R"({"Effect":"Allow","Action":"*","NotResource":"arn:aws:sqs:*:*:orders"})", ""),
            "not allowed by identity");
}

TEST(Authorize, IgnoresTheCaseOfActions) {
  EXPECT_EQ(outcome_of(alice(owner), allow_send, "", {}, "SQS:sendmessage"), "allowed by identity mine");
}

TEST(Authorize, ReplacesVariablesInResources) {
  PolicyContext context;
  context.set("aws:username", "orders");
  std::string_view own = R"({"Sid":"own","Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:${aws:username}"})";
  EXPECT_EQ(outcome_of(alice(owner), own, "", context), "allowed by identity own");
  context.set("aws:username", "invoices");
  EXPECT_EQ(outcome_of(alice(owner), own, "", context), "not allowed by identity");
  EXPECT_EQ(outcome_of(alice(owner), own, ""), "not allowed by identity");
}

TEST(Authorize, WantsEveryConditionOfAStatement) {
  std::string_view both = R"({"Sid":"both","Effect":"Allow","Action":"*","Resource":"*","Condition":{
      "Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","127.0.0.1"]}}})";
  RequestFacts facts{"127.0.0.1", "curl", "us-east-1", true, instant_from_ms(0)};
  EXPECT_EQ(outcome_of(alice(owner), both, "", context_of(alice(owner), facts)), "allowed by identity both");
  facts.secure_transport = false;
  EXPECT_EQ(outcome_of(alice(owner), both, "", context_of(alice(owner), facts)), "not allowed by identity");
}

TEST(PolicyContext, KnowsRequestAndIdentity) {
  RequestFacts facts{"127.0.0.1", "curl", "us-east-1", true, instant_from_ms(1'795'374'812'345)};
  auto value = [&](const Identity& identity, std::string_view key) { return context_of(identity, facts).single(key).value_or("absent"); };
  EXPECT_EQ(value(alice(owner), "AWS:CURRENTTIME"), "2026-11-22T19:13:32Z");
  EXPECT_EQ(value(alice(owner), "aws:EpochTime"), "1795374812");
  EXPECT_EQ(value(alice(owner), "aws:username"), "alice");
  EXPECT_EQ(value(alice(owner), "aws:PrincipalType"), "User");
  EXPECT_EQ(value(alice(owner), "aws:RequestedRegion"), "us-east-1");
  EXPECT_EQ(value(session(owner), "aws:PrincipalArn"), "arn:aws:iam::111122223333:role/worker");
  EXPECT_EQ(value(session(owner), "aws:userid"), "AROAWORKERWORKER:session-1");
  EXPECT_EQ(value(session(owner), "aws:username"), "absent");
  EXPECT_EQ(value(root(owner), "aws:PrincipalType"), "Account");
  EXPECT_EQ(value(sns(), "aws:PrincipalIsAWSService"), "true");
  EXPECT_EQ(value(sns(), "aws:PrincipalServiceName"), "sns.amazonaws.com");
  EXPECT_EQ(value(nobody(), "aws:PrincipalAccount"), "absent");
}

TEST(DenialMessage, IsAws) {
  PolicyContext context;
  Identity user = alice(stranger), anyone = nobody();
  AccessRequest request{user, "sqs:SendMessage", queue_arn, owner, context};
  std::string start = "User: arn:aws:iam::444455556666:user/team/alice is not authorized to perform: sqs:sendmessage on resource: " +
                      std::string(queue_arn);
  EXPECT_EQ(denial_message(request, {Outcome::implicitly_denied, nullptr, false}, "sqs:sendmessage"),
            start + " because no identity-based policy allows the sqs:sendmessage action");
  EXPECT_EQ(denial_message(request, {Outcome::implicitly_denied, nullptr, true}, "sqs:sendmessage"),
            start + " because no resource-based policy allows the sqs:sendmessage action");
  EXPECT_EQ(denial_message(request, {Outcome::explicitly_denied, nullptr, true}, "sqs:sendmessage"),
            start + " with an explicit deny in a resource-based policy");
  EXPECT_TRUE(
      denial_message({anyone, "sqs:SendMessage", queue_arn, owner, context}, {}, "sqs:sendmessage").starts_with("User: anonymous is not"));
}

}  // namespace
}  // namespace outcrop::auth
