#include "services/cloudwatch-logs/group/shard_logs.h"

#include <algorithm>

#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {

Task<Result<ShardLogs::Found>> ShardLogs::find(const GroupName& name, std::string_view stream) {
  for (bool is_read = false;;) {
    if (shard_.epoch() != epoch_) co_return fail(opened_again());
    Found found;
    if (auto group = groups_.find(name); group != groups_.end()) {
      found.group = &group->second;
      if (auto known = group->second.streams.find(stream); known != group->second.streams.end()) found.stream = &known->second;
    }
    if (is_read || (found.group && (stream.empty() || found.stream))) co_return found;
    make_room();
    const uint64_t generation = generation_;
    co_await read(name, stream);
    is_read = generation == generation_;
  }
}

Task<Result<ShardLogs::Found>> ShardLogs::get(const GroupName& name, std::string_view stream) {
  const Found found = co_await find(name, stream);
  if (!found.group) co_return fail(no_such_group());
  if (!stream.empty() && !found.stream) co_return fail(no_such_stream());
  co_return found;
}

// Nothing that is read goes into memory when memory forgot, made or erased something meanwhile.
Task<Result<void>> ShardLogs::read(const GroupName& name, std::string_view stream) {
  const uint64_t generation = generation_;
  co_await shard_.committed();  // what memory forgot may be in the open batch still
  std::optional<std::string> group, counters, stored_stream;
  group = co_await shard_.world().store.get(group_key(shard_, name));
  if (!group) co_return {};
  KnownGroup known{.record = co_await wire::decode_record<GroupRecord>(*group)};
  const GroupKeys keys = keys_of(name, known);
  counters = co_await shard_.world().store.get(keys.counters());
  if (counters) known.counters = co_await wire::decode_record<GroupCounters>(*counters);
  StreamRecord stream_record;
  if (!stream.empty()) stored_stream = co_await shard_.world().store.get(keys.stream(stream));
  if (stored_stream) stream_record = co_await wire::decode_record<StreamRecord>(*stored_stream);
  if (generation != generation_ || shard_.epoch() != epoch_) co_return {};
  auto [place, is_new] = groups_.try_emplace(name, std::move(known));
  entries_ += is_new;
  if (stored_stream) entries_ += place->second.streams.try_emplace(std::string(stream), std::move(stream_record)).second;
  co_return {};
}

void ShardLogs::make_room() {
  if (entries_ < limits::known_entries_max) return;
  groups_.clear();
  entries_ = 0;
  ++generation_;
}

std::string ShardLogs::new_id() {
  std::string id(8, '\0');
  shard_.world().random.fill(std::as_writable_bytes(std::span(id)));
  return id;
}

KnownGroup& ShardLogs::create_group(const GroupName& name, GroupRecord record) {
  ++generation_;
  ++entries_;
  record.id = new_id();
  record.created = shard_.world().clock.wall();
  KnownGroup& group = groups_[name] = KnownGroup{.record = std::move(record)};
  store_group(name, group);
  return group;
}

StreamRecord& ShardLogs::create_stream(const GroupName& name, KnownGroup& group, std::string_view stream_name) {
  ++generation_;
  ++entries_;
  StreamRecord& stream = group.streams[std::string(stream_name)];
  stream.id = new_id();
  stream.created = shard_.world().clock.wall();
  const GroupKeys keys = keys_of(name, group);
  shard_.batch().put(keys.stream(stream_name), wire::encode_record(stream));
  shard_.batch().put(keys.stream_name(stream.id), stream_name);
  return stream;
}

void ShardLogs::store_group(const GroupName& name, const KnownGroup& group) {
  shard_.batch().put(group_key(shard_, name), wire::encode_record(group.record));
}

void ShardLogs::store_counters(const GroupName& name, const KnownGroup& group) {
  shard_.batch().put(keys_of(name, group).counters(), wire::encode_record(group.counters));
}

void ShardLogs::append(const GroupName& name, KnownGroup& group, std::string_view stream_name, StreamRecord& stream,
                       std::span<const NewEvent> events) {
  if (events.empty()) return;
  const GroupKeys keys = keys_of(name, group);
  const Instant now = shard_.world().clock.wall();
  for (const NewEvent& event : events) {
    const Position at{ms_since_epoch(event.at), uint64_t(group.counters.next_sequence++)};
    const size_t bytes = event.message.size() + limits::event_overhead_bytes;
    group.counters.stored_bytes += int64_t(bytes);
    shard_.batch().put(keys.event(at), wire::encode_record(EventRecord{stream.id, now, event.message}));
    shard_.batch().put(keys.of_stream(stream.id, at), store::KeyWriter().u32(uint32_t(bytes)).str());
    stream.first_event = std::min(stream.first_event.value_or(event.at), event.at);
    stream.last_event = std::max(stream.last_event.value_or(event.at), event.at);
  }
  stream.last_ingestion = now;
  shard_.batch().put(keys.stream(stream_name), wire::encode_record(stream));
  store_counters(name, group);
}

void ShardLogs::delete_group(const GroupName& name, const KnownGroup& group) {
  ++generation_;
  entries_ -= 1 + group.streams.size();
  shard_.batch().erase(group_key(shard_, name));
  shard_.batch().erase_range(keys_of(name, group).everything());
  groups_.erase(name);
}

void ShardLogs::delete_stream(const GroupName& name, KnownGroup& group, std::string_view stream_name) {
  ++generation_;
  --entries_;
  const GroupKeys keys = keys_of(name, group);
  auto stream = group.streams.find(stream_name);
  shard_.batch().erase(keys.stream(stream_name));
  shard_.batch().erase(keys.stream_name(stream->second.id));
  group.streams.erase(stream);
}

}  // namespace outcrop::cloudwatch_logs
