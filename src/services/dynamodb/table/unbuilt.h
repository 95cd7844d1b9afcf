// Parameters of CreateTable and UpdateTable that ask for what this server has not.
#pragma once
#include <fmt/format.h>

#include "base/result.h"
#include "gen/dynamodb/types.h"

namespace outcrop::dynamodb {

inline std::unexpected<Fault> not_built(std::string_view parameter, std::string_view what) {
  return fail("ValidationException", 400, fmt::format("{} asks for {}, which this server does not have.", parameter, what));
}

// What both operations have. Fault: ValidationException 400, which names the parameter.
template <class Input>
Result<void> refuse_unbuilt_in_both(const Input& input) {
  if (input.stream_specification && input.stream_specification->stream_enabled) return not_built("StreamSpecification", "DynamoDB Streams");
  if (input.sse_specification && input.sse_specification->kms_master_key_id)
    return not_built("SSESpecification.KMSMasterKeyId", "keys of AWS KMS");
  if (input.warm_throughput) return not_built("WarmThroughput", "warm throughput");
  if (input.on_demand_throughput) return not_built("OnDemandThroughput", "maximum throughput of on-demand tables");
  if (input.global_table_settings_replication_mode) return not_built("GlobalTableSettingsReplicationMode", "global tables");
  return {};
}

template <class Input>
Result<void> refuse_unbuilt(const Input& input) {
  if (auto refused = refuse_unbuilt_in_both(input); !refused) return refused;
  if constexpr (requires { input.replica_updates; }) {
    if (input.replica_updates) return not_built("ReplicaUpdates", "global tables");
    if (input.global_table_witness_updates) return not_built("GlobalTableWitnessUpdates", "global tables");
    if (input.multi_region_consistency) return not_built("MultiRegionConsistency", "global tables");
  }
  if constexpr (requires { input.resource_policy; }) {
    if (input.resource_policy) return not_built("ResourcePolicy", "resource policies of tables");
    if (input.global_table_source_arn) return not_built("GlobalTableSourceArn", "global tables");
  }
  return {};
}

}  // namespace outcrop::dynamodb
