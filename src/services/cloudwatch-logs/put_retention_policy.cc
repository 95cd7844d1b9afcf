#include "gen/cloudwatch-logs/put_retention_policy.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/erasing.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

namespace {

// API, PutRetentionPolicy.
constexpr int32_t retention_days_allowed[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                              365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

}  // namespace

// From now on the group keeps its events for that many days; older ones are gone for readers at once.
Task<Result<PutRetentionPolicyOutput>> put_retention_policy(CloudwatchLogs& service, Call& call, PutRetentionPolicyInput input) {
  if (!std::ranges::binary_search(retention_days_allowed, input.retention_in_days))
    co_return fail(
        invalid(fmt::format("1 validation error detected: Value '{}' at 'retentionInDays' failed to satisfy constraint: Member must "
                            "satisfy enum value set: [{}]",
                            input.retention_in_days, fmt::join(retention_days_allowed, ", "))));
  const GroupName name = group_of(call, std::move(input.log_group_name));
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name);
    found.group->record.retention_days = input.retention_in_days;
    plan_sweep(service.timers(), logs.shard(), name, found.group->record);
    logs.store_group(name, *found.group);
    co_return {};
  });
  co_return PutRetentionPolicyOutput();
}

}  // namespace outcrop::cloudwatch_logs
