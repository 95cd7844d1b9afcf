// What authentication costs a request: verification with a known and with a new signing key, signing, and open mode.
#include <benchmark/benchmark.h>

#include "auth/authenticator.h"
#include "auth/authorization_header.h"
#include "auth/policy.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace {

using namespace outcrop;

constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

class StandingClock final : public Clock {
 public:
  Instant wall() const override { return instant_from_ms(1'795'374'812'000); }
  Instant real_wall() const override { return wall(); }
  SteadyTime steady() const override { return {}; }
};

// What the AWS SDK for JavaScript sends for SendMessage.
net::RequestHead sdk_request(const std::string& body) {
  net::RequestHead head;
  head.method = "POST", head.path = "/", head.host = "localhost:4566";
  head.headers = {{"content-type", "application/x-amz-json-1.0"},
                  {"x-amz-target", "AmazonSQS.SendMessage"},
                  {"x-amzn-query-mode", "true"},
                  {"x-amz-user-agent", "aws-sdk-js/3.1138.0"},
                  {"user-agent", "aws-sdk-js/3.1138.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2 api/sqs#3.1138.0"},
                  {"host", "localhost:4566"},
                  {"amz-sdk-invocation-id", "f9a1e8a0-3f0a-4bbb-9b1e-0c9a6ad9c1b7"},
                  {"amz-sdk-request", "attempt=1; max=3"},
                  {"content-length", std::to_string(body.size())},
                  {"x-amz-content-sha256", hex(sha256(body))},
                  {"connection", "keep-alive"}};
  auth::sign(head, {"AKIAIOSFODNN7EXAMPLE", std::string(secret)}, "us-east-1", "sqs", hex(sha256(body)), StandingClock().wall());
  return head;
}

auth::Authenticator enforcing(const Clock& clock) {
  auth::CredentialsConfig config;
  config.keys = {{"AKIAIOSFODNN7EXAMPLE", std::string(secret), "111122223333"}};
  return {clock, std::move(*auth::ConfiguredAccessKeys::from(config))};
}

void authenticate(benchmark::State& state, auth::Authenticator& authenticator, size_t body_bytes) {
  std::string body(body_bytes, 'x');
  net::RequestHead head = sdk_request(body);
  auto body_hash = [&] { return hex(sha256(body)); };
  for (auto _ : state) {
    auto caller = authenticator.authenticate(head, body_hash, {"sqs", auth::Dialect::query_compatible_json});
    check(caller.has_value(), "the benchmark's request was refused");
    benchmark::DoNotOptimize(caller);
  }
}

void verify(benchmark::State& state) {
  StandingClock clock;
  auth::Authenticator authenticator = enforcing(clock);
  authenticate(state, authenticator, size_t(state.range(0)));
}
BENCHMARK(verify)->ArgName("body")->Arg(0)->Arg(1024)->Arg(65536);

void verify_with_a_new_key(benchmark::State& state) {
  StandingClock clock;
  std::string body = "{}";
  net::RequestHead head = sdk_request(body);
  auth::Expectation expected{"sqs", auth::Dialect::query_compatible_json, clock.wall()};
  auto request = auth::parse_sigv4_header(head, expected.dialect);
  check(request.has_value(), "the benchmark's request cannot be read");
  for (auto _ : state) {
    auth::SigningKeyCache keys;
    check(auth::check_signature(head, *request, secret, expected, [&] { return hex(sha256(body)); }, keys).has_value(), "refused");
  }
}
BENCHMARK(verify_with_a_new_key);

void open_mode(benchmark::State& state) {
  StandingClock clock;
  auth::Authenticator authenticator(clock);
  authenticate(state, authenticator, 1024);
}
BENCHMARK(open_mode);

void sign_request(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sdk_request("{}"));
}
BENCHMARK(sign_request);

void evaluate_queue_policy(benchmark::State& state) {
  auto policy = auth::parse_policy(
      R"({"Version":"2012-10-17","Statement":[
        {"Sid":"tls","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}},
        {"Sid":"topic","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",
         "Resource":"arn:aws:sqs:us-east-1:111122223333:orders","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:111122223333:*"}}}]})",
      auth::PolicyKind::resource);
  check(policy.has_value(), "the benchmark's policy cannot be read");
  Identity topic{Identity::Kind::service, "", "sns.amazonaws.com", "", ""};
  for (auto _ : state) {
    auth::PolicyContext context = auth::context_of(topic, {"", "", "us-east-1", true, StandingClock().wall()});
    context.set("aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:news");
    auth::AccessRequest request{topic, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:orders", "111122223333", context};
    check(auth::authorize(request, {}, &*policy).is_allowed(), "the benchmark's request was denied");
  }
}
BENCHMARK(evaluate_queue_policy);

}  // namespace

BENCHMARK_MAIN();
