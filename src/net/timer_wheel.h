// Hierarchical timing wheel (Varghese and Lauck, 1987): start and cancel are O(1), and since every level keeps a
// bitmap of its occupied slots, the next instant with something to do is found without ticking.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace outcrop::net {

class TimerWheel {
  struct Links {
    Links* previous = this;
    Links* next = this;
  };

 public:
  static constexpr Milliseconds resolution{1};

  // Embedded in whatever is to be woken; cancels itself when destroyed. `expired` may start it again or destroy it.
  class Node : Links {
   public:
    explicit Node(void (*expired)(Node&)) : expired_(expired) {}
    Node(const Node&) = delete;
    ~Node() { cancel(); }
    bool running() const { return wheel_ != nullptr; }
    void cancel();

   private:
    friend TimerWheel;
    void (*expired_)(Node&);
    TimerWheel* wheel_ = nullptr;
    uint64_t due_ = 0;  // in ticks
    uint8_t level_ = 0, slot_ = 0;
  };

  explicit TimerWheel(SteadyTime now) : origin_(now) {}
  TimerWheel(const TimerWheel&) = delete;
  ~TimerWheel();

  // Starts or moves. Never fires early: `due` is rounded up to the resolution.
  void start(Node& node, SteadyTime due);
  // Fires what is due, in order of ticks.
  void advance(SteadyTime now);
  // When to call advance next; never later than the first timer, at times earlier (a level is unfolded then).
  std::optional<SteadyTime> next_wake() const;
  size_t size() const { return size_; }

 private:
  static constexpr int bits_per_level = 6;
  static constexpr int slots_per_level = 1 << bits_per_level;
  static constexpr int level_count = 6;  // 2^36 ms: two years; later ones wait in the last level
  static constexpr uint8_t level_firing = level_count;

  struct Level {
    uint64_t occupied = 0;  // bit i: slots[i] is not empty
    std::array<Links, slots_per_level> slots;
  };
  struct Occasion {
    uint64_t tick;
    int level, slot;
  };

  std::optional<Occasion> next_occasion() const;
  void insert(Node& node);
  void unlink(Node& node);
  void take_slot(const Occasion& at);

  const SteadyTime origin_;
  uint64_t elapsed_ = 0;  // ticks that advance has dealt with
  size_t size_ = 0;
  Links firing_;
  std::array<Level, level_count> levels_;
};

}  // namespace outcrop::net
