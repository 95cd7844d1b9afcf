#include "services/lambda/function/configuration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "json/writer.h"
#include "services/lambda/function/limits.h"

namespace outcrop::lambda {

namespace {

// What the platform sets itself (Lambda Developer Guide, "Defined runtime environment variables": reserved).
constexpr std::string_view reserved_variables[] = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
};

constexpr std::string_view json_format = "JSON", default_level = "INFO";

std::string variables_json(const wire::Map<std::string>& variables) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  for (const auto& [name, value] : variables) {
    writer.name(name);
    writer.string(value);
  }
  writer.end_object();
  return text;
}

Result<void> check_variables(const wire::Map<std::string>& variables) {
  std::vector<std::string_view> reserved;
  for (const auto& [name, value] : variables) {
    if (std::ranges::find(reserved_variables, name) != std::end(reserved_variables)) reserved.push_back(name);
  }
  if (!reserved.empty())
    return fail(invalid_parameter_value_exception(fmt::format(
        "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved "
        "keys that are currently not supported for modification. Reserved keys used in this request: {}",
        fmt::join(reserved, ", "))));
  const std::string measured = variables_json(variables);
  if (measured.size() <= limits::environment_bytes_max) return {};
  return fail(invalid_parameter_value_exception(fmt::format(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB "
      "limit. String measured: {}",
      measured)));
}

Result<void> apply_environment(const Environment& environment, VersionRecord& record) {
  const wire::Map<std::string> variables = environment.variables.value_or(wire::Map<std::string>());
  if (auto usable = check_variables(variables); !usable) return usable;
  record.environment = variables;
  return {};
}

// There are no VPCs, so that nothing in them exists: AWS's words for that.
Result<void> apply_vpc(const VpcConfig& vpc, VersionRecord& record) {
  if (vpc.security_group_ids && !vpc.security_group_ids->empty())
    return fail(invalid_parameter_value_exception(
        fmt::format("Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security "
                    "group '{}' does not exist",
                    vpc.security_group_ids->front())));
  if (vpc.subnet_ids && !vpc.subnet_ids->empty())
    return fail(invalid_parameter_value_exception(
        fmt::format("Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID "
                    "'{}' does not exist",
                    vpc.subnet_ids->front())));
  record.has_empty_vpc = true;
  return {};
}

Result<void> apply_dead_letters(const DeadLetterConfig& config, VersionRecord& record) {
  const std::string target = config.target_arn.value_or("");
  record.dead_letter_target = target.empty() ? std::nullopt : std::optional(target);
  return {};
}

// Levels belong to the JSON format: they begin with it, at INFO, and go with it.
Result<void> apply_logging(const LoggingConfig& config, VersionRecord& record) {
  LoggingRecord& logging = record.logging;
  if (config.log_format) logging.format = *config.log_format;
  if (config.log_group) logging.group = *config.log_group;
  if (logging.format != json_format) {
    if (config.application_log_level || config.system_log_level)
      return fail(invalid_parameter_value_exception("Log levels can only be set for functions whose LogFormat is JSON."));
    logging.application_level = logging.system_level = std::nullopt;
    return {};
  }
  if (config.application_log_level) logging.application_level = config.application_log_level;
  if (config.system_log_level) logging.system_level = config.system_log_level;
  if (!logging.application_level) logging.application_level = default_level;
  if (!logging.system_level) logging.system_level = default_level;
  return {};
}

Result<void> apply_memory(int32_t memory_mb, VersionRecord& record) {
  if (memory_mb > limits::memory_mb_max)
    return fail(invalid_parameter_value_exception(fmt::format(
        "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to {}", limits::memory_mb_max)));
  record.memory_mb = memory_mb;
  return {};
}

}  // namespace

VersionRecord fresh_version(const FunctionName& name) {
  VersionRecord record;
  record.timeout_seconds = limits::timeout_s_default;
  record.memory_mb = limits::memory_mb_default;
  record.temporary_mb = limits::temporary_mb_default;
  record.tracing_mode = "PassThrough";
  record.architectures = {"x86_64"};
  record.logging = {.format = "Text", .group = "/aws/lambda/" + name.name};
  return record;
}

Result<void> apply(const ConfigurationChange& change, VersionRecord& record) {
  if (change.runtime) record.runtime = *change.runtime;
  if (change.role) record.role = *change.role;
  if (change.handler) record.handler = change.handler;
  if (change.description) record.description = *change.description;
  if (change.timeout) record.timeout_seconds = *change.timeout;
  if (change.kms_key_arn) record.kms_key_arn = change.kms_key_arn->empty() ? std::nullopt : change.kms_key_arn;
  if (change.tracing_config && change.tracing_config->mode) record.tracing_mode = *change.tracing_config->mode;
  if (change.snap_start) record.snap_start = change.snap_start->apply_on;
  if (change.ephemeral_storage) record.temporary_mb = change.ephemeral_storage->size;
  Result<void> applied;
  if (change.memory_size) applied = apply_memory(*change.memory_size, record);
  if (applied && change.environment) applied = apply_environment(*change.environment, record);
  if (applied && change.vpc_config) applied = apply_vpc(*change.vpc_config, record);
  if (applied && change.dead_letter_config) applied = apply_dead_letters(*change.dead_letter_config, record);
  if (applied && change.logging_config) applied = apply_logging(*change.logging_config, record);
  return applied;
}

}  // namespace outcrop::lambda
