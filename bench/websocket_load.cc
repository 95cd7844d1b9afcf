// A load generator for WebSocket servers: one thread, epoll, as many connections as asked for. Prints one JSON object: what it
// did, how fast, and the latencies it saw.
//
// usage: bench_websocket_load --port N --mode echo|hold|room [--path P] [--connections N] [--seconds S] [--bytes N] [--count N]
//   echo   every connection has one message of `bytes` under way
//   hold   opens the connections, says so in one line, and keeps them until the standard input ends
//   room   one connection says something `count` times; time until all have heard it
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 4566;
  std::string mode = "echo", path = "/ws";
  size_t connections = 64;
  double seconds = 4;
  size_t bytes = 128;
  int count = 200;
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::string client_frame(size_t bytes) {
  std::string frame = "\x81";
  if (bytes < 126) {
    frame += char(0x80 | bytes);
  } else {
    frame += char(0x80 | 126);
    frame += char(bytes >> 8);
    frame += char(bytes);
  }
  frame.append(4, '\0');  // a mask that changes nothing
  return frame.append(bytes, 'x');
}

struct Connection {
  int fd = -1;
  size_t received = 0;  // of the frame that is awaited
  Clock::time_point began;

  void open(const Options& options) {
    fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(uint16_t(options.port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("connect");
    int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    // What a browser sends, in length.
    say(fmt::format(
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
        "Upgrade: websocket\r\nOrigin: http://127.0.0.1:{}\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br\r\n"
        "Accept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        options.path, options.port, options.port));
    std::string answer;
    for (char c; !answer.ends_with("\r\n\r\n"); answer += c) {
      if (::recv(fd, &c, 1, 0) != 1) give_up("handshake");
    }
    if (!answer.starts_with("HTTP/1.1 101")) give_up("no upgrade");
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
  }

  void say(std::string_view bytes) {
    began = Clock::now();
    received = 0;
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != ssize_t(bytes.size())) give_up("send");
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
        message_(client_frame(options.bytes)),
        answer_bytes_(message_.size() - 4),
        connections_(options.connections),
        epoll_(::epoll_create1(0)) {
    for (size_t i = 0; i < connections_.size(); ++i) {
      connections_[i].open(options);
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
