#include "services/cloudwatch-logs/group/erasing.h"

#include "base/encoding.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::cloudwatch_logs {
namespace {

constexpr Position end_of_time{INT64_MAX, UINT64_MAX};

DurableTimer sweep_timer(const GroupName& name, const GroupRecord& record) {
  return {.due = *record.next_sweep,
          .kind = std::string(sweep_timer_kind),
          .account = name.account,
          .id = hex(record.id),
          .payload = wire::encode_record(PendingErasure{name.region, name.name, record.id})};
}

// Of a shard: one erasure at a time.
struct Erasures {
  explicit Erasures(Shard&) {}

  bool running = false;
};

class Turn {
 public:
  // None while another erasure runs. Nobody waits for it: that would keep other timers of the shard waiting, too.
  static std::optional<Turn> take(Shard& shard) {
    auto erasures = shard.memory<Erasures>();
    if (erasures->running) return std::nullopt;
    return Turn(std::move(erasures));
  }
  Turn(Turn&&) = default;
  ~Turn() {
    if (erasures_) erasures_->running = false;
  }

 private:
  explicit Turn(std::shared_ptr<Erasures> erasures) : erasures_(std::move(erasures)) { erasures_->running = true; }

  std::shared_ptr<Erasures> erasures_;
};

// The rest waits for the next start: its timer stays.
Result<void> check_not_draining(Shard& shard) {
  if (!shard.world().draining.stop_requested()) return {};
  return fail("ServiceUnavailableException", 503, "The server ends.");
}

// What an erasure is about.
struct Target {
  GroupName name;
  std::string group_id, stream_id;
};

Result<Target> target_of(const DurableTimer& timer) {
  auto pending = wire::decode_record<PendingErasure>(timer.payload);
  if (!pending) return fail(std::move(pending.error()));
  return Target{{timer.account, pending->region, pending->group}, pending->group_id, pending->stream_id.value_or("")};
}

// Null when the group has gone, even if another has its name.
Task<Result<KnownGroup*>> group_of(ShardLogs& logs, const Target& target) {
  const ShardLogs::Found found = co_await logs.find(target.name);
  co_return found.group&& found.group->record.id == target.group_id ? found.group : nullptr;
}

struct Ended {
  Position at;
  std::string stream_id;
  int64_t bytes;
};

// Erases these events; false when their group is no more.
Task<Result<bool>> erase(ShardLogs& logs, const Target& target, const std::vector<Ended>& events) {
  KnownGroup* group = co_await group_of(logs, target);
  if (!group) co_return false;
  const GroupKeys keys = logs.keys_of(target.name, *group);
  store::WriteBatch& batch = logs.shard().batch();
  for (const Ended& event : events) {
    batch.erase(keys.event(event.at));
    batch.erase(keys.of_stream(event.stream_id, event.at));
    group->counters.stored_bytes -= event.bytes;
  }
  logs.store_counters(target.name, *group);
  co_await logs.shard().committed();
  co_return true;
}

Task<Result<std::vector<Ended>>> read_expired(Shard& shard, const GroupKeys& keys, int64_t kept_from) {
  const auto entries = co_await shard.world().store.scan(keys.events({}, {kept_from, 0}), {.entries_max = limits::erased_at_once_max});
  std::vector<Ended> events;
  for (const store::Entry& entry : entries) {
    EventRecord record = co_await wire::decode_record<EventRecord>(entry.value);
    const size_t bytes = record.message.size() + limits::event_overhead_bytes;
    events.push_back({GroupKeys::position_of(entry.key), std::move(record.stream_id), int64_t(bytes)});
  }
  co_return events;
}

Task<Result<std::vector<Ended>>> read_stream(Shard& shard, const GroupKeys& keys, const std::string& stream_id) {
  const auto entries =
      co_await shard.world().store.scan(keys.of_stream(stream_id, {}, end_of_time), {.entries_max = limits::erased_at_once_max});
  std::vector<Ended> events;
  for (const store::Entry& entry : entries) {
    const uint32_t bytes = store::KeyReader(entry.value).u32().value_or(0);
    events.push_back({GroupKeys::position_of(entry.key), stream_id, bytes});
  }
  co_return events;
}

}  // namespace

int64_t kept_from_ms(const GroupRecord& record, Instant now) {
  if (!record.retention_days) return 0;
  return ms_since_epoch(now - std::chrono::days(*record.retention_days));
}

void plan_sweep(DurableTimers& timers, Shard& shard, const GroupName& name, GroupRecord& record, Milliseconds after) {
  if (!record.retention_days || record.next_sweep) return;
  record.next_sweep = shard.world().clock.wall() + after;
  timers.set(shard, sweep_timer(name, record));
}

void cancel_sweep(DurableTimers& timers, Shard& shard, const GroupName& name, const GroupRecord& record) {
  if (record.next_sweep) timers.cancel(shard, *record.next_sweep, sweep_timer_kind, name.account, hex(record.id));
}

Task<Result<void>> sweep(DurableTimers& timers, Shard& shard, const DurableTimer& timer) {
  const Target target = co_await target_of(timer);
  auto logs = shard.memory<ShardLogs>();
  const std::optional<Turn> turn = Turn::take(shard);
  for (; turn;) {
    if (Result<void> going_on = check_not_draining(shard); !going_on) co_return going_on;
    KnownGroup* group = co_await group_of(*logs, target);
    if (!group) co_return {};
    const auto expired =
        co_await read_expired(shard, logs->keys_of(target.name, *group), kept_from_ms(group->record, shard.world().clock.wall()));
    if (expired.empty()) break;
    if (!co_await erase(*logs, target, expired)) co_return {};
  }
  KnownGroup* group = co_await group_of(*logs, target);
  // Another one was planned meanwhile when the retention was taken back and given anew.
  if (!group || group->record.next_sweep != timer.due) co_return {};
  group->record.next_sweep.reset();
  plan_sweep(timers, shard, target.name, group->record, turn ? limits::sweep_interval : limits::erasure_pause);
  logs->store_group(target.name, *group);
  co_return {};
}

void plan_erasure(DurableTimers& timers, Shard& shard, const GroupName& name, const GroupRecord& record, const StreamRecord& stream) {
  timers.set(shard, {.due = shard.world().clock.wall(),
                     .kind = std::string(erase_timer_kind),
                     .account = name.account,
                     .id = hex(stream.id),
                     .payload = wire::encode_record(PendingErasure{name.region, name.name, record.id, stream.id})});
}

Task<Result<void>> erase_stream(DurableTimers& timers, Shard& shard, const DurableTimer& timer) {
  const Target target = co_await target_of(timer);
  auto logs = shard.memory<ShardLogs>();
  const std::optional<Turn> turn = Turn::take(shard);
  if (!turn) {
    DurableTimer later = timer;
    later.due = shard.world().clock.wall() + limits::erasure_pause;
    timers.set(shard, std::move(later));
    co_return {};
  }
  for (;;) {
    if (Result<void> going_on = check_not_draining(shard); !going_on) co_return going_on;
    KnownGroup* group = co_await group_of(*logs, target);
    if (!group) co_return {};
    const auto events = co_await read_stream(shard, logs->keys_of(target.name, *group), target.stream_id);
    if (events.empty()) co_return {};
    if (!co_await erase(*logs, target, events)) co_return {};
  }
}

}  // namespace outcrop::cloudwatch_logs
