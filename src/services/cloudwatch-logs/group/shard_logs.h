// The log groups of one shard. What is written through is all on disk: memory only spares reading it again, so that appending to a stream
// that was written to lately reads nothing. On the shard's thread.
#pragma once
#include <map>
#include <memory>

#include "core/durable_timers.h"
#include "core/shard.h"
#include "gen/records/cloudwatch-logs.h"
#include "services/cloudwatch-logs/group/group_name.h"
#include "services/cloudwatch-logs/group/keys.h"

namespace outcrop::cloudwatch_logs {

// An event on its way to a stream.
struct NewEvent {
  Instant at;
  std::string message;  // UTF-8, not empty
};

struct KnownGroup {
  GroupRecord record;
  GroupCounters counters;
  std::map<std::string, StreamRecord, std::less<>> streams;  // some of them
};

class ShardLogs {
 public:
  explicit ShardLogs(Shard& shard) : shard_(shard), epoch_(shard.epoch()) {}

  // What was asked for, as far as it exists; good until the caller suspends.
  struct Found {
    KnownGroup* group = nullptr;
    StreamRecord* stream = nullptr;
  };
  Task<Result<Found>> find(const GroupName& name, std::string_view stream = {});
  // As find(). Fault: ResourceNotFoundException 400.
  Task<Result<Found>> get(const GroupName& name, std::string_view stream = {});

  // These are part of the shard's open batch.
  KnownGroup& create_group(const GroupName& name, GroupRecord record);
  StreamRecord& create_stream(const GroupName& name, KnownGroup& group, std::string_view stream);
  void store_group(const GroupName& name, const KnownGroup& group);
  void store_counters(const GroupName& name, const KnownGroup& group);
  void append(const GroupName& name, KnownGroup& group, std::string_view stream_name, StreamRecord& stream,
              std::span<const NewEvent> events);
  void delete_group(const GroupName& name, const KnownGroup& group);
  void delete_stream(const GroupName& name, KnownGroup& group, std::string_view stream_name);

  Shard& shard() const { return shard_; }
  GroupKeys keys_of(const GroupName& name, const KnownGroup& group) const { return {shard_, name.account, group.record.id}; }

 private:
  Task<Result<void>> read(const GroupName& name, std::string_view stream);
  void make_room();
  std::string new_id();

  Shard& shard_;
  const uint64_t epoch_;
  std::map<GroupName, KnownGroup> groups_;
  size_t entries_ = 0;       // groups and streams
  uint64_t generation_ = 0;  // what was read from the store before it changed may be older than memory was
};

}  // namespace outcrop::cloudwatch_logs
