// The pieces of function URLs: addresses, events, responses, preludes, rules of CORS, as pure functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"
#include "services/lambda/url/cors.h"
#include "services/lambda/url/event.h"
#include "services/lambda/url/function_urls.h"
#include "services/lambda/url/limits.h"
#include "services/lambda/url/prelude.h"
#include "services/lambda/url/response.h"

namespace outcrop::lambda {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view some_id = "abcdefghijklmnopqrstuvwxyz012345";
constexpr std::string_view eight_nuls("\0\0\0\0\0\0\0\0", 8);

TEST(UrlAddresses, StandInTheHostOrInThePath) {
  const auto by_host = UrlAddress::of(std::string(some_id) + ".lambda-url.eu-west-1.on.aws", "/a/b");
  ASSERT_TRUE(by_host);
  EXPECT_EQ(by_host->id, some_id);
  EXPECT_EQ(by_host->path, "/a/b");
  EXPECT_TRUE(UrlAddress::of(std::string(some_id) + ".lambda-url.us-east-1.localhost:4566", "/"));
  const auto by_path = UrlAddress::of("localhost:4566", "/_aws/lambda-url/" + std::string(some_id) + "/a%20b");
  ASSERT_TRUE(by_path);
  EXPECT_EQ(by_path->id, some_id);
  EXPECT_EQ(by_path->path, "/a%20b");
  EXPECT_EQ(UrlAddress::of("localhost:4566", "/_aws/lambda-url/" + std::string(some_id))->path, "/");
  EXPECT_FALSE(UrlAddress::of("localhost:4566", "/"));
  EXPECT_FALSE(UrlAddress::of("lambda.us-east-1.amazonaws.com", "/2015-03-31/functions/"));
  EXPECT_FALSE(UrlAddress::of("short.lambda-url.us-east-1.on.aws", "/"));
}

class UrlEvents : public testing::Test {
 protected:
  json::Value event(std::string_view body = "") {
    return *json::parse(write_event({.head = head,
                                     .path = head.path,
                                     .body = body,
                                     .url_id = some_id,
                                     .domain_name = "x.lambda-url.us-east-1.on.aws",
                                     .request_id = "id",
                                     .trace_header = "Root=1-a-b",
                                     .caller = caller ? &*caller : nullptr,
                                     .at = instant_from_ms(1'583'348'638'390)}));
  }
  static std::string text(const json::Value& value, std::string_view name) {
    const json::Value* member = value.find(name);
    return member ? json::write(*member) : "absent";
  }

  net::RequestHead head{.method = "POST", .path = "/my/path", .host = "x.lambda-url.us-east-1.on.aws", .peer = {.address = "10.0.0.7"}};
  std::optional<Identity> caller;
};

TEST_F(UrlEvents, AreOfPayloadFormatTwo) {
  head.query = "parameter1=value1&parameter1=value2&parameter2=a%20b+c";
  head.headers = {{"Header1", "value1"}, {"header2", "value1"}, {"HEADER2", "value2"}, {"user-agent", "agent"}};
  const json::Value made = event();
  EXPECT_EQ(text(made, "version"), R"("2.0")");
  EXPECT_EQ(text(made, "routeKey"), R"("$default")");
  EXPECT_EQ(text(made, "rawPath"), R"("/my/path")");
  EXPECT_EQ(text(made, "rawQueryString"), R"("parameter1=value1&parameter1=value2&parameter2=a%20b+c")");
  EXPECT_EQ(text(made, "queryStringParameters"), R"({"parameter1":"value1,value2","parameter2":"a b c"})");
  EXPECT_EQ(text(made, "headers"),
            R"({"header1":"value1","header2":"value1,value2","user-agent":"agent","host":"x.lambda-url.us-east-1.on.aws",)"
            R"("x-forwarded-for":"10.0.0.7","x-forwarded-proto":"http","x-forwarded-port":"80","x-amzn-trace-id":"Root=1-a-b"})");
  EXPECT_EQ(text(made, "requestContext"),
            R"({"accountId":"anonymous","apiId":"abcdefghijklmnopqrstuvwxyz012345","domainName":"x.lambda-url.us-east-1.on.aws",)"
            R"("domainPrefix":"abcdefghijklmnopqrstuvwxyz012345","http":{"method":"POST","path":"/my/path","protocol":"HTTP/1.1",)"
            R"("sourceIp":"10.0.0.7","userAgent":"agent"},"requestId":"id","routeKey":"$default","stage":"$default",)"
            R"("time":"04/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390})");
  EXPECT_EQ(text(made, "isBase64Encoded"), "false");
  EXPECT_EQ(text(made, "body"), "absent");
  EXPECT_EQ(text(made, "cookies"), "absent");
}

TEST_F(UrlEvents, WithoutAQueryThereAreNoParameters) {
  EXPECT_EQ(text(event(), "rawQueryString"), R"("")");
  EXPECT_EQ(text(event(), "queryStringParameters"), "absent");
}

