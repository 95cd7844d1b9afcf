// Function URLs from the request to the answer, with a function that answers as a test says.
#include "services/lambda/url/function_url_front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/access_keys.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gen/lambda/errors.h"
#include "json/json.h"
#include "services/lambda/url/configuration.h"
#include "services/lambda/url/limits.h"
#include "services/lambda/url/prelude.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string nuls(8, '\0');

// An answer of these parts; what comes to its end is told then.
struct ToldAnswer final : runner::Answer {
  ToldAnswer(std::string type, std::vector<std::string> parts, runner::Outcome end = {}, bool* closed = nullptr)
      : type(std::move(type)), parts(std::move(parts)), end(std::move(end)), closed(closed) {}

  const std::string& content_type() const override { return type; }
  Task<Result<std::optional<std::string>>> next() override {
    if (given < parts.size()) co_return parts[given++];
    told = end;
    co_return std::nullopt;
  }
  const runner::Outcome& outcome() const override { return told; }
  Task<void> close() override {
    if (closed) *closed = true;
    co_return;
  }

  std::string type;
  std::vector<std::string> parts;
  runner::Outcome end, told;
  bool* closed;
  size_t given = 0;
};

class MetricsOfUrls final : public ServiceMetrics {
 public:
  void record(std::string_view account, std::string_view, std::string_view, std::string_view metric, std::span<const Dimension> dimensions,
              double value, std::string_view) override {
    if (metric == "UrlRequestLatency") return;
    std::string text = std::string(account) + " " + std::string(metric);
    for (const Dimension& dimension : dimensions) text += " " + std::string(dimension.value);
    recorded.push_back(text + " " + std::to_string(int(value)));
  }
  std::vector<std::string> recorded;
};

class UrlFront : public testing::Test {
 protected:
  UrlFront() {
    store::WriteBatch batch;
    batch.put(keys.function("orders"), wire::encode_record(FunctionRecord{}));
    batch.put(keys.alias("orders", "live"), wire::encode_record(AliasRecord{.version = "1"}));
    EXPECT_TRUE(test.run(store->write(std::move(batch))));
    answers("application/json", {"{}"});
  }

  FunctionName orders(std::optional<std::string> qualifier = {}) const { return {place, "orders", std::move(qualifier)}; }

  FunctionUrl have(UrlRecord record = {}, std::optional<std::string> qualifier = {}) {
    if (record.auth_type.empty()) record.auth_type = no_auth;
    if (record.invoke_mode.empty()) record.invoke_mode = buffered;
    auto made = test.run(urls.create(orders(std::move(qualifier)), std::move(record)));
    EXPECT_TRUE(made);
    return *made;
  }
  FunctionUrl streaming() { return have({.invoke_mode = std::string(response_stream)}); }

  void answers(std::string type, std::vector<std::string> parts, runner::Outcome end = {}) {
    script = [=, this]() -> Result<std::unique_ptr<runner::Answer>> { return std::make_unique<ToldAnswer>(type, parts, end, &closed); };
  }

  net::RequestHead head_for(const FunctionUrl& url, std::string method = "GET") {
    return {.method = std::move(method), .path = "/", .host = url.domain_name(), .peer = {.address = "10.0.0.7"}};
  }
  void serve(TestExchange& exchange) {
    FunctionUrlFront front({.world = world,
                            .urls = urls,
                            .authenticator = *authenticator,
                            .metrics = metrics,
                            .invoke = [this](const FunctionName& name, runner::Invocation invocation) -> Task<Result<Invoked>> {
                              invoked = name;
                              invocations.push_back(std::move(invocation));
                              co_return Invoked{"$LATEST", co_await script()};
                            },
                            .check_access = [this](const Call& call, const FunctionName&, std::string_view type) -> Task<Result<void>> {
                              asked_for = call.identity.account + " " + std::string(type);
                              if (!lets) co_return fail("AccessDeniedException", 403, "no");
                              co_return {};
                            }});
    test.run(front.serve(exchange));
  }
  TestExchange get(const FunctionUrl& url, net::Headers headers = {}) {
    net::RequestHead head = head_for(url);
    head.headers = std::move(headers);
    return serve_head(std::move(head));
  }
  TestExchange serve_head(net::RequestHead head, std::string body = "") {
    TestExchange exchange(std::move(head), std::move(body));
    serve(exchange);
    return exchange;
  }
  json::Value event() const { return *json::parse(invocations.back().payload); }

