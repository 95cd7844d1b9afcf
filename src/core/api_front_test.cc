#include "core/api_front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "core/testing/test_server.h"

namespace outcrop {
namespace {

using testing::HasSubstr;

struct ApiFrontTest : testing::Test {
  TestServer server;
};

TEST_F(ApiFrontTest, AnAwsJsonCallIsCarriedOutForItsAccountAndRegion) {
  TestExchange exchange = server.call("SendParcel", R"({"To": "Berlin", "Contents": "tea"})", "123456789012");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.answer, R"({"Receipt":"123456789012/eu-central-1/Berlin/tea/http://localhost:4566/127.0.0.1"})");
  EXPECT_EQ(exchange.response->headers.get("x-amzn-requestid").size(), 36u);
  EXPECT_TRUE(exchange.released) << "the body's budget";
}

TEST_F(ApiFrontTest, AQueryCallIsAnsweredInXml) {
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("content-type", "application/x-www-form-urlencoded; charset=utf-8");
  TestExchange exchange = server.serve(head, "Action=SendParcel&Version=2026-01-31&To=Berlin");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_THAT(exchange.answer, HasSubstr("<SendParcelResult><Receipt>000000000000/us-east-1/Berlin/-/"));
}

TEST_F(ApiFrontTest, FaultsAreWordedInTheProtocolOfTheClient) {
  TestExchange json = server.call("SendParcel", R"({"To": "nowhere"})");
  EXPECT_EQ(json.status(), 410);
  EXPECT_THAT(json.answer, HasSubstr("ParcelIsLost"));
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("content-type", "application/x-www-form-urlencoded");
  TestExchange query = server.serve(head, "Action=SendParcel&Version=2026-01-31&To=nowhere");
  EXPECT_EQ(query.status(), 410);
  EXPECT_THAT(query.answer, HasSubstr("<Code>Parcel.Lost</Code>"));
}

TEST_F(ApiFrontTest, AnOperationSeesOutcropsHeadersAndThoseThatAreConfiguredAndMayAnswerWithHeaders) {
  const net::Headers headers = {{"X-Outcrop-Speed", "fast"}, {"x-tenant", "acme"}, {"x-other", "unseen"}};
  TestExchange answered = server.call("SendParcel", R"({"To": "Berlin"})", "test", headers);
  EXPECT_EQ(answered.response->headers.get("x-outcrop-speed"), "seen fast");
  EXPECT_EQ(answered.response->headers.get("x-tenant"), "seen acme");
  EXPECT_EQ(answered.response->headers.find("x-other"), nullptr);
  TestExchange refused = server.call("SendParcel", R"({"To": "nowhere"})", "test", headers);
  EXPECT_EQ(refused.status(), 410);
  EXPECT_EQ(refused.response->headers.get("x-outcrop-speed"), "seen fast");
}

TEST_F(ApiFrontTest, AnExceptionIsAnsweredAsInternalFailure) {
  TestExchange exchange = server.call("SendParcel", R"({"To": "fire"})");
  EXPECT_EQ(exchange.status(), 500);
  EXPECT_THAT(exchange.answer, HasSubstr("InternalFailure"));
}

TEST_F(ApiFrontTest, UnknownOperationsAndUnreadableBodiesAreRefused) {
  EXPECT_EQ(server.call("Fly", "{}").status(), 400);
  EXPECT_THAT(server.call("Fly", "{}").answer, HasSubstr("UnknownOperationException"));
  EXPECT_THAT(server.call("SendParcel", "{").answer, HasSubstr("SerializationException"));
  EXPECT_THAT(server.call("SendParcel", R"({"To": "x"})").answer, HasSubstr("ValidationException"));
}

TEST_F(ApiFrontTest, AnOperationWithoutAFileAnswers501AndItsName) {
  std::vector<wire::Operation> operations(parcel::model.operations.begin(), parcel::model.operations.end());
  std::ranges::find(operations, "SendParcel", &wire::Operation::name)->handler = nullptr;
  wire::ServiceModel model = parcel::model;
  model.operations = operations;
  Directory directory(server.admission, server.metrics);
  directory.add(model, server.parcel);
  ApiFront front(server.test.world, directory, *server.authenticator, {});
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("x-amz-target", "Parcel_20260131.SendParcel");
  head.headers.add("content-type", "application/x-amz-json-1.0");
  TestExchange exchange(head, "{}");
  server.test.run(front.serve(exchange));
  EXPECT_EQ(exchange.status(), 501);
  EXPECT_THAT(exchange.answer, HasSubstr("NotImplemented"));
  EXPECT_THAT(exchange.answer, HasSubstr("SendParcel"));
}

TEST_F(ApiFrontTest, ABodyAboveTheServicesLimitIsRefused) {
  EXPECT_EQ(server.call("SendParcel", "{\"To\": \"" + std::string(2000, 'x') + "\"}").status(), 413);
}

TEST_F(ApiFrontTest, GzipBodiesAreInflatedWithinTheLimit) {
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("x-amz-target", "Parcel_20260131.SendParcel");
  head.headers.add("content-type", "application/x-amz-json-1.0");
  head.headers.add("content-encoding", "gzip");
  // gzip of {"To":"Berlin"}
  const auto compressed = unbase64("H4sIAAAAAAACA6tWCslXslJySi3KycxTqgUAymbdmA8AAAA=");
  ASSERT_TRUE(compressed.has_value());
  EXPECT_EQ(server.serve(head, *compressed).status(), 200);
  EXPECT_EQ(server.serve(head, "no gzip").status(), 400);
}

TEST_F(ApiFrontTest, CborIsSpokenToo) {
  net::RequestHead head = TestServer::head("POST", "/service/Parcel_20260131/operation/SendParcel");
  head.headers.add("smithy-protocol", "rpc-v2-cbor");
  head.headers.add("content-type", "application/cbor");
  const std::string body = unhex("a162546f664265726c696e").value();  // {"To": "Berlin"}
  TestExchange exchange = server.serve(head, body);
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.response->headers.get("smithy-protocol"), "rpc-v2-cbor");
  EXPECT_THAT(exchange.answer, HasSubstr("000000000000/us-east-1/Berlin"));
  head.headers.add("content-encoding", "gzip");
  EXPECT_EQ(server.serve(head, unbase64("H4sIAAAAAAACA1uYFJKf5pRalJOZBwAjTvnNCwAAAA==").value()).status(), 200);
  EXPECT_EQ(server.serve(head, body).status(), 400);
}

TEST_F(ApiFrontTest, AWebPageCannotDriveTheServer) {
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("x-amz-target", "Parcel_20260131.SendParcel");
  head.headers.add("origin", "https://evil.example");
  EXPECT_EQ(server.serve(head, R"({"To": "Berlin"})").status(), 403);
  EXPECT_TRUE(server.parcel.sent.empty());
}

TEST_F(ApiFrontTest, ADroppedConnectionGetsNoAnswer) {
  server.faults.add({.drop_connection = true});
  TestExchange exchange = server.call("SendParcel", R"({"To": "Berlin"})");
  EXPECT_TRUE(exchange.aborted);
  EXPECT_FALSE(exchange.response.has_value());
}

TEST_F(ApiFrontTest, EnforcedRequestsNeedASignature) {
  auto keys = auth::ConfiguredAccessKeys::from({.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}}});
  ASSERT_TRUE(keys.has_value());
  RealClock clock;
  TestServer enforced({}, std::make_unique<auth::Authenticator>(clock, std::move(*keys)));
  EXPECT_EQ(enforced.call("SendParcel", R"({"To": "Berlin"})").status(), 400);
  net::RequestHead head = TestServer::head("POST", "/");
  head.headers.add("x-amz-target", "Parcel_20260131.SendParcel");
  head.headers.add("content-type", "application/x-amz-json-1.0");
  const std::string body = R"({"To": "Berlin"})";
  auth::sign(head, {"AKIDEXAMPLE", "secret"}, "us-west-2", "parcel", hex(sha256(body)), clock.wall());
  TestExchange exchange = enforced.serve(head, body);
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_THAT(exchange.answer, HasSubstr("111122223333/us-west-2/Berlin"));
  EXPECT_NE(enforced.serve(head, R"({"To": "Munich"})").status(), 200) << "the body is signed";
}

