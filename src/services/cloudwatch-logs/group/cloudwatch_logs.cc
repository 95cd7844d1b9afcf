#include "services/cloudwatch-logs/cloudwatch_logs.h"

#include <algorithm>

#include "gen/cloudwatch-logs/manifest.h"
#include "services/cloudwatch-logs/group/erasing.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "wire/record.h"
#include "wire/validate.h"

namespace outcrop::cloudwatch_logs {

CloudwatchLogs::CloudwatchLogs(World& world, Shards& shards, DurableTimers& timers) : world_(world), shards_(shards), timers_(timers) {
  timers_.on(sweep_timer_kind, [this](Shard& shard, const DurableTimer& timer) { return sweep(timers_, shard, timer); });
  timers_.on(erase_timer_kind, [this](Shard& shard, const DurableTimer& timer) { return erase_stream(timers_, shard, timer); });
}

Result<StoredGroup> CloudwatchLogs::decoded(GroupName name, std::string_view bytes) {
  auto record = wire::decode_record<GroupRecord>(bytes);
  if (!record) return fail(std::move(record.error()));
  const GroupKeys keys(shard_of(name), name.account, record->id);
  const int64_t kept_from = kept_from_ms(*record, world_.clock.wall());
  return StoredGroup{std::move(name), std::move(*record), keys, kept_from};
}

Task<Result<StoredGroup>> CloudwatchLogs::stored_group(GroupName name) {
  std::optional<std::string> bytes = co_await world_.store.get(group_key(shard_of(name), name));
  if (!bytes) co_return fail(no_such_group());
  co_return decoded(std::move(name), *bytes);
}

Task<Result<std::vector<StoredGroup>>> CloudwatchLogs::list_groups(const std::string& account, const std::string& region,
                                                                   std::string_view prefix, std::string_view after, size_t most,
                                                                   std::function<bool(std::string_view name)> wanted) {
  std::vector<StoredGroup> groups;
  for (uint32_t index = 0; index < shards_.count(); ++index) {
    Shard& shard = shards_.at(index);
    store::Range range = group_keys(shard, account, region, prefix);
    const size_t name_offset = range.begin.size() - prefix.size();
    if (!after.empty()) range.begin = std::max(range.begin, store::key_after(group_key(shard, {account, region, std::string(after)})));
    for (size_t found = 0; found < most;) {
      auto entries = co_await world_.store.scan(range, {.entries_max = std::max<size_t>(most, 100)});
      if (entries.empty()) break;
      for (const store::Entry& entry : entries) {
        std::string name = entry.key.substr(name_offset);
        if (found == most || !wanted(name)) continue;
        groups.push_back(co_await decoded({account, region, std::move(name)}, entry.value));
        ++found;
      }
      range.begin = store::key_after(entries.back().key);
    }
  }
  std::ranges::sort(groups, {}, [](const StoredGroup& group) -> const std::string& { return group.name.name; });
  if (groups.size() > most) groups.erase(groups.begin() + std::ptrdiff_t(most), groups.end());
  co_return groups;
}

Task<Result<void>> CloudwatchLogs::change_tags(GroupName name, std::function<Result<void>(wire::Map<std::string>& tags)> change) {
  co_return co_await keep(with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name);
    wire::Map<std::string> tags = found.group->record.tags;
    co_await change(tags);
    found.group->record.tags = std::move(tags);
    logs.store_group(name, *found.group);
    co_return {};
  }));
}

Task<Result<void>> CloudwatchLogs::append(Stream to, std::vector<Line> lines) {
  const GroupName name{std::move(to.account), std::move(to.region), std::move(to.group)};
  for (std::vector<NewEvent>& batch : batches_of(std::move(lines))) {
    const Instant now = world_.clock.wall();
    Accepted accepted;
    co_await with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
      const ShardLogs::Found found = co_await logs.find(name, to.stream);
      KnownGroup& group = found.group ? *found.group : logs.create_group(name, {});
      StreamRecord& stream = found.stream ? *found.stream : logs.create_stream(name, group, to.stream);
      accepted = accept(batch, group.record, now);
      logs.append(name, group, to.stream, stream, accepted.of(batch));
      co_return {};
    });
    tails_.tell({name, to.stream, accepted.of(batch), now});
  }
  co_return {};
}

Fault word_violations(const wire::Operation&, std::span<const wire::Violation> violations) {
  return invalid(wire::violations_text(violations));
}

}  // namespace outcrop::cloudwatch_logs
