// What callers say of a function's configuration, checked and put into its record. CreateFunction and UpdateFunctionConfiguration say the
// same things, in types of their own; what is not said stays as it is.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gen/lambda/types.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/wording.h"

namespace outcrop::lambda {

struct ConfigurationChange {
  std::optional<std::string> runtime, role, handler, description;
  std::optional<int32_t> timeout, memory_size;
  std::optional<VpcConfig> vpc_config;
  std::optional<Environment> environment;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<std::string> kms_key_arn;
  std::optional<TracingConfig> tracing_config;
  std::optional<EphemeralStorage> ephemeral_storage;
  std::optional<SnapStart> snap_start;
  std::optional<LoggingConfig> logging_config;
};

// Takes what the two inputs share out of one of them. Faults for what this server has not: InvalidParameterValueException 400 that names
// the parameter.
template <class Input>
Result<ConfigurationChange> take_configuration(Input& input) {
  if (input.layers && !input.layers->empty()) return fail(not_built("Layers", "there are no layers."));
  if (input.file_system_configs && !input.file_system_configs->empty())
    return fail(not_built("FileSystemConfigs", "functions have no file systems but their own."));
  if (input.image_config) return fail(not_built("ImageConfig", "functions do not run from container images."));
  if (input.capacity_provider_config) return fail(not_built("CapacityProviderConfig", "there are no capacity providers."));
  if (input.durable_config) return fail(not_built("DurableConfig", "there are no durable functions."));
  return ConfigurationChange{.runtime = std::move(input.runtime),
                             .role = std::move(input.role),
                             .handler = std::move(input.handler),
                             .description = std::move(input.description),
                             .timeout = input.timeout,
                             .memory_size = input.memory_size,
                             .vpc_config = std::move(input.vpc_config),
                             .environment = std::move(input.environment),
                             .dead_letter_config = std::move(input.dead_letter_config),
                             .kms_key_arn = std::move(input.kms_key_arn),
                             .tracing_config = std::move(input.tracing_config),
                             .ephemeral_storage = std::move(input.ephemeral_storage),
                             .snap_start = std::move(input.snap_start),
                             .logging_config = std::move(input.logging_config)};
}

// Of a function that was just made, before what its maker says.
VersionRecord fresh_version(const FunctionName& name);

// InvalidParameterValueException 400, in AWS's words where it has some.
Result<void> apply(const ConfigurationChange& change, VersionRecord& record);

}  // namespace outcrop::lambda