// The answer to a call without a signature of a service that speaks one protocol only.
TestExchange unsigned_call(wire::ProtocolKind protocol) {
  RealClock clock;
  auto keys = auth::ConfiguredAccessKeys::from({.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}}});
  TestServer enforced({}, std::make_unique<auth::Authenticator>(clock, std::move(*keys)));
  wire::ServiceModel model = parcel::model;
  const wire::Operation* send = parcel::model.find_operation("SendParcel");
  model.operations = {send, 1};
  model.protocols = {&protocol, 1};
  Directory directory(enforced.admission, enforced.metrics);
  directory.add(model, enforced.parcel);
  ApiFront front(enforced.test.world, directory, *enforced.authenticator, {});
  TestExchange exchange(TestServer::head("POST", "/"), "");
  enforced.test.run(front.serve(exchange));
  return exchange;
}

TEST_F(ApiFrontTest, RefusalsAreWordedAsServicesOfTheProtocolDo) {
  TestExchange json = unsigned_call(wire::ProtocolKind::rest_json_1);
  EXPECT_EQ(json.status(), 403) << json.answer;
  EXPECT_EQ(json.response->headers.get("x-amzn-errortype"), "MissingAuthenticationTokenException");
  TestExchange xml = unsigned_call(wire::ProtocolKind::rest_xml);
  EXPECT_EQ(xml.status(), 403) << xml.answer;
  EXPECT_THAT(xml.answer, HasSubstr("<Code>AccessDenied</Code><Message>Access Denied</Message>"));
}

}  // namespace
}  // namespace outcrop