TEST_F(UrlEvents, CookiesAreAListAndStayAHeader) {
  head.headers = {{"cookie", "a=1; b=2"}, {"cookie", "c=3"}};
  EXPECT_EQ(text(event(), "cookies"), R"(["a=1","b=2","c=3"])");
  EXPECT_EQ(text(*event().find("headers"), "cookie"), R"("a=1; b=2,c=3")");
}

TEST_F(UrlEvents, BodiesOfTextStayAsTheyAreAndOthersAreEncoded) {
  auto body_of = [&](std::string_view type, std::string_view body) {
    head.headers = {{"content-type", std::string(type)}};
    const json::Value made = event(body);
    return text(made, "body") + " " + text(made, "isBase64Encoded");
  };
  EXPECT_EQ(body_of("application/json", "{}"), R"("{}" false)");
  EXPECT_EQ(body_of("text/plain;charset=UTF-8", "ä"), R"("ä" false)");
  EXPECT_EQ(body_of("application/problem+json", "{}"), R"("{}" false)");
  EXPECT_EQ(body_of("multipart/form-data; boundary=x", "text"), R"("dGV4dA==" true)");
  EXPECT_EQ(body_of("application/x-www-form-urlencoded", "a=b"), R"("YT1i" true)");
  EXPECT_EQ(body_of("text/plain", "\xff"), R"("/w==" true)") << "nothing is lost of what is no text";
}

TEST_F(UrlEvents, TellWhoSigned) {
  caller = Identity{.account = "111122223333", .arn = "arn:aws:iam::111122223333:user/u", .user_id = "AIDA", .access_key_id = "AKIA"};
  const json::Value made = event();
  EXPECT_EQ(text(*made.find("requestContext"), "accountId"), R"("111122223333")");
  EXPECT_EQ(text(*made.find("requestContext"), "authorizer"),
            R"({"iam":{"accessKey":"AKIA","accountId":"111122223333","callerId":"AIDA","cognitoIdentity":null,"principalOrgId":null,)"
            R"("userArn":"arn:aws:iam::111122223333:user/u","userId":"AIDA"}})");
}

// "201 content-type: text/plain; x: y | body", or the fault's message.
std::string shown(const Result<UrlResponse>& response) {
  if (!response) return response.error().message;
  std::string text = std::to_string(response->head.status);
  for (const net::Header& header : response->head.headers) text += " " + header.name + "=" + header.value;
  return text + " | " + response->body;
}
std::string whole(std::string payload) { return shown(response_of("application/json", std::move(payload))); }

TEST(UrlResponses, JsonWithoutAStatusIsTheBody) {
  EXPECT_EQ(whole(R"({"hello": "world"})"), R"(200 content-type=application/json | {"hello":"world"})");
  EXPECT_EQ(whole(R"(["hello", 3, true])"), R"(200 content-type=application/json | ["hello",3,true])");
  EXPECT_EQ(whole("true"), "200 content-type=application/json | true");
  EXPECT_EQ(whole(R"("Hello, world!")"), "200 content-type=application/json | Hello, world!");
  EXPECT_EQ(whole("null"), "200 content-type=application/json | null");
}

