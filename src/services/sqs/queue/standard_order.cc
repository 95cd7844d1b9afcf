#include "services/sqs/queue/standard_order.h"

#include <cmath>

#include "base/check.h"
#include "services/sqs/limits.h"

namespace outcrop::sqs {
namespace {

// Of the noisy messages put aside, how many to look at for a tenant that has become quiet since.
constexpr size_t second_look = 64;
// Below this much recent processing in the whole queue, shares of it say nothing.
constexpr double processing_ms_min = 1000;
// A group with less recent processing than this is forgotten once it has no messages in memory.
constexpr double processing_ms_forgotten = 1;

void decay(Group& group, Instant now) {
  if (now > group.processing_at && group.processing_ms > 0) {
    double half_lives =
        std::chrono::duration<double>(now - group.processing_at) / std::chrono::duration<double>(limits::processing_half_life);
    group.processing_ms *= std::exp2(-half_lives);
  }
  group.processing_at = std::max(now, group.processing_at);
}

}  // namespace

Group& StandardOrder::group(std::string_view id) {
  auto found = groups_.find(id);
  if (found != groups_.end()) return found->second;
  Group& made = groups_[std::string(id)];
  made.id = id;
  return made;
}

void StandardOrder::added(Entry& entry) {
  if (entry.group) ++entry.group->entries;
  if (entry.state == Entry::State::ready) quiet_.push_back(entry);
  if (entry.state == Entry::State::in_flight) {
    ++in_flight_;
    if (entry.group) ++entry.group->in_flight;
  }
}

void StandardOrder::changed(Entry& entry, Entry::State before, Instant now) {
  if (before == entry.state) return;
  if (before == Entry::State::ready) entry.list->remove(entry);
  if (before == Entry::State::in_flight) leave_flight(entry, now);
  if (entry.state == Entry::State::ready) quiet_.push_back(entry);
  if (entry.state == Entry::State::in_flight) {
    ++in_flight_;
    if (entry.group) ++entry.group->in_flight;
  }
}

void StandardOrder::leave_flight(Entry& entry, Instant now) {
  --in_flight_;
  double spent_ms = double(std::max<int64_t>(0, (now - entry.last_received).count()));
  decay(everybody_, now);
  everybody_.processing_ms += spent_ms;
  if (!entry.group) return;
  --entry.group->in_flight;
  decay(*entry.group, now);
  entry.group->processing_ms += spent_ms;
}

void StandardOrder::forgotten(Entry& entry, Instant now) {
  if (entry.state == Entry::State::ready) entry.list->remove(entry);
  if (entry.state == Entry::State::in_flight) leave_flight(entry, now);
  if (!entry.group) return;
  --entry.group->entries;
  drop_if_idle(*entry.group, now);
}

void StandardOrder::drop_if_idle(Group& group, Instant now) {
  if (group.entries) return;
  decay(group, now);
  if (group.processing_ms < processing_ms_forgotten || groups_.size() > limits::idle_groups_max) groups_.erase(group.id);
}

bool StandardOrder::is_noisy(Group* group, Instant now) {
  if (!group) return false;
  if (group->in_flight >= limits::noisy_in_flight_min && double(group->in_flight) > limits::noisy_share * double(in_flight_)) return true;
  decay(everybody_, now);
  if (everybody_.processing_ms < processing_ms_min) return false;
  decay(*group, now);
  return group->processing_ms > limits::noisy_share * everybody_.processing_ms;
}

bool StandardOrder::is_noisy(std::string_view group, Instant now) {
  auto found = groups_.find(group);
  return found != groups_.end() && is_noisy(&found->second, now);
}

Entry* StandardOrder::next(const Take&, Instant now) {
  while (Entry* entry = quiet_.front()) {
    if (!is_noisy(entry->group, now)) return entry;
    quiet_.remove(*entry);
    noisy_.push_back(*entry);
  }
  size_t looked = 0;
  for (Entry* entry = noisy_.front(); entry && looked < second_look; entry = entry->after, ++looked)
    if (!is_noisy(entry->group, now)) return entry;
  return noisy_.front();
}

}  // namespace outcrop::sqs
