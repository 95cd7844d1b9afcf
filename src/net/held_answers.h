// The answers of one loop that wait for their peers to take them. Whoever reads nothing keeps an answer in memory until the write
// time-out, so what they hold together is bounded: above the bound those of which nothing was taken for a short while are given
// up, the stillest first. Peers that take what they asked for are never among them.
#pragma once
#include "net/channel.h"

namespace outcrop::net {

class HeldAnswers {
 public:
  // One answer; on the loop's thread. In the list from hold() until release() or its end.
  class Answer {
   protected:
    explicit Answer(HeldAnswers& held) : held_(held) {}
    Answer(const Answer&) = delete;
    ~Answer() { release(); }

    // It waits, with so many bytes.
    void hold(size_t bytes);
    void release();

   private:
    friend HeldAnswers;
    // What its peer has not taken of it.
    virtual size_t bytes_left() const = 0;
    // Ends the wait as if its time were over, which releases it.
    virtual void give_up() = 0;

    HeldAnswers& held_;
    size_t bytes_ = 0;  // none: not in the list
    size_t left_ = 0;   // when it was looked at last
    SteadyTime looked_at_;
    Answer *before_ = nullptr, *behind_ = nullptr;
  };

  HeldAnswers(EventLoop& loop, size_t bytes_max, Milliseconds patience)
      : loop_(loop),
        bytes_max_(bytes_max),
        patience_(patience),
        pressed_(loop, [](void* self) { static_cast<HeldAnswers*>(self)->relieve(); }, this) {}

  size_t bytes() const { return bytes_; }

 private:
  void append(Answer& answer);
  void remove(Answer& answer);
  void relieve();
  bool looks_still(Answer& answer) const;

  EventLoop& loop_;
  const size_t bytes_max_;
  const Milliseconds patience_;
  size_t bytes_ = 0;
  Answer *first_ = nullptr, *last_ = nullptr;  // first the one that was looked at longest ago
  Deadline pressed_;
};

}  // namespace outcrop::net