  void enforce() {
    authenticator.emplace(test.clock, *auth::ConfiguredAccessKeys::from({.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}}}));
  }

  const Place place{"111122223333", "us-east-1"};
  TestWorld test;
  std::unique_ptr<store::Store> store =
      *store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity});
  World world{test.clock, test.random, *store, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  FunctionKeys keys{place};
  FunctionUrls urls{world};
  std::optional<auth::Authenticator> authenticator{std::in_place, test.clock};
  MetricsOfUrls metrics;
  std::function<Result<std::unique_ptr<runner::Answer>>()> script;
  std::vector<runner::Invocation> invocations;
  std::optional<FunctionName> invoked;
  std::string asked_for;
  bool lets = true, closed = false;
};

TEST_F(UrlFront, AnswersWhatTheFunctionAnswers) {
  answers("application/json", {R"({"statusCode": 201, "headers": {"x-kind": "test"}, "body": "made"})"});
  const TestExchange exchange = get(have());
  EXPECT_EQ(exchange.status(), 201);
  EXPECT_EQ(exchange.answer, "made");
  EXPECT_EQ(exchange.response->headers.get("x-kind"), "test");
  EXPECT_EQ(exchange.response->headers.get("x-amzn-requestid"), invocations.back().request_id);
  EXPECT_FALSE(invocations.back().is_streamed);
}

TEST_F(UrlFront, IsReachedByHostAndByPath) {
  const FunctionUrl url = have({}, "live");
  net::RequestHead head = head_for(url, "POST");
  head.path = "/v1/chat/completions";
  serve_head(head, "x");
  EXPECT_EQ(invoked->qualifier, "live");
  EXPECT_EQ(event().find("rawPath")->as_string(), "/v1/chat/completions");
  head.host = "127.0.0.1:4566";
  head.path = std::string(UrlAddress::path_prefix) + url.record.id + "/a";
  serve_head(head);
  EXPECT_EQ(event().find("rawPath")->as_string(), "/a");
  EXPECT_EQ(event().find("requestContext")->find("domainName")->as_string(), url.domain_name());
}

TEST_F(UrlFront, AUrlThatIsNobodysIsRefusedAsByAws) {
  FunctionUrl url = have();
  ASSERT_TRUE(test.run(urls.erase(orders())));
  const TestExchange exchange = get(url);
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(exchange.answer, R"({"Message":null})");
  EXPECT_EQ(exchange.response->headers.get("x-amzn-errortype"), "AccessDeniedException");
}

TEST_F(UrlFront, AUrlOfAFunctionThatWentIsNobodys) {
  const FunctionUrl url = have();
  store::WriteBatch batch;
  batch.erase(keys.url("orders", latest));
  ASSERT_TRUE(test.run(store->write(std::move(batch))));
  EXPECT_EQ(get(url).status(), 403);
}

TEST_F(UrlFront, AFunctionThatFailsIs502) {
  answers("application/json", {R"({"errorMessage": "no"})"}, {.function_error = "Unhandled"});
  const TestExchange exchange = get(have());
  EXPECT_EQ(exchange.status(), 502);
  EXPECT_EQ(exchange.answer, "Internal Server Error");
  EXPECT_THAT(metrics.recorded, ElementsAre("111122223333 UrlRequestCount orders 1", "111122223333 Url5xxCount orders 1"));
}

TEST_F(UrlFront, AnAnswerThatIsNoResponseIs502) {
  answers("application/json", {R"({"statusCode": "many"})"});
  EXPECT_EQ(get(have()).status(), 502);
}

TEST_F(UrlFront, AThrottledFunctionIs429WithItsReason) {
  script = []() -> Result<std::unique_ptr<runner::Answer>> {
    return fail(TooManyRequestsException{.message = "Rate Exceeded.", .reason = "ReservedFunctionConcurrentInvocationLimitExceeded"});
  };
  const TestExchange exchange = get(have());
  EXPECT_EQ(exchange.status(), 429);
  EXPECT_THAT(exchange.answer, HasSubstr("ReservedFunctionConcurrentInvocationLimitExceeded"));
  EXPECT_THAT(metrics.recorded, ElementsAre("111122223333 UrlRequestCount orders 1", "111122223333 Url4xxCount orders 1"));
}

TEST_F(UrlFront, RequestsAreBoundedAndSoAreTheEventsMadeOfThem) {
  const FunctionUrl url = have();
  EXPECT_EQ(serve_head(head_for(url, "POST"), std::string(limits::url_request_bytes_max + 1, 'x')).status(), 413);
  EXPECT_EQ(serve_head(head_for(url, "POST"), std::string(5 << 20, 'x')).status(), 413) << "it is encoded, as what has no type";
  EXPECT_THAT(invocations, IsEmpty());
}

TEST_F(UrlFront, AnAliasIsMeasuredByItselfToo) {
  get(have({}, "live"));
  EXPECT_THAT(metrics.recorded, ElementsAre("111122223333 UrlRequestCount orders 1", "111122223333 UrlRequestCount orders orders:live 1"));
}

