#include "gen/sts/get_caller_identity.h"

#include <gtest/gtest.h>

#include "auth/presigned_query.h"
#include "services/sts/testing/sts_server.h"

namespace outcrop::sts {
namespace {

constexpr std::string_view form = "Action=GetCallerIdentity";

TEST(GetCallerIdentity, NamesTheRootOfTheKeysAccount) {
  StsServer server(alices_key());
  TestExchange exchange = server.call(std::string(form));
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(exchange.response->headers.get("content-type"), "text/xml");
  EXPECT_EQ(element(exchange.answer, "Account"), "111122223333");
  EXPECT_EQ(element(exchange.answer, "UserId"), "111122223333");
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:iam::111122223333:root");
  EXPECT_TRUE(
      exchange.answer.contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"))
      << exchange.answer;
}

TEST(GetCallerIdentity, RefusesAWrongSecretAsSts) {
  StsServer server(alices_key());
  TestExchange exchange = server.call(std::string(form), auth::SigningCredentials{"AKIAALICEALICEALICE1", "guessed"});
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(element(exchange.answer, "Type"), "Sender");
  EXPECT_EQ(element(exchange.answer, "Code"), "SignatureDoesNotMatch");
  EXPECT_FALSE(exchange.answer.contains("Detail")) << "only SQS has it";
}

TEST(GetCallerIdentity, RefusesStrangersAsSts) {
  StsServer server(alices_key());
  EXPECT_EQ(refusal(server.call(std::string(form), auth::SigningCredentials{"AKIABOB", "bob's secret"})),
            "403 InvalidClientTokenId: The security token included in the request is invalid.");
  EXPECT_EQ(refusal(server.call(std::string(form), std::nullopt)),
            "403 MissingAuthenticationToken: Request is missing Authentication Token");
}

TEST(GetCallerIdentity, TakesAPresignedQuery) {
  StsServer server(alices_key());
  net::RequestHead head = {.method = "GET", .path = "/", .query = "Action=GetCallerIdentity&Version=2011-06-15", .host = "localhost:4566"};
  auth::presign(head, StsServer::alice(), "us-east-1", "sts", auth::empty_body_hash, {server.test.clock.real_wall(), Seconds(60)});
  TestExchange exchange = server.serve(head, "");
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:iam::111122223333:root") << exchange.answer;
}

TEST(GetCallerIdentity, InOpenModeTakesTheAccountFromTheKey) {
  StsServer server;
  TestExchange exchange = server.call(std::string(form), auth::SigningCredentials{"444455556666", "anything"});
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:iam::444455556666:root");
}

TEST(GetCallerIdentity, InOpenModeAnswersWithoutCredentials) {
  StsServer server;
  TestExchange exchange = server.call(std::string(form), std::nullopt);
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "Account"), "000000000000");
}

}  // namespace
}  // namespace outcrop::sts
