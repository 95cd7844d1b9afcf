// Where the records of a log group lie, all in the group's shard. They begin with the shard's prefix, the service and the account, so that
// a reset finds an account's; the group's id, new for each group created, keeps a name's successors apart.
//
//   g/REGION/NAME     GroupRecord
//   d/ID c            GroupCounters
//   d/ID s NAME       StreamRecord
//   d/ID i STREAM     the name of the stream of that id
//   d/ID e TIME N     EventRecord: all events of the group by time, and of one time as they came
//   d/ID x STREAM TIME N   the same by stream: the bytes that the event counts for, in four bytes
// Ids have eight bytes; times and sequences N too, big-endian.
#pragma once
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/shard.h"
#include "services/cloudwatch-logs/group/group_name.h"
#include "store/store.h"

namespace outcrop::cloudwatch_logs {

// A place in the order of events: just before the event of that time and sequence.
struct Position {
  int64_t time_ms = 0;
  uint64_t sequence = 0;

  auto operator<=>(const Position&) const = default;
  Position next() const { return {time_ms, sequence + 1}; }
};

std::string group_key(const Shard& shard, const GroupName& name);
// Of the groups of an account and Region, whose names begin with `prefix`.
store::Range group_keys(const Shard& shard, const std::string& account, const std::string& region, std::string_view prefix);

class GroupKeys {
 public:
  GroupKeys(const Shard& shard, const std::string& account, std::string_view group_id);

  std::string counters() const { return base_ + 'c'; }
  std::string stream(std::string_view name) const { return (base_ + 's').append(name); }
  std::string stream_name(std::string_view stream_id) const { return (base_ + 'i').append(stream_id); }
  std::string event(Position at) const { return placed('e', {}, at); }
  std::string of_stream(std::string_view stream_id, Position at) const { return placed('x', stream_id, at); }

  store::Range everything() const { return store::Range::prefix(base_); }
  store::Range streams(std::string_view prefix) const { return store::Range::prefix(stream(prefix)); }
  store::Range events(Position from, Position to) const { return {event(from), event(to)}; }
  store::Range of_stream(std::string_view stream_id, Position from, Position to) const {
    return {of_stream(stream_id, from), of_stream(stream_id, to)};
  }

  std::string_view stream_of(std::string_view stream_key) const { return stream_key.substr(base_.size() + 1); }
  // Of the key of an event, by time or by stream: they end in it.
  static Position position_of(std::string_view key);

 private:
  std::string placed(char kind, std::string_view stream_id, Position at) const;

  std::string base_;
};

}  // namespace outcrop::cloudwatch_logs