TEST_F(UrlFront, AStreamIsRelayedPartByPart) {
  answers(std::string(integration_response_type),
          {R"({"statusCode": 206, )", R"("headers": {"content-type": "text/event-stream"}})" + nuls, "one", "two"});
  const TestExchange exchange = get(streaming());
  EXPECT_EQ(exchange.status(), 206);
  EXPECT_EQ(exchange.response->headers.get("content-type"), "text/event-stream");
  EXPECT_THAT(exchange.writes, ElementsAre("one", "two"));
  EXPECT_TRUE(exchange.finished);
  EXPECT_TRUE(invocations.back().is_streamed);
}

TEST_F(UrlFront, AStreamWithoutMetadataIsTheBody) {
  answers("application/octet-stream", {"one", "two"});
  const TestExchange exchange = get(streaming());
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_THAT(exchange.writes, ElementsAre("one", "two"));
}

TEST_F(UrlFront, AFunctionThatDoesNotStreamAnswersAStreamingUrlWithAllItReturned) {
  answers("application/json", {R"({"statusCode":418,"body":"x"})"});
  const TestExchange exchange = get(streaming());
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.answer, R"({"statusCode":418,"body":"x"})");
}

TEST_F(UrlFront, AStreamThatFailsMidwayIsBrokenOff) {
  answers("text/plain", {"one"}, {.function_error = "Unhandled", .error_code = "Error"});
  const TestExchange exchange = get(streaming());
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_TRUE(exchange.aborted);
  EXPECT_FALSE(exchange.finished);
}

TEST_F(UrlFront, AStreamThatFailsBeforeItsBeginningIs502) {
  answers(std::string(integration_response_type), {R"({"statusCode": 2)"}, {.function_error = "Unhandled"});
  const TestExchange cut = get(streaming());
  EXPECT_EQ(cut.status(), 502);
  EXPECT_FALSE(cut.aborted);
}

TEST_F(UrlFront, AClientThatGoesEndsTheAnswer) {
  answers("text/plain", {"one", "two", "three"});
  TestExchange exchange(head_for(streaming()));
  exchange.before_write = []() -> Task<Result<void>> { co_return fail("ConnectionClosed", 499, "gone"); };
  serve(exchange);
  EXPECT_TRUE(closed);
  EXPECT_THAT(exchange.writes, IsEmpty());
}

TEST_F(UrlFront, APreflightIsAnsweredWithoutTheFunction) {
  CorsRecord cors{.allow_methods = {{"PUT"}}, .allow_origins = {{"https://shop.example"}}};
  const FunctionUrl url = have({.auth_type = std::string(aws_iam), .cors = cors});
  enforce();
  net::RequestHead head = head_for(url, "OPTIONS");
  head.headers = {{"origin", "https://shop.example"}, {"access-control-request-method", "PUT"}};
  const TestExchange exchange = serve_head(head);
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.response->headers.get("access-control-allow-methods"), "PUT");
  EXPECT_THAT(invocations, IsEmpty());
}

TEST_F(UrlFront, WithoutRulesOfCorsTheFunctionAnswersPreflights) {
  net::RequestHead head = head_for(have(), "OPTIONS");
  head.headers = {{"origin", "https://shop.example"}, {"access-control-request-method", "PUT"}};
  serve_head(head);
  EXPECT_EQ(invocations.size(), 1u);
}

TEST_F(UrlFront, RefusalsCanBeReadByPagesToo) {
  const FunctionUrl url = have({.auth_type = std::string(aws_iam), .cors = CorsRecord{.allow_origins = {{"*"}}}});
  enforce();
  const TestExchange exchange = get(url, {{"origin", "https://shop.example"}});
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(exchange.response->headers.get("access-control-allow-origin"), "*");
}

TEST_F(UrlFront, PagesOfOtherOriginsMayCallInOpenMode) {
  EXPECT_EQ(get(have(), {{"origin", "https://shop.example"}, {"sec-fetch-site", "cross-site"}}).status(), 200);
}

