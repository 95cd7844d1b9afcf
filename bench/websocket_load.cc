// A load generator for WebSocket servers: one thread, epoll, as many connections as asked for. Prints one JSON object: what it
// did, how fast, and the latencies it saw.
//
// usage: bench_websocket_load --port N --mode echo|hold|room [--path P] [--connections N] [--seconds S] [--bytes N] [--count N]
//   echo   every connection has one message of `bytes` under way
//   hold   opens the connections, says so in one line, and keeps them until the standard input ends
//   room   one connection says something `count` times; time until all have heard it
#include <sys/epoll.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "websocket_client.h"

namespace {

using bench::give_up;

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 4566;
  std::string mode = "echo", path = "/ws";
  size_t connections = 64;
  double seconds = 4;
  size_t bytes = 128;
  int count = 200;
};

struct Connection {
  int fd = -1;
  size_t received = 0;  // of the frame that is awaited
  Clock::time_point began;

  void say(std::string_view bytes) {
    began = Clock::now();
    received = 0;
    bench::send_all(fd, bytes);
  }

  // Whether a whole frame of that size is there.
  bool read(size_t frame_bytes) {
    char buffer[65536];
    ssize_t bytes = ::recv(fd, buffer, std::min(sizeof buffer, frame_bytes - received), 0);
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN)) give_up("the server closed a connection");
    if (bytes > 0) received += size_t(bytes);
    return received == frame_bytes;
  }
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        message_(bench::client_frame(std::string(options.bytes, 'x'))),
        answer_bytes_(message_.size() - 4),
        connections_(options.connections),
        epoll_(::epoll_create1(0)) {
    for (size_t i = 0; i < connections_.size(); ++i) {
      connections_[i].fd = bench::open_websocket(options.port, options.path);
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].fd, &event);
    }
  }

  void echo() {
    auto begin = Clock::now(), end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    size_t under_way = connections_.size();
    for (Connection& each : connections_) each.say(message_);
    while (under_way > 0) {
      wait([&](Connection& connection) {
        took_us_.push_back(us_since(connection.began));
        if (Clock::now() < end) {
          connection.say(message_);
        } else {
          --under_way;
        }
      });
    }
    report(double(us_since(begin)) / 1e6);
  }

  void hold() {
    fmt::print("{{\"held\":{}}}\n", connections_.size());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }

  void room() {
    auto begin = Clock::now();
    for (int i = 0; i < options_.count; ++i) {
      for (Connection& each : connections_) each.received = 0;
      connections_[0].say(message_);
      size_t heard = 0;
      while (heard < connections_.size()) wait([&](Connection&) { ++heard; });
      took_us_.push_back(us_since(connections_[0].began));
    }
    report(double(us_since(begin)) / 1e6);
  }

 private:
  static uint32_t us_since(Clock::time_point since) {
    return uint32_t(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count());
  }

  template <class F>
  void wait(F on_answer) {
    epoll_event events[256];
    int count = ::epoll_wait(epoll_, events, 256, 30'000);
    if (count == 0) give_up("no answer within 30 s");
    for (int k = 0; k < count; ++k) {
      Connection& connection = connections_[events[k].data.u64];
      if (connection.read(answer_bytes_)) on_answer(connection);
    }
  }

  void report(double seconds) {
    std::ranges::sort(took_us_);
    fmt::print("{{\"items\":{},\"items_per_second\":{:.0f},\"p50_us\":{},\"p99_us\":{}}}\n", took_us_.size(),
               double(took_us_.size()) / seconds, took_us_[took_us_.size() / 2], took_us_[took_us_.size() * 99 / 100]);
  }

  const Options& options_;
  const std::string message_;
  const size_t answer_bytes_;
  std::vector<Connection> connections_;
  const int epoll_;
  std::vector<uint32_t> took_us_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("WebSocket load");
  app.add_option("--port", options.port);
  app.add_option("--mode", options.mode)->check(CLI::IsMember({"echo", "hold", "room"}));
  app.add_option("--path", options.path);
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--bytes", options.bytes)->check(CLI::Range(0, 65535));
  app.add_option("--count", options.count);
  CLI11_PARSE(app, argc, argv);
  Load load(options);
  if (options.mode == "echo") load.echo();
  if (options.mode == "hold") load.hold();
  if (options.mode == "room") load.room();
}
