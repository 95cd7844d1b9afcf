#include "core/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "core/testing/test_server.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct AdminTest : testing::Test {
  std::unique_ptr<TestServer> server = std::make_unique<TestServer>();

  TestExchange request(std::string method, std::string path, std::string body = "", std::string query = "") {
    return server->serve(TestServer::head(std::move(method), "/_outcrop/" + path, std::move(query)), std::move(body));
  }
  json::Value json_of(const TestExchange& exchange) { return json::parse(exchange.answer).value_or(json::Value()); }
  std::string text(const TestExchange& exchange, std::string_view member) {
    const json::Value value = json_of(exchange);
    return value.find(member) ? json::write(*value.find(member)) : "";
  }
};

TEST_F(AdminTest, HealthSaysWhatTheServerIs) {
  TestExchange exchange = request("GET", "health");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.response->headers.get("content-type"), "application/json");
  EXPECT_EQ(text(exchange, "version"), "\"1.2.3\"");
  EXPECT_EQ(text(exchange, "clock"), "\"manual\"");
  EXPECT_EQ(text(exchange, "auth"), "\"open\"");
}

TEST_F(AdminTest, TheAuthorityOfTlsIsForEverybody) {
  EXPECT_EQ(request("GET", "ca").status(), 404);  // without TLS
  server->admin.emplace(server->parts(), AdminOptions{.version = "1.2.3", .web_guard = {}, .authority = [] { return "-----BEGIN"; }});
  net::RequestHead head = TestServer::head("GET", "/_outcrop/ca");
  head.peer = {.address = "192.0.2.1", .port = 1, .is_loopback = false};
  TestExchange exchange = server->serve(head);
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.answer, "-----BEGIN");
  EXPECT_EQ(exchange.response->headers.get("content-type"), "application/pem-certificate-chain");
}

struct OneQuota final : QuotaUsageSource {
  std::vector<QuotaUsage> quota_usage(const std::optional<std::string>& account) override {
    if (account.value_or("111122223333") != "111122223333") return {};
    return {{.service = "bedrock",
             .account = "111122223333",
             .region = "us-east-1",
             .subject = "amazon.nova-lite-v1:0",
             .route = "on-demand",
             .quota = "tokens per minute",
             .code = "L-1",
             .limit = 3000,
             .used = 1000,
             .in_flight = 40,
             .per_second = 60,
             .refill_per_second = 50}};
  }
};

TEST_F(AdminTest, QuotasAreToldWithTheirUseAndForecast) {
  OneQuota source;
  AdminParts parts = server->parts();
  parts.quota_usage = &source;
  server->admin.emplace(parts, AdminOptions{.version = "1.2.3", .web_guard = {}});
  const json::Value answer = json_of(request("GET", "quotas"));
  ASSERT_EQ(answer.find("quotas")->as_array().size(), 1u);
  EXPECT_EQ(json::write(answer.find("quotas")->as_array()[0]),
            R"({"service":"bedrock","account":"111122223333","region":"us-east-1","model":"amazon.nova-lite-v1:0","route":"on-demand",)"
            R"("code":"L-1","quota":"tokens per minute","limit":3000,"used":1000,"inFlight":40,"remaining":2000,"usedPerSecond":60,)"
            R"("refilledPerSecond":50,"exhaustedInSeconds":200})");
  EXPECT_EQ(text(request("GET", "quotas", "", "account=444455556666"), "quotas"), "[]");
  EXPECT_EQ(request("GET", "quotas", "", "account=me").status(), 400);
}

TEST_F(AdminTest, UnknownPathsAndMethodsAreRefused) {
  EXPECT_EQ(request("GET", "nothing").status(), 404);
  EXPECT_EQ(request("GET", "").status(), 404);
  EXPECT_EQ(request("DELETE", "clock").status(), 405);
  EXPECT_THAT(request("PUT", "faults").answer, HasSubstr("GET, POST, DELETE"));
}

TEST_F(AdminTest, OnlyLoopbackMayUseItInOpenMode) {
  net::RequestHead head = TestServer::head("POST", "/_outcrop/reset");
  head.peer = {.address = "192.0.2.1", .port = 1, .is_loopback = false};
  EXPECT_EQ(server->serve(head).status(), 403);
  head.path = "/_outcrop/health";
  head.method = "GET";
  EXPECT_EQ(server->serve(head).status(), 200);
}