TEST_F(UrlFront, EnforcedAUrlWithoutAuthenticationNeedsAPolicyThatLetsEverybody) {
  enforce();
  const FunctionUrl url = have();
  EXPECT_EQ(get(url).status(), 200);
  EXPECT_EQ(asked_for, "anonymous NONE");
  lets = false;
  const TestExchange exchange = get(url);
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_THAT(exchange.answer, HasSubstr(R"({"Message":"Forbidden. For troubleshooting)"));
}

TEST_F(UrlFront, EnforcedASignedUrlKnowsItsCaller) {
  enforce();
  const FunctionUrl url = have({.auth_type = std::string(aws_iam)});
  EXPECT_EQ(get(url).status(), 403) << "unsigned";
  net::RequestHead head = head_for(url, "POST");
  head.headers = {{"host", head.host}, {"content-type", "text/plain"}};
  auth::sign(head, {"AKIDEXAMPLE", "secret"}, "us-east-1", "lambda", hex(sha256("hello")), test.clock.real_wall());
  EXPECT_EQ(serve_head(head, "hello").status(), 200);
  EXPECT_EQ(asked_for, "111122223333 AWS_IAM");
  EXPECT_EQ(event().find("requestContext")->find("authorizer")->find("iam")->find("accessKey")->as_string(), "AKIDEXAMPLE");
  const TestExchange changed = serve_head(head, "changed");
  EXPECT_EQ(changed.status(), 403) << "the body is signed";
}

TEST_F(UrlFront, EnforcedASignatureForAnotherRegionIsRefused) {
  enforce();
  const FunctionUrl url = have({.auth_type = std::string(aws_iam)});
  net::RequestHead head = head_for(url);
  head.headers = {{"host", head.host}};
  auth::sign(head, {"AKIDEXAMPLE", "secret"}, "eu-west-1", "lambda", auth::empty_body_hash, test.clock.real_wall());
  EXPECT_EQ(serve_head(head).status(), 403);
}

TEST_F(UrlFront, AFunctionHasOneUrlAndEachAliasToo) {
  have();
  have({}, "live");
  const auto again = test.run(urls.create(orders(), {}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "ResourceConflictException");
  EXPECT_THAT(again.error().message, HasSubstr("FunctionUrlConfig exists for this Lambda function"));
  EXPECT_EQ(test.run(urls.create({place, "nobody", {}}, {})).error().message, "Function does not exist");
  EXPECT_EQ(test.run(urls.create(orders("nowhere"), {})).error().code, "ResourceNotFoundException");
}

TEST_F(UrlFront, UrlsAreListedByQualifierAndPageByPage) {
  have({}, "live");
  have();
  auto all = test.run(urls.list(orders(), "", 10)).value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_FALSE(all[0].function.qualifier) << "the function's own comes first";
  EXPECT_EQ(all[1].function.qualifier, "live");
  EXPECT_EQ(test.run(urls.list(orders(), latest, 10)).value().size(), 1u);
  EXPECT_EQ(test.run(urls.list({place, "nobody", {}}, "", 10)).error().message, "Function does not exist");
}

TEST_F(UrlFront, AChangeKeepsTheAddress) {
  const FunctionUrl url = have();
  test.advance(Milliseconds(1000));
  const auto changed = test.run(urls.update(orders(), [](UrlRecord& record) { record.auth_type = aws_iam; })).value();
  EXPECT_EQ(changed.record.id, url.record.id);
  EXPECT_GT(changed.record.modified_at, changed.record.created_at);
  EXPECT_EQ(test.run(urls.get(orders()))->record.auth_type, aws_iam);
  ASSERT_TRUE(test.run(urls.erase(orders())));
  EXPECT_EQ(test.run(urls.get(orders())).error().message, "The resource you requested does not exist.");
}

TEST_F(UrlFront, WhatErasesAFunctionErasesTheAddressesOfItsUrls) {
  have();
  have({}, "live");
  auto ids = [&] { return test.run(store->scan(store::Range::prefix(FunctionKeys::url_id("")))).value().size(); };
  auto erase = [&](FunctionName name) {
    return test.run(store->run([&](store::Transaction& transaction) { return urls.erase_ids(transaction, name); }));
  };
  ASSERT_TRUE(erase(orders("live")));
  EXPECT_EQ(ids(), 1u);
  ASSERT_TRUE(erase(orders()));
  EXPECT_EQ(ids(), 0u);
}

TEST_F(UrlFront, AResetForgetsTheAddressesOfAnAccount) {
  const FunctionUrl url = have();
  ASSERT_TRUE(test.run(urls.forget("000000000000")));
  EXPECT_EQ(get(url).status(), 200);
  ASSERT_TRUE(test.run(urls.forget(place.account)));
  EXPECT_EQ(get(url).status(), 403);
}

TEST_F(UrlFront, TheAddressShownWorksAtTheEndpointThatWasAsked) {
  const FunctionUrl url = have();
  Call call{.world = world, .identity = {}, .endpoint = "http://127.0.0.1:4566"};
  EXPECT_EQ(shown_url(call, url), "http://127.0.0.1:4566/_aws/lambda-url/" + url.record.id + "/");
  call.endpoint = "https://outcrop.localhost:4566";
  EXPECT_EQ(shown_url(call, url), "https://" + url.record.id + ".lambda-url.us-east-1.localhost:4566/");
}

}  // namespace
}  // namespace outcrop::lambda
