#include "net/timer_wheel.h"

#include <bit>
#include <utility>

namespace outcrop::net {

namespace {

constexpr uint64_t wheel_range = uint64_t{1} << 36;  // ticks before the last level comes round

uint64_t ticks_down(SteadyTime::duration time) { return time.count() <= 0 ? 0 : uint64_t(time / TimerWheel::resolution); }
uint64_t ticks_up(SteadyTime::duration time) {
  uint64_t ticks = ticks_down(time);
  return time.count() > 0 && time % TimerWheel::resolution != SteadyTime::duration::zero() ? ticks + 1 : ticks;
}

}  // namespace

TimerWheel::~TimerWheel() {
  for (Level& level : levels_) {
    for (Links& slot : level.slots) {
      while (slot.next != &slot) unlink(static_cast<Node&>(*slot.next));
    }
  }
}

void TimerWheel::Node::cancel() {
  if (wheel_) wheel_->unlink(*this);
}

void TimerWheel::start(Node& node, SteadyTime due) {
  node.cancel();
  node.due_ = ticks_up(due - origin_);
  insert(node);
}

void TimerWheel::insert(Node& node) {
  uint64_t at = std::clamp(node.due_, elapsed_ + 1, elapsed_ + wheel_range - 1);
  uint64_t differing = (at ^ elapsed_) | (slots_per_level - 1);
  int level = std::min(int(std::bit_width(differing) - 1) / bits_per_level, level_count - 1);
  int slot = int(at >> (level * bits_per_level)) & (slots_per_level - 1);

  Links& list = levels_[level].slots[slot];
  node.previous = list.previous;
  node.next = &list;
  list.previous->next = &node;
  list.previous = &node;
  levels_[level].occupied |= uint64_t{1} << slot;
  node.level_ = uint8_t(level);
  node.slot_ = uint8_t(slot);
  node.wheel_ = this;
  ++size_;
}

void TimerWheel::unlink(Node& node) {
  node.previous->next = node.next;
  node.next->previous = node.previous;
  if (node.level_ != level_firing) {
    Level& level = levels_[node.level_];
    Links& list = level.slots[node.slot_];
    if (list.next == &list) level.occupied &= ~(uint64_t{1} << node.slot_);
  }
  node.wheel_ = nullptr;
  --size_;
}

// Timers on a lower level are due before all on higher ones, so the first occupied level has the next slot.
std::optional<TimerWheel::Occasion> TimerWheel::next_occasion() const {
  for (int level = 0; level < level_count; ++level) {
    if (!levels_[level].occupied) continue;
    int shift = level * bits_per_level;
    int now = int(elapsed_ >> shift) & (slots_per_level - 1);
    int slot = (std::countr_zero(std::rotr(levels_[level].occupied, now)) + now) & (slots_per_level - 1);
    uint64_t range = uint64_t{1} << (shift + bits_per_level);
    uint64_t tick = (elapsed_ & ~(range - 1)) + (uint64_t(slot) << shift);
    if (tick <= elapsed_) tick += range;  // only the last level comes round
    return Occasion{tick, level, slot};
  }
  return std::nullopt;
}

void TimerWheel::advance(SteadyTime now) {
  uint64_t target = ticks_down(now - origin_);
  for (auto next = next_occasion(); next && next->tick <= target; next = next_occasion()) take_slot(*next);
  elapsed_ = std::max(elapsed_, target);
}

// Fires what is due in the slot and moves the rest to lower levels. What is fired may start and cancel timers,
// those of this slot among them.
void TimerWheel::take_slot(const Occasion& at) {
  elapsed_ = at.tick;
  Level& level = levels_[at.level];
  Links& list = level.slots[at.slot];
  firing_.next = std::exchange(list.next, &list);
  firing_.previous = std::exchange(list.previous, &list);
  firing_.next->previous = &firing_;
  firing_.previous->next = &firing_;
  level.occupied &= ~(uint64_t{1} << at.slot);
  for (Links* links = firing_.next; links != &firing_; links = links->next) static_cast<Node*>(links)->level_ = level_firing;

  while (firing_.next != &firing_) {
    Node& node = static_cast<Node&>(*firing_.next);
    unlink(node);
    if (node.due_ <= elapsed_) {
      node.expired_(node);
    } else {
      insert(node);
    }
  }
}

std::optional<SteadyTime> TimerWheel::next_wake() const {
  auto next = next_occasion();
  if (!next) return std::nullopt;
  return origin_ + resolution * next->tick;
}

}  // namespace outcrop::net
