// Service Quotas over two made-up services, on a store of its own that outlives the service, as a disk does.
#pragma once
#include <gtest/gtest.h>

#include "core/call.h"
#include "core/testing/test_world.h"
#include "gen/service-quotas/request_service_quota_increase.h"
#include "services/service-quotas/service_quotas.h"

namespace outcrop::service_quotas {

struct QuotaHarness : testing::Test {
  QuotaHarness() { start(); }

  // A server that starts on what is stored.
  void start() {
    service.reset();
    book.emplace();
    book->add("post", "Amazon Post", [] {
      return std::vector<Quota>{
          {.code = "L-2", .name = "Letters per day", .period = Quota::Period::day, .value = 100, .regions = {{"eu-west-1", 20}}},
          {.code = "L-3", .name = "Parcels per minute", .period = Quota::Period::minute, .value = 5, .offered_in = {"us-east-1"}},
          {.code = "L-1", .name = "Postboxes", .value = 3, .adjustable = false}};
    });
    book->add("rail", "Amazon Rail", [] { return std::vector<Quota>{{.code = "L-9", .name = "Trains", .value = 1}}; });
    service.emplace(world, *book);
    ASSERT_TRUE(test.run(service->ledger().start()));
  }

  Call call(std::string region = "us-east-1", std::string account = "111122223333") {
    Identity identity{.account = account};
    identity.arn = "arn:aws:iam::" + account + ":root";
    return {.world = world, .identity = std::move(identity), .region = std::move(region), .service = "service-quotas"};
  }
  // What an operation answers: run(get_service_quota, {…}).
  template <class Output, class Input>
  Result<Output> run(Task<Result<Output>> (*operation)(ServiceQuotas&, Call&, Input), std::type_identity_t<Input> input,
                     std::string region = "us-east-1", std::string account = "111122223333") {
    Call made = call(std::move(region), std::move(account));
    return test.run(operation(*service, made, std::move(input)));
  }
  Result<RequestServiceQuotaIncreaseOutput> increase(std::string quota_code, double value, std::string region = "us-east-1",
                                                     std::string account = "111122223333") {
    return run(request_service_quota_increase, {.service_code = "post", .quota_code = std::move(quota_code), .desired_value = value},
               std::move(region), std::move(account));
  }

  TestWorld test;
  std::unique_ptr<store::Store> disk =
      std::move(*store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity}));
  World world{test.clock, test.random, *disk, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  std::optional<QuotaBook> book;
  std::optional<ServiceQuotas> service;
};

// "NoSuchResourceException: …"
template <class T>
std::string refusal(const Result<T>& result) {
  return result ? "granted" : result.error().code + ": " + result.error().message;
}

}  // namespace outcrop::service_quotas
