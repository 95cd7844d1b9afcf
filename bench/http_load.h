// What the load generators of single services share: connections of HTTP/1.1 with one request in flight each, driven by one thread with
// epoll, and the latencies it saw. Whatever goes wrong ends the program: a figure of refused requests would be none.
#pragma once
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loopback.h"

namespace http_load {

using Clock = std::chrono::steady_clock;

[[noreturn]] inline void give_up(std::string_view why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

// A request of an awsJson1_0 service; its signature is no signature, which a server without identities takes.
inline std::string aws_json_request(std::string_view service, std::string_view target, std::string_view body) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: {}\r\n"
      "X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/{}/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature={:064}\r\nContent-Length: {}\r\n\r\n{}",
      target, service, 0, body.size(), body);
}

// One connection and its one request in flight.
struct Connection {
  int fd = -1;
  std::string out;
  size_t written = 0;
  std::string in;
  size_t head_end = 0, length = 0;
  Clock::time_point began;

  void open(int port) {
    fd = connect_to(port);
    if (fd < 0) give_up("the server takes no connection");
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }

  void begin(std::string text) {
    out = std::move(text);
    written = 0;
    in.clear();
    head_end = length = 0;
    began = Clock::now();
    flush();
  }

  // Whether more is to be written.
  bool flush() {
    while (written < out.size()) {
      ssize_t n = ::send(fd, out.data() + written, out.size() - written, MSG_NOSIGNAL);
      if (n <= 0) return true;
      written += size_t(n);
    }
    return false;
  }

  // Whether the whole answer is there.
  bool read() {
    char buffer[65536];
    ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) give_up("the server closed a connection");
    if (n < 0) return false;
    in.append(buffer, size_t(n));
    if (head_end == 0) {
      size_t end = in.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      head_end = end + 4;
      for (char& c : std::span(in).first(end)) c = char(std::tolower(c));
      size_t at = in.find("content-length:");
      length = at < end ? std::strtoull(in.c_str() + at + 15, nullptr, 10) : 0;
    }
    if (in.size() < head_end + length) return false;
    if (in.compare(9, 3, "200") != 0) give_up("refused: " + in);
    return true;
  }

  std::string_view body() const { return std::string_view(in).substr(head_end); }
};

class Connections {
 public:
  Connections(size_t count, int port) : connections_(count), epoll_(epoll_create1(0)) {
    for (size_t i = 0; i < count; ++i) {
      connections_[i].open(port);
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].fd, &event);
    }
  }

  size_t size() const { return connections_.size(); }
  Connection& operator[](size_t i) { return connections_[i]; }

  void begin(size_t i, std::string text) {
    connections_[i].begin(std::move(text));
    if (connections_[i].written < connections_[i].out.size()) watch(i, EPOLLIN | EPOLLOUT);
  }

  // Calls on_answer(i) for each connection whose answer has come; waits for `at_most`, and whether anything came by then.
  template <class F>
  bool wait(std::chrono::nanoseconds at_most, F on_answer) {
    epoll_event events[256];
    const timespec timeout{.tv_sec = at_most.count() / 1'000'000'000, .tv_nsec = at_most.count() % 1'000'000'000};
    const int n = epoll_pwait2(epoll_, events, 256, &timeout, nullptr);
    for (int k = 0; k < n; ++k) {
      const size_t i = events[k].data.u64;
      if (events[k].events & EPOLLOUT && !connections_[i].flush()) watch(i, EPOLLIN);
      if (events[k].events & (EPOLLIN | EPOLLHUP) && connections_[i].read()) on_answer(i);
    }
    return n > 0;
  }

  template <class F>
  void wait(F on_answer) {
    if (!wait(std::chrono::seconds(30), on_answer)) give_up("no answer within 30 s");
  }

 private:
  void watch(size_t i, uint32_t events) {
    epoll_event event{.events = events, .data = {.u64 = i}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connections_[i].fd, &event);
  }

  std::vector<Connection> connections_;
  int epoll_;
};

// One JSON object: what was done since `began`, how fast, and the latencies.
inline void report(size_t items, Clock::time_point began, std::vector<double>& latencies_us) {
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  std::ranges::sort(latencies_us);
  auto at = [&](double share) {
    return latencies_us.empty() ? 0 : latencies_us[std::min(latencies_us.size() - 1, size_t(share * double(latencies_us.size())))];
  };
  fmt::print(
      "{{\"items\": {}, \"seconds\": {:.3f}, \"items_per_second\": {:.0f}, \"p50_us\": {:.0f}, \"p99_us\": {:.0f}, \"max_us\": {:.0f}}}\n",
      items, seconds, double(items) / seconds, at(0.5), at(0.99), at(1));
}

inline double us_since(Clock::time_point then) { return std::chrono::duration<double, std::micro>(Clock::now() - then).count(); }

inline Clock::time_point seconds_after(Clock::time_point then, double seconds) {
  return then + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace http_load