TEST_F(AdminTest, AWebPageCannotUseIt) {
  net::RequestHead head = TestServer::head("POST", "/_outcrop/reset");
  head.headers.add("origin", "https://evil.example");
  EXPECT_EQ(server->serve(head).status(), 403);
}

TEST_F(AdminTest, TheClockIsReadAdvancedAndSet) {
  EXPECT_EQ(text(request("GET", "clock"), "time"), "\"2027-01-15T08:00:00Z\"");
  EXPECT_EQ(text(request("POST", "clock/advance", R"({"seconds": 1.5})"), "time"), "\"2027-01-15T08:00:01.500Z\"");
  EXPECT_EQ(text(request("POST", "clock/advance", R"({"duration": "30d"})"), "time"), "\"2027-02-14T08:00:01.500Z\"");
  EXPECT_EQ(text(request("POST", "clock/set", R"({"time": "2030-01-01T00:00:00Z"})"), "time"), "\"2030-01-01T00:00:00Z\"");
  EXPECT_EQ(server->test.clock.wall(), instant_from_ms(1'893'456'000'000));
}

TEST_F(AdminTest, WrongInstantsAndDurationsAreRefusedClearly) {
  for (auto body : {"", "{}", R"({"seconds": "1"})", R"({"duration": "soon"})", R"({"seconds": 1, "duration": "1s"})", R"({"seconds": -1})",
                    R"({"seconds": 1e300})", "[]", "{"}) {
    EXPECT_EQ(request("POST", "clock/advance", body).status(), 400) << body;
  }
  EXPECT_EQ(request("POST", "clock/set", R"({"time": "tomorrow"})").status(), 400);
  TestExchange back = request("POST", "clock/set", R"({"time": "2020-01-01T00:00:00Z"})");
  EXPECT_EQ(back.status(), 400);
  EXPECT_THAT(back.answer, HasSubstr("only moves forward"));
}

TEST_F(AdminTest, ARealClockSaysHowToGetOneThatMoves) {
  Admin admin({server->test.world, server->directory, server->metrics, server->faults, server->reset, *server->authenticator, nullptr},
              {.version = "1", .web_guard = {}});
  TestExchange exchange(TestServer::head("POST", "/_outcrop/clock/advance"), R"({"seconds": 1})");
  server->test.run(admin.serve(exchange));
  EXPECT_EQ(exchange.status(), 400);
  EXPECT_THAT(exchange.answer, HasSubstr("--clock manual"));
}

TEST_F(AdminTest, FaultsAreAddedListedAppliedAndRemoved) {
  TestExchange added = request("POST", "faults", R"({"service": "parcel", "operation": "Send*", "error": "ParcelIsLost", "count": 2})");
  EXPECT_EQ(added.status(), 201) << added.answer;
  EXPECT_EQ(text(added, "status"), "410") << "the model's";
  EXPECT_EQ(server->call("SendParcel", R"({"To": "Berlin"})").status(), 410);
  const json::Value listed = json_of(request("GET", "faults"));
  ASSERT_EQ(listed.find("faults")->as_array().size(), 1u);
  EXPECT_EQ(listed.find("faults")->as_array()[0].find("count")->as_int64(), 1);
  EXPECT_EQ(listed.find("faults")->as_array()[0].find("applied")->as_int64(), 1);
  const std::string id(listed.find("faults")->as_array()[0].find("id")->as_string());
  EXPECT_EQ(request("DELETE", "faults/" + id).status(), 200);
  EXPECT_EQ(request("DELETE", "faults/" + id).status(), 404);
  EXPECT_EQ(server->call("SendParcel", R"({"To": "Berlin"})").status(), 200);
}

TEST_F(AdminTest, EveryFormOfLatencyIsReadAndWritten) {
  for (auto [given, written] : std::vector<std::pair<std::string, std::string>>{
           {"250", "250"},
           {R"("1s")", "1000"},
           {R"({"uniform": ["10ms", "1s"]})", R"({"uniform":[10,1000]})"},
           {R"({"mean": 80, "deviation": "20ms"})", R"({"mean":80,"deviation":20})"},
           {R"({"p50": "20ms", "p90": "100ms", "p99": "2s"})", R"({"p50":20,"p90":100,"p99":2000})"}}) {
    TestExchange added = request("POST", "faults", R"({"latency": )" + given + "}");
    EXPECT_EQ(added.status(), 201) << added.answer;
    EXPECT_EQ(text(added, "latency"), written);
  }
}

