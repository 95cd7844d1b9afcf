#include "net/reactor.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/check.h"

namespace outcrop::net {

Reactor::Reactor() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wakener_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  check(epoll_ >= 0 && wakener_ >= 0 && set(EPOLL_CTL_ADD, wakener_, EPOLLIN | EPOLLET, nullptr),
        "the system has no room for an event loop");
}

Reactor::~Reactor() {
  ::close(wakener_);
  ::close(epoll_);
}

bool Reactor::set(int operation, int descriptor, uint32_t events, Watcher* watcher) {
  epoll_event event{.events = events, .data = {.ptr = watcher}};
  return ::epoll_ctl(epoll_, operation, descriptor, &event) == 0;
}

bool Reactor::watch(int descriptor, Watcher& watcher) {
  return set(EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &watcher);
}

// Who has been told is still known, and only asked again.
bool Reactor::watch_once(int descriptor, uint32_t events, Watcher& watcher) {
  events |= EPOLLONESHOT;
  return set(EPOLL_CTL_MOD, descriptor, events, &watcher) || (errno == ENOENT && set(EPOLL_CTL_ADD, descriptor, events, &watcher));
}

void Reactor::forget(int descriptor, const Watcher& watcher) {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  for (epoll_event& event : untold_) {
    if (event.data.ptr == &watcher) event.data.ptr = nullptr;
  }
}

void Reactor::wait(Milliseconds timeout) {
  const int wait_ms = int(std::clamp<int64_t>(timeout.count(), -1, std::numeric_limits<int>::max()));
  const int count = ::epoll_wait(epoll_, events_.data(), events_per_wait_max, wait_ms);
  check(count >= 0 || errno == EINTR, "an event loop cannot wait");
  untold_ = std::span(events_).first(size_t(std::max(count, 0)));
}

void Reactor::tell() {
  while (!untold_.empty()) {
    const epoll_event event = untold_.front();
    untold_ = untold_.subspan(1);
    if (event.data.ptr) static_cast<Watcher*>(event.data.ptr)->ready(event.events);
  }
}

void Reactor::wake() {
  // Each write is a change, so that nobody needs to read it.
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wakener_, &one, sizeof one);
}

}  // namespace outcrop::net
