#include "services/sqs/queue/fifo_order.h"

#include "base/check.h"

namespace outcrop::sqs {

Group& FifoOrder::group(std::string_view id) {
  auto found = groups_.find(id);
  if (found != groups_.end()) return found->second;
  Group& made = groups_[std::string(id)];
  made.id = id;
  return made;
}

void FifoOrder::added(Entry& entry) {
  check(entry.group, "a message of a FIFO queue has a group");
  ++entry.group->entries;
  Group& group = *entry.group;
  if (group.is_available && entry.sequence < group.ordered.begin()->first) {
    available_.erase(group.ordered.begin()->first);
    group.is_available = false;
  }
  group.ordered.emplace(entry.sequence, &entry);
  look_again(group);
}

void FifoOrder::changed(Entry& entry, Entry::State before, Instant) {
  if (before != entry.state) look_again(*entry.group);
}

void FifoOrder::forgotten(Entry& entry, Instant) {
  Group& group = *entry.group;
  if (group.is_available && group.ordered.begin()->second == &entry) {
    available_.erase(entry.sequence);
    group.is_available = false;
  }
  group.ordered.erase(entry.sequence);
  if (--group.entries == 0)
    groups_.erase(group.id);
  else
    look_again(group);
}

void FifoOrder::look_again(Group& group) {
  const auto& [sequence, first] = *group.ordered.begin();
  bool available = first->state == Entry::State::ready;
  if (available == group.is_available) return;
  group.is_available = available;
  if (available)
    available_.emplace(sequence, &group);
  else
    available_.erase(sequence);
}

Entry* FifoOrder::next(const Take& take, Instant) {
  if (take.group) {
    auto following = take.group->ordered.upper_bound(take.sequence);
    if (following != take.group->ordered.end() && following->second->state == Entry::State::ready) return following->second;
  }
  return available_.empty() ? nullptr : available_.begin()->second->ordered.begin()->second;
}

}  // namespace outcrop::sqs
