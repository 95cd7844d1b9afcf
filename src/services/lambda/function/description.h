// How versions are told to callers. The outputs of several operations have the members of FunctionConfiguration, each as a type of its
// own, hence the template.
#pragma once
#include <string>

#include "base/encoding.h"
#include "gen/lambda/types.h"
#include "services/lambda/function/functions.h"

namespace outcrop::lambda {

// "2026-11-26T18:30:00.000+0000", as AWS writes LastModified.
std::string last_modified_text(Instant at);
// What stands for the runtime's version: the same as long as the runtime is.
std::string runtime_version_arn(const Place& place, std::string_view runtime);
LoggingConfig described(const LoggingRecord& record);

// What lists tell: neither the state nor the runtime's version. `arn` is the one that the caller's qualifier makes.
template <class Configuration>
Configuration describe_listed(const FunctionName& name, std::string arn, const StoredVersion& stored) {
  const VersionRecord& record = stored.record;
  Configuration told;
  told.function_name = name.name;
  told.function_arn = std::move(arn);
  told.runtime = record.runtime;
  told.role = record.role;
  told.handler = record.handler;
  told.code_size = record.code.bytes;
  told.description = record.description;
  told.timeout = record.timeout_seconds;
  told.memory_size = record.memory_mb;
  told.last_modified = last_modified_text(record.modified_at);
  told.code_sha256 = base64(unhex(record.code.sha256).value_or(""));
  told.version = stored.version;
  if (record.has_empty_vpc.value_or(false))
    told.vpc_config = VpcConfigResponse{.subnet_ids = std::vector<std::string>(),
                                        .security_group_ids = std::vector<std::string>(),
                                        .vpc_id = "",
                                        .ipv6_allowed_for_dual_stack = false};
  if (record.dead_letter_target) told.dead_letter_config = DeadLetterConfig{.target_arn = record.dead_letter_target};
  if (record.environment) told.environment = EnvironmentResponse{.variables = record.environment};
  told.kms_key_arn = record.kms_key_arn;
  told.tracing_config = TracingConfigResponse{.mode = record.tracing_mode};
  told.revision_id = record.revision_id;
  told.package_type = "Zip";
  told.architectures = record.architectures;
  told.ephemeral_storage = EphemeralStorage{.size = record.temporary_mb};
  told.snap_start = SnapStartResponse{.apply_on = record.snap_start.value_or("None"), .optimization_status = "Off"};
  told.logging_config = described(record.logging);
  return told;
}

template <class Configuration>
Configuration describe(const FunctionName& name, std::string arn, const StoredVersion& stored) {
  const VersionRecord& record = stored.record;
  auto told = describe_listed<Configuration>(name, std::move(arn), stored);
  told.state = record.state;
  told.state_reason = record.state_reason;
  told.state_reason_code = record.state_reason_code;
  told.last_update_status = record.last_update;
  told.last_update_status_reason = record.last_update_reason;
  told.last_update_status_reason_code = record.last_update_reason_code;
  told.runtime_version_config = RuntimeVersionConfig{.runtime_version_arn = runtime_version_arn(name.place, record.runtime)};
  return told;
}

}  // namespace outcrop::lambda
