// Functions in a service, and what its operations do to them, for tests.
#pragma once
#include <filesystem>

#include "gen/lambda/create_alias.h"
#include "gen/lambda/delete_alias.h"
#include "gen/lambda/delete_function.h"
#include "gen/lambda/get_alias.h"
#include "gen/lambda/list_aliases.h"
#include "gen/lambda/list_functions.h"
#include "gen/lambda/list_versions_by_function.h"
#include "gen/lambda/publish_version.h"
#include "gen/lambda/update_alias.h"
#include "gen/lambda/update_function_code.h"
#include "gen/lambda/update_function_configuration.h"
#include "services/lambda/function/states.h"
#include "services/lambda/testing/lambda_harness.h"
#include "wire/record.h"

namespace outcrop::lambda {

struct FunctionLife : LambdaHarness {
  Result<UpdateFunctionCodeOutput> update_code(std::string package, UpdateFunctionCodeInput input = {}) {
    if (input.function_name.empty()) input.function_name = "orders";
    input.zip_file = std::move(package);
    return run(update_function_code(*lambda, call, std::move(input)));
  }
  Result<UpdateFunctionConfigurationOutput> configure(UpdateFunctionConfigurationInput input) {
    input.function_name = "orders";
    return run(update_function_configuration(*lambda, call, std::move(input)));
  }
  Result<PublishVersionOutput> publish(PublishVersionInput input = {}) {
    input.function_name = "orders";
    return run(publish_version(*lambda, call, std::move(input)));
  }
  Result<DeleteFunctionOutput> erase(std::string name, std::optional<std::string> qualifier = {}) {
    return run(delete_function(*lambda, call, {.function_name = std::move(name), .qualifier = std::move(qualifier)}));
  }
  Result<CreateAliasOutput> alias(std::string name, std::string version, std::optional<wire::Map<double>> weights = {}) {
    CreateAliasInput input{.function_name = "orders", .name = std::move(name), .function_version = std::move(version)};
    if (weights) input.routing_config = AliasRoutingConfiguration{.additional_version_weights = std::move(weights)};
    return run(create_alias(*lambda, call, std::move(input)));
  }
  std::vector<std::string> versions() {
    std::vector<std::string> numbers;
    const auto listed = run(list_versions_by_function(*lambda, call, {.function_name = "orders"}));
    for (const FunctionConfiguration& version : *listed->versions) numbers.push_back(*version.version);
    return numbers;
  }
  Result<Runnable> runnable(std::optional<std::string> qualifier = {}) {
    return run(lambda->functions().runnable(named("orders", std::move(qualifier))));
  }
  // As a server leaves the function that is killed amid a change.
  void leave(void (*begin)(VersionRecord&)) {
    const FunctionKeys keys(place_of(call));
    VersionRecord record = *run(lambda->functions().version(place_of(call), "orders", latest)).value();
    begin(record);
    store::WriteBatch batch;
    batch.put(keys.version("orders", latest), wire::encode_record(record));
    batch.put(keys.unsettled("orders", latest), "");
    ASSERT_TRUE(run(store->write(std::move(batch))));
  }
  size_t folders() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path + "/functions")) count += entry.is_directory() ? 1 : 0;
    return count;
  }
  bool has_folders(size_t wanted) {
    for (int turns = 0; turns < 10'000 && folders() != wanted; ++turns) run(world.pool.run([] { return true; }));
    return folders() == wanted;
  }
};

}  // namespace outcrop::lambda
