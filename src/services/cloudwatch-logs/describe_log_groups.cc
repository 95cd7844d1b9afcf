#include "gen/cloudwatch-logs/describe_log_groups.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {

namespace {

Result<void> check_combination(const Call& call, const DescribeLogGroupsInput& input) {
  if (input.log_group_name_prefix && input.log_group_name_pattern)
    return fail(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
  if (input.log_group_identifiers && (input.log_group_name_prefix || input.log_group_name_pattern))
    return fail(invalid("logGroupIdentifiers cannot be combined with logGroupNamePrefix or logGroupNamePattern."));
  for (const std::string& account : input.account_identifiers.value_or(std::vector<std::string>()))
    if (account != call.account()) return fail(invalid("Log groups of other accounts cannot be listed."));
  return {};
}

Result<std::set<std::string>> names_of(const Call& call, const DescribeLogGroupsInput& input) {
  std::set<std::string> names;
  for (const std::string& identifier : input.log_group_identifiers.value_or(std::vector<std::string>())) {
    auto group = group_of_identifier(call, identifier);
    if (!group) return fail(std::move(group.error()));
    names.insert(std::move(group->name));
  }
  return names;
}

Task<Result<LogGroup>> shown_group(store::Store& store, const StoredGroup& group) {
  GroupCounters counters;
  if (const std::optional<std::string> stored = co_await store.get(group.keys.counters()))
    counters = co_await wire::decode_record<GroupCounters>(*stored);
  co_return LogGroup{.log_group_name = group.name.name,
                     .creation_time = ms_since_epoch(group.record.created),
                     .retention_in_days = group.record.retention_days,
                     .metric_filter_count = 0,
                     .arn = group.name.arn() + ":*",
                     .stored_bytes = counters.stored_bytes,
                     .log_group_class = "STANDARD",
                     .log_group_arn = group.name.arn(),
                     .deletion_protection_enabled = group.record.deletion_protected};
}

}  // namespace

// The groups of the account in the Region, by name.
Task<Result<DescribeLogGroupsOutput>> describe_log_groups(CloudwatchLogs& service, Call& call, DescribeLogGroupsInput input) {
  co_await check_combination(call, input);
  DescribeLogGroupsOutput output{.log_groups = std::vector<LogGroup>()};
  if (input.log_group_class.value_or("STANDARD") != "STANDARD") co_return output;  // there are none of another class
  const std::set<std::string> names = co_await names_of(call, input);
  auto wanted = [&](std::string_view name) {
    if (input.log_group_identifiers) return names.contains(std::string(name));
    return name.find(input.log_group_name_pattern.value_or("")) != name.npos;
  };
  std::string after;
  if (input.next_token) {
    const std::optional<std::string> name = unbase64url(*input.next_token);
    if (!name || name->empty()) co_return fail(invalid_token());
    after = *name;
  }
  const size_t most = size_t(input.limit.value_or(int32_t(limits::describe_default)));
  auto groups =
      co_await service.list_groups(call.account(), call.region, input.log_group_name_prefix.value_or(""), after, most + 1, wanted);
  if (groups.size() > most) {
    groups.pop_back();
    output.next_token = base64url(groups.back().name.name);
  }
  for (const StoredGroup& group : groups) output.log_groups->push_back(co_await shown_group(call.world.store, group));
  co_return output;
}

}  // namespace outcrop::cloudwatch_logs
