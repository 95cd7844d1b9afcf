// Everything of core above a world, with the post office as the only service.
#pragma once
#include "auth/authenticator.h"
#include "core/admin.h"
#include "core/api_front.h"
#include "core/durable_timers.h"
#include "core/reset.h"
#include "core/router.h"
#include "core/testing/parcel.h"
#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"

namespace outcrop {

struct TestServer {
  explicit TestServer(std::vector<ThrottleLimit> throttles = {}, std::unique_ptr<auth::Authenticator> authenticator = nullptr)
      : admission(faults, std::move(throttles)), authenticator(std::move(authenticator)) {
    if (!this->authenticator) this->authenticator = std::make_unique<auth::Authenticator>(test.clock);
    parcel.directory = &directory;
    directory.add(parcel::model, parcel, {.throttled = {"TooManyParcels", 429, "Slow down."}, .body_bytes_max = 1000});
    api.emplace(test.world, directory, *this->authenticator, ApiFrontOptions{.extra_headers = {"X-Tenant"}});
    admin.emplace(parts(), AdminOptions{.version = "1.2.3", .web_guard = {}});
    router.emplace(*api);
    router->add(std::string(Admin::path_prefix), *admin);
  }
  ~TestServer() { test.run(shards->close()); }

  AdminParts parts() { return {test.world, directory, metrics, faults, reset, *authenticator, &test.clock}; }

  TestExchange serve(net::RequestHead head, std::string body = "") {
    TestExchange exchange(std::move(head), std::move(body));
    test.run(router->serve(exchange));
    return exchange;
  }
  static net::RequestHead head(std::string method, std::string path, std::string query = "") {
    return {.method = std::move(method),
            .path = std::move(path),
            .query = std::move(query),
            .host = "localhost:4566",
            .headers = {{"host", "localhost:4566"}},
            .peer = {.address = "127.0.0.1", .port = 40000, .is_loopback = true}};
  }
  // An awsJson call of the post office.
  TestExchange call(std::string operation, std::string body, std::string access_key = "test", net::Headers headers = {}) {
    net::RequestHead request = head("POST", "/");
    for (const net::Header& header : headers) request.headers.add(header.name, header.value);
    request.headers.add("x-amz-target", "Parcel_20260131." + operation);
    request.headers.add("content-type", "application/x-amz-json-1.0");
    request.headers.add("authorization",
                        "AWS4-HMAC-SHA256 Credential=" + access_key +
                            "/20270115/eu-central-1/parcel/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + std::string(64, '0'));
    return serve(std::move(request), std::move(body));
  }
  Call make_call() {
    return {.world = test.world, .identity = {.account = "111122223333"}, .region = "eu-central-1", .endpoint = "http://x"};
  }

  TestWorld test;
  std::unique_ptr<Shards> shards = test.run(Shards::open(test.world, 4)).value();
  Metrics metrics{2};
  FaultInjection faults{test.random};
  Admission admission;
  Directory directory{admission, metrics};
  parcel::Parcel parcel;
  Reset reset{test.world, *shards};
  std::unique_ptr<auth::Authenticator> authenticator;
  std::optional<ApiFront> api;
  std::optional<Admin> admin;
  std::optional<Router> router;
};

}  // namespace outcrop
