#include "services/cloudwatch-logs/tail/live_tails.h"

#include <algorithm>

#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {

namespace {

// As AWS writes it: "111122223333:/aws/lambda/orders".
std::string tail_identifier(const GroupName& group) { return fmt::format("{}:{}", group.account, group.name); }

size_t bytes_of(const LiveTailSessionLogEvent& event) { return event.message->size() + limits::event_overhead_bytes; }

}  // namespace

bool TailWanted::has_stream(std::string_view name) const {
  if (stream_names.empty() && stream_prefixes.empty()) return true;
  return std::ranges::find(stream_names, name) != stream_names.end() ||
         std::ranges::any_of(stream_prefixes, [&](const std::string& prefix) { return name.starts_with(prefix); });
}

void LiveTail::offer(const WrittenEvents& written) {
  if (!wanted_.has_stream(written.stream)) return;
  for (const NewEvent& event : written.events) {
    if (!wanted_.pattern.matches(event.message)) continue;
    keep({.log_stream_name = std::string(written.stream),
          .log_group_identifier = tail_identifier(written.group),
          .message = event.message,
          .timestamp = ms_since_epoch(event.at),
          .ingestion_time = ms_since_epoch(written.at)});
  }
}

bool LiveTail::has_room_for(size_t bytes) const {
  return kept_.empty() || (kept_.size() < limits::update_events_max && kept_bytes_ + bytes <= limits::update_bytes_max);
}

// Every event has the same chance to be in the sample (Vitter, "Random Sampling with a Reservoir", 1985, algorithm R), unless
// its bytes have no room.
void LiveTail::keep(LiveTailSessionLogEvent event) {
  const size_t bytes = bytes_of(event);
  std::lock_guard lock(mutex_);
  const uint64_t order = matched_++;
  if (has_room_for(bytes)) {
    kept_bytes_ += bytes;
    kept_.push_back({order, std::move(event)});
    return;
  }
  const uint64_t place = random_.below(matched_);
  if (place >= kept_.size()) return;
  Kept& other = kept_[place];
  if (kept_bytes_ - bytes_of(other.event) + bytes > limits::update_bytes_max) return;
  kept_bytes_ += bytes - bytes_of(other.event);
  other = {order, std::move(event)};
}

LiveTailSessionUpdate LiveTail::take() {
  std::vector<Kept> kept;
  bool sampled = false;
  {
    std::lock_guard lock(mutex_);
    kept.swap(kept_);
    sampled = matched_ > kept.size();
    kept_bytes_ = 0;
    matched_ = 0;
  }
  std::ranges::sort(kept, {}, &Kept::order);
  LiveTailSessionUpdate update;
  update.session_metadata = LiveTailSessionMetadata{.sampled = sampled};
  std::vector<LiveTailSessionLogEvent>& results = update.session_results.emplace();
  for (Kept& one : kept) results.push_back(std::move(one.event));
  return update;
}

Result<LiveTails::Session> LiveTails::open(TailWanted wanted, Random& random) {
  const std::string account = wanted.groups.front().account;
  std::lock_guard lock(mutex_);
  size_t& sessions = of_account_[account];
  if (sessions == limits::tail_sessions_of_account_max)
    return fail(limit_exceeded_exception(fmt::format("The account has {} Live Tail sessions, as many as it may have.", sessions)));
  ++sessions;
  ++open_;
  auto tail = std::make_shared<LiveTail>(std::move(wanted), random);
  for (const GroupName& group : tail->wanted().groups) by_group_.emplace(group, tail);
  return Session(*this, std::move(tail));
}

void LiveTails::close(const std::shared_ptr<LiveTail>& tail) {
  std::lock_guard lock(mutex_);
  for (const GroupName& group : tail->wanted().groups) {
    auto [begin, end] = by_group_.equal_range(group);
    auto found = std::find_if(begin, end, [&](const auto& entry) { return entry.second == tail; });
    if (found != end) by_group_.erase(found);
  }
  auto of_account = of_account_.find(tail->wanted().groups.front().account);
  if (--of_account->second == 0) of_account_.erase(of_account);
  --open_;
}

std::vector<std::shared_ptr<LiveTail>> LiveTails::of_group(const GroupName& group) {
  std::vector<std::shared_ptr<LiveTail>> tails;
  std::lock_guard lock(mutex_);
  auto [begin, end] = by_group_.equal_range(group);
  for (auto entry = begin; entry != end; ++entry) tails.push_back(entry->second);
  return tails;
}

void LiveTails::tell(const WrittenEvents& written) {
  if (written.events.empty() || open_.load(std::memory_order_relaxed) == 0) return;
  for (const std::shared_ptr<LiveTail>& tail : of_group(written.group)) tail->offer(written);
}

}  // namespace outcrop::cloudwatch_logs
