// Reactor: what one thread sleeps for: its descriptors, by epoll, and a call from another thread.
//
// Watchers are told of changes (edge-triggered), not of states: who has not taken everything remembers that there is more. So a socket that
// gave fewer bytes than it was asked for is not asked again before there are more, which saves a call of the system for each request.
#pragma once
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/time.h"

namespace outcrop::net {

class Reactor {
 public:
  // Told on the polling thread. What it does may destroy any watcher that is forgotten before.
  class Watcher {
   public:
    virtual void ready(uint32_t events) = 0;  // EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR

   protected:
    ~Watcher() = default;
  };

  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;

  // Tells the watcher of each change, and of the state at the beginning. False: the system does not take it.
  bool watch(int descriptor, Watcher& watcher);
  // Tells the watcher once of a state, EPOLLIN or EPOLLOUT; to be told again, watch again.
  bool watch_once(int descriptor, uint32_t events, Watcher& watcher);
  // The watcher is told no more. Before the descriptor is closed: one that a child process inherited lives on.
  void forget(int descriptor, const Watcher& watcher);

  // Until something changes, or the time is over; negative: for as long as it takes.
  void wait(Milliseconds timeout);
  // Tells the watchers of what the last wait found.
  void tell();
  // Ends a wait under way, or else the next one. Thread-safe.
  void wake();

 private:
  bool set(int operation, int descriptor, uint32_t events, Watcher* watcher);

  static constexpr int events_per_wait_max = 128;
  const int epoll_, wakener_;
  std::array<epoll_event, events_per_wait_max> events_;
  std::span<epoll_event> untold_;  // of events_
};

}  // namespace outcrop::net