TEST_F(AdminTest, WrongFaultRulesAreRefusedNamingTheMember) {
  for (auto [body, names] : std::vector<std::pair<std::string, std::string>>{{R"({"error": 5})", "error"},
                                                                             {R"({"error": "X", "rate": 2})", "rate"},
                                                                             {R"({"error": "X", "count": 0})", "count"},
                                                                             {R"({"error": "X", "status": 200})", "status"},
                                                                             {R"({"error": "X", "times": 3})", "times"},
                                                                             {R"({"latency": "soon"})", "latency"},
                                                                             {R"({"latency": {"p50": 1}})", "latency.p90"},
                                                                             {R"({"status": 500})", "error"},
                                                                             {"{}", "latency"},
                                                                             {"[1]", "object"}}) {
    TestExchange refused = request("POST", "faults", body);
    EXPECT_EQ(refused.status(), 400) << body;
    EXPECT_THAT(refused.answer, HasSubstr(names)) << body;
  }
  EXPECT_TRUE(server->faults.list().empty());
}

TEST_F(AdminTest, MetricsAreTextAndCoverageIsListed) {
  server->call("SendParcel", R"({"To": "Berlin"})");
  TestExchange metrics = request("GET", "metrics");
  EXPECT_EQ(metrics.response->headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.answer, HasSubstr("outcrop_calls_total{service=\"parcel\",operation=\"SendParcel\"} 1\n"));
  EXPECT_THAT(request("GET", "services").answer,
              HasSubstr(R"({"service":"parcel","apiVersion":"2026-01-31","implemented":5,"operations":5})"));
  EXPECT_THAT(request("GET", "services/parcel").answer, HasSubstr(R"({"operation":"SendParcel","implemented":true})"));
  EXPECT_EQ(request("GET", "services/pigeon").status(), 404);
}

TEST_F(AdminTest, ResetWithAnEmptyBodyErasesEverythingAndEndsFaults) {
  server->faults.add({.drop_connection = true});
  store::WriteBatch batch;
  batch.put(server->shards->at(2).account_prefix("parcel", "000000000000") + "x", "1");
  ASSERT_TRUE(server->test.run(server->test.store.write(std::move(batch))));
  EXPECT_EQ(request("POST", "reset").status(), 200);
  EXPECT_TRUE(server->faults.list().empty());
  auto left = server->test.run(server->test.store.scan(store::Range::prefix("s")));
  EXPECT_TRUE(left->empty());
}

TEST_F(AdminTest, ResetRefusesWhatIsNoAccount) { EXPECT_EQ(request("POST", "reset", "", "account=12").status(), 400); }

struct EnforcedAdminTest : AdminTest {
  RealClock clock;
  EnforcedAdminTest() {
    auto keys = auth::ConfiguredAccessKeys::from({.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}}});
    server = std::make_unique<TestServer>(std::vector<ThrottleLimit>(), std::make_unique<auth::Authenticator>(clock, std::move(*keys)));
  }
  int signed_status(std::string method, std::string path, bool from_afar, std::string query = "", std::string body = "") {
    net::RequestHead head = TestServer::head(std::move(method), "/_outcrop/" + path, std::move(query));
    if (from_afar) head.peer = {.address = "192.0.2.1", .port = 1, .is_loopback = false};
    auth::sign(head, {"AKIDEXAMPLE", "secret"}, "us-east-1", "outcrop", hex(sha256(body)), clock.wall());
    return server->serve(head, std::move(body)).status();
  }
};

TEST_F(EnforcedAdminTest, HealthIsPublicAndTheRestNeedsASignature) {
  EXPECT_EQ(request("GET", "health").status(), 200);
  EXPECT_EQ(request("GET", "metrics").status(), 403);
  EXPECT_EQ(request("POST", "reset").status(), 403);
  EXPECT_EQ(signed_status("GET", "metrics", true), 200);
}

TEST_F(EnforcedAdminTest, WhatConcernsEverybodyIsForLoopback) {
  EXPECT_EQ(signed_status("POST", "clock/advance", true, "", R"({"seconds": 1})"), 403);
  EXPECT_EQ(signed_status("POST", "clock/advance", false, "", R"({"seconds": 1})"), 200);
  EXPECT_EQ(signed_status("POST", "reset", true), 403);
  EXPECT_EQ(signed_status("POST", "reset", true, "account=444455556666"), 403);
  EXPECT_EQ(signed_status("POST", "reset", true, "account=111122223333"), 200);
  EXPECT_EQ(signed_status("POST", "reset", false), 200);
}

}  // namespace
}  // namespace outcrop
