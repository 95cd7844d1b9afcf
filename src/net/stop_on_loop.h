// A stop callback for what lives on a loop: a stop may be requested on any thread, and takes effect on the loop's
// own, at once when it is requested there.
#pragma once
#include <memory>
#include <optional>
#include <stop_token>

#include "net/event_loop.h"

namespace outcrop::net {

class StopOnLoop {
 public:
  using Stopped = void (*)(void* owner);
  StopOnLoop(EventLoop& loop, Stopped stopped, void* owner) : loop_(loop), stopped_(stopped), owner_(owner) {}
  StopOnLoop(const StopOnLoop&) = delete;
  ~StopOnLoop() { forget(); }

  // On the loop's thread; tells the owner at once when `token` is stopped already.
  void watch(std::stop_token token) {
    if (token.stop_possible()) callback_.emplace(std::move(token), Requested{this});
  }
  // The owner is told nothing any more.
  void forget() {
    callback_.reset();  // waits for one that is under way on another thread
    if (posted_) *posted_ = nullptr;
    posted_.reset();
  }

 private:
  struct Requested {
    StopOnLoop* self;
    void operator()() const { self->requested(); }
  };
  void requested() {
    if (loop_.is_current()) return stopped_(owner_);
    posted_ = std::make_shared<StopOnLoop*>(this);
    loop_.post([posted = posted_] {
      if (*posted) (*posted)->stopped_((*posted)->owner_);
    });
  }

  EventLoop& loop_;
  const Stopped stopped_;
  void* const owner_;
  std::shared_ptr<StopOnLoop*> posted_;  // made by another thread's request, for the job that tells
  std::optional<std::stop_callback<Requested>> callback_;
};

}  // namespace outcrop::net
