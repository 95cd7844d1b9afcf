// The control plane over a store in memory, called as the directory calls it.
#pragma once
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "gen/bedrock/create_inference_profile.h"
#include "services/bedrock/bedrock.h"

namespace outcrop::bedrock {

struct BedrockHarness : ::testing::Test {
  template <class T>
  T run(Task<T> task) {
    return test.run(std::move(task));
  }

  Call call_from(std::string region, std::string account = "111122223333") {
    return {.world = world, .identity = {.account = std::move(account)}, .region = std::move(region), .service = "bedrock"};
  }

  Result<std::string> create(std::string name, std::string copy_from = std::string(nova_lite), std::optional<std::string> token = {}) {
    return create_in(call, std::move(name), std::move(copy_from), std::move(token));
  }
  // Gives the ARN.
  Result<std::string> create_in(Call& where, std::string name, std::string copy_from, std::optional<std::string> token = {}) {
    CreateInferenceProfileInput input{.inference_profile_name = std::move(name), .client_request_token = std::move(token)};
    input.model_source.copy_from = std::move(copy_from);
    auto output = run(create_inference_profile(bedrock, where, std::move(input)));
    if (!output) return fail(std::move(output.error()));
    return output->inference_profile_arn;
  }

  static std::string id_in(const std::string& arn) { return arn.substr(arn.find('/') + 1); }

  static constexpr std::string_view nova_lite = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
  static constexpr std::string_view us_nova_lite = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0";

  TestWorld test;
  std::unique_ptr<store::Store> store =
      *store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity});
  World world{test.clock, test.random, *store, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  inference::Catalog catalog;
  Bedrock bedrock{world, catalog};
  Call call = call_from("us-east-1");
};

// "404 ResourceNotFoundException".
template <class T>
std::string refusal_of(const Result<T>& result) {
  if (result) return "no refusal";
  return std::to_string(result.error().status) + " " + result.error().code;
}

}  // namespace outcrop::bedrock
