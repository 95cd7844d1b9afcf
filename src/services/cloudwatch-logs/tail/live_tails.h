// LiveTails: the sessions of StartLiveTail that are open, and how they hear of what is written. Whoever wrote events tells of them once
// they are on disk; a session keeps those that it asked for until its next update, or a sample of them when they are too many.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "gen/cloudwatch-logs/types.h"
#include "services/cloudwatch-logs/filter/filter_pattern.h"
#include "services/cloudwatch-logs/group/group_name.h"
#include "services/cloudwatch-logs/group/shard_logs.h"

namespace outcrop::cloudwatch_logs {

// What a session asked for. Names and prefixes of streams are alternatives; without either it is all streams.
struct TailWanted {
  std::vector<GroupName> groups;
  std::vector<std::string> stream_names, stream_prefixes;
  FilterPattern pattern;

  bool has_stream(std::string_view name) const;
};

// Events of one stream, as they were written.
struct WrittenEvents {
  const GroupName& group;
  std::string_view stream;
  std::span<const NewEvent> events;
  Instant at;  // of writing
};

// Thread-safe.
class LiveTail {
 public:
  LiveTail(TailWanted wanted, Random& random) : wanted_(std::move(wanted)), random_(random) {}

  const TailWanted& wanted() const { return wanted_; }

  void offer(const WrittenEvents& written);
  // What came since the last time, in the order in which it came.
  LiveTailSessionUpdate take();

 private:
  struct Kept {
    uint64_t order;
    LiveTailSessionLogEvent event;
  };
  void keep(LiveTailSessionLogEvent event);
  bool has_room_for(size_t bytes) const;

  const TailWanted wanted_;
  Random& random_;
  std::mutex mutex_;
  std::vector<Kept> kept_;
  size_t kept_bytes_ = 0;
  uint64_t matched_ = 0;  // since the last update
};

// Thread-safe.
class LiveTails {
 public:
  // An open session, which ends when this goes.
  class Session {
   public:
    Session(LiveTails& tails, std::shared_ptr<LiveTail> tail) : tails_(&tails), tail_(std::move(tail)) {}
    Session(Session&&) noexcept = default;
    ~Session() {
      if (tail_) tails_->close(tail_);
    }
    LiveTail& operator*() const { return *tail_; }
    LiveTail* operator->() const { return tail_.get(); }

   private:
    LiveTails* tails_;
    std::shared_ptr<LiveTail> tail_;
  };

  // Fault: LimitExceededException 400 when the account has as many sessions as it may have.
  Result<Session> open(TailWanted wanted, Random& random);
  // Costs nothing while there are no sessions.
  void tell(const WrittenEvents& written);

 private:
  void close(const std::shared_ptr<LiveTail>& tail);
  std::vector<std::shared_ptr<LiveTail>> of_group(const GroupName& group);

  std::atomic<size_t> open_ = 0;
  std::mutex mutex_;
  std::multimap<GroupName, std::shared_ptr<LiveTail>> by_group_;
  std::map<std::string, size_t> of_account_;
};

}  // namespace outcrop::cloudwatch_logs
