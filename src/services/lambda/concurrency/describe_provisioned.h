// Provisioned concurrency as its owner is shown it, in the outputs of three operations.
#pragma once
#include <string>

#include "base/time.h"
#include "services/lambda/concurrency/provisioned_concurrency.h"

namespace outcrop::lambda {

// What of an output it fills in: of PutProvisionedConcurrencyConfig, GetProvisionedConcurrencyConfig, and of an entry of the list.
template <class Output>
void describe_provisioned(const ProvisionedConcurrency::Provisioned& provisioned, Output& output) {
  using Status = runner::ProvisionedState::Status;
  output.requested_provisioned_concurrent_executions = provisioned.record.requested;
  output.available_provisioned_concurrent_executions = int32_t(provisioned.state.available);
  output.allocated_provisioned_concurrent_executions = int32_t(provisioned.state.allocated);
  output.status = provisioned.state.status == Status::ready    ? "READY"
                  : provisioned.state.status == Status::failed ? "FAILED"
                                                               : "IN_PROGRESS";
  if (provisioned.state.status == Status::failed) output.status_reason = provisioned.state.reason;
  std::string modified = iso8601(provisioned.record.modified_at);
  modified.replace(modified.find('Z'), 1, "+0000");
  output.last_modified = std::move(modified);
}

}  // namespace outcrop::lambda