TEST(UrlResponses, WithAStatusSayAll) {
  EXPECT_EQ(whole(R"({"statusCode": 201, "headers": {"Content-Type": "text/html", "my-number": 7}, "body": "<b>"})"),
            "201 Content-Type=text/html my-number=7 | <b>");
  EXPECT_EQ(whole(R"({"statusCode": "418", "body": "i'm a teapot"})"), "418 content-type=application/json | i'm a teapot");
  EXPECT_EQ(whole(R"({"statusCode": 200})"), "200 content-type=application/json | ");
  EXPECT_EQ(whole(R"({"statusCode": 200, "cookies": ["a=1; Secure", "b=2"]})"),
            "200 set-cookie=a=1; Secure set-cookie=b=2 content-type=application/json | ");
  EXPECT_EQ(whole(R"({"statusCode": 200, "body": "AAE=", "isBase64Encoded": true})"),
            std::string("200 content-type=application/json | \0\1", 37));
  EXPECT_EQ(whole(R"({"statusCode": 200, "body": {"a": 1}})"), R"(200 content-type=application/json | {"a":1})");
}

TEST(UrlResponses, HaveNoSayInTheConnection) {
  EXPECT_EQ(whole(R"({"statusCode": 200, "headers": {"Connection": "close", "date": "today"}})"),
            "200 x-amzn-remapped-Connection=close x-amzn-remapped-date=today content-type=application/json | ");
}

TEST(UrlResponses, ThatAreNoneAreRefused) {
  for (std::string_view payload :
       {R"({"statusCode": "no"})", R"({"statusCode": 99})", R"({"statusCode": 200, "headers": []})",
        R"({"statusCode": 200, "headers": {"a b": "c"}})", R"({"statusCode": 200, "headers": {"a": "b\r\nc: d"}})",
        R"({"statusCode": 200, "cookies": "a=1"})", R"({"statusCode": 200, "body": "!", "isBase64Encoded": true})"}) {
    const auto response = response_of("application/json", std::string(payload));
    ASSERT_FALSE(response) << payload;
    EXPECT_EQ(response.error().code, "InvalidResponse") << payload;
  }
}

TEST(UrlResponses, OfAStreamAreReadWholeToo) {
  EXPECT_EQ(shown(response_of(integration_response_type, R"({"statusCode": 202})" + std::string(eight_nuls) + "body")),
            "202 content-type=application/octet-stream | body");
  EXPECT_EQ(whole(R"({"statusCode": 202})" + std::string(eight_nuls) + "body"), "202 content-type=application/octet-stream | body");
  EXPECT_EQ(whole("words"), "200 content-type=application/octet-stream | words");
  EXPECT_EQ(shown(response_of("text/plain", "as it is")), "200 content-type=text/plain | as it is");
}

TEST(Preludes, AreReadByteByByte) {
  const std::string text = R"({"statusCode": 404, "headers": {"x": "y"}})" + std::string(eight_nuls);
  Prelude prelude;
  for (size_t i = 0; i + 1 < text.size(); ++i) ASSERT_FALSE(*prelude.add(text.substr(i, 1))) << i;
  ASSERT_TRUE(*prelude.add(text.substr(text.size() - 1) + "the body"));
  EXPECT_EQ(response_head_of(prelude.metadata(), "text/plain")->status, 404);
  EXPECT_EQ(prelude.take_body(), "the body");
}

TEST(Preludes, AreBoundedAndAreObjects) {
  Prelude endless;
  ASSERT_TRUE(endless.add(std::string(limits::response_metadata_bytes_max, ' ')));
  EXPECT_FALSE(endless.add(" "));
  Prelude no_object;
  EXPECT_FALSE(no_object.add("[]" + std::string(eight_nuls)));
  Prelude no_json;
  EXPECT_FALSE(no_json.add("{" + std::string(eight_nuls)));
}

class UrlCors : public testing::Test {
 protected:
  std::string preflight() { return text(preflight_answer(rules, head).headers); }
  std::string added() {
    net::Headers headers;
    add_cors_headers(rules, head, headers);
    return text(headers);
  }
  static std::string text(const net::Headers& headers) {
    std::string text;
    for (const net::Header& header : headers) text += header.name + ": " + header.value + "\n";
    return text;
  }

  CorsRecord rules;
  net::RequestHead head{
      .method = "OPTIONS",
      .headers = {
          {"origin", "https://shop.example"}, {"access-control-request-method", "PUT"}, {"access-control-request-headers", "x-token"}}};
};

TEST_F(UrlCors, APreflightIsToldWhatIsAllowed) {
  ASSERT_TRUE(is_preflight(head));
  rules.allow_origins = {"https://other.example", "https://shop.example"};
  rules.allow_methods = {"GET", "PUT"};
  rules.allow_headers = {"x-token", "date"};
  rules.max_age = 300;
  EXPECT_EQ(preflight(),
            "vary: Origin\naccess-control-allow-origin: https://shop.example\naccess-control-allow-methods: GET,PUT\n"
            "access-control-allow-headers: x-token,date\naccess-control-max-age: 300\n");
}

TEST_F(UrlCors, AnyOriginNeedsNoName) {
  rules.allow_origins = {"*"};
  rules.allow_methods = {"*"};
  EXPECT_EQ(preflight(), "access-control-allow-origin: *\naccess-control-allow-methods: *\n");
}

TEST_F(UrlCors, WithCredentialsWhatIsAllowedIsNamed) {
  rules.allow_origins = rules.allow_methods = rules.allow_headers = {"*"};
  rules.allow_credentials = true;
  EXPECT_EQ(preflight(),
            "vary: Origin\naccess-control-allow-origin: https://shop.example\naccess-control-allow-credentials: true\n"
            "access-control-allow-methods: PUT\naccess-control-allow-headers: x-token\n");
}

TEST_F(UrlCors, AnotherOriginIsToldNothing) {
  rules.allow_origins = {"https://other.example"};
  rules.allow_methods = {"*"};
  EXPECT_EQ(preflight(), "vary: Origin\n");
  EXPECT_EQ(added(), "vary: Origin\n");
}

TEST_F(UrlCors, AnswersSayWhatMayBeRead) {
  rules.allow_origins = {"https://shop.example"};
  rules.expose_headers = {"x-total", "date"};
  EXPECT_EQ(added(), "vary: Origin\naccess-control-allow-origin: https://shop.example\naccess-control-expose-headers: x-total,date\n");
  head.headers.erase("origin");
  EXPECT_EQ(added(), "");
}

}  // namespace
}  // namespace outcrop::lambda
