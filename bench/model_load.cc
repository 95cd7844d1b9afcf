// A load generator for conversations with models over HTTP/1.1: one thread, epoll, as many connections as asked for, each with one request
// in flight. Prints one JSON object: how many were answered, how fast, the time to the answer's first token, and the longest silence
// within an answer.
//
// usage: bench_model_load --port N --path PATH --body TEXT [--header "name: value"]... [--first TEXT] [--connections N] [--seconds S]
//   --first  what the first token is known by, in the answer's body; without it the time is that to the whole answer
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "loopback.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 0;
  std::string path, body, first;
  std::vector<std::string> headers;
  int connections = 1;
  double seconds = 2;
};

double microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

[[noreturn]] void fail_with(std::string_view what) {
  std::fprintf(stderr, "%.*s\n", int(what.size()), what.data());
  std::exit(1);
}

// One connection and its one request in flight.
struct Connection {
  int fd = -1;
  std::string in;
  size_t head_end = 0;
  std::optional<size_t> length;  // none: chunks
  Clock::time_point began, last_word;
  std::optional<double> first_us;
  double longest_silence_us = 0;

  void open(int port) {
    fd = connect_to(port);
    if (fd < 0) fail_with("no connection");
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }

  // Requests are small: what does not fit into the socket at once is no measurement any more.
  void begin(const std::string& text) {
    in.clear();
    head_end = 0;
    length.reset();
    first_us.reset();
    longest_silence_us = 0;
    began = Clock::now();
    if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != ssize_t(text.size())) fail_with("a request did not fit");
  }

  // Whether the whole answer is there.
  bool read(const std::string& first) {
    char buffer[65536];
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) fail_with("the server closed a connection");
    if (n < 0) return false;
    const Clock::time_point now = Clock::now();
    if (head_end > 0) longest_silence_us = std::max(longest_silence_us, microseconds(now - last_word));
    last_word = now;
    in.append(buffer, size_t(n));
    if (head_end == 0 && !read_head()) return false;
    if (!first.empty() && !first_us && in.find(first, head_end) != std::string::npos) first_us = microseconds(now - began);
    return length ? in.size() >= head_end + *length : in.ends_with("\r\n0\r\n\r\n");
  }

 private:
  bool read_head() {
    const size_t end = in.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    head_end = end + 4;
    if (in.compare(9, 3, "200") != 0) fail_with("refused: " + in);
    std::string head = in.substr(0, end);
    for (char& c : head) c = char(std::tolower(c));
    const size_t at = head.find("content-length:");
    if (at != std::string::npos) length = std::strtoull(head.c_str() + at + 15, nullptr, 10);
    return true;
  }
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), connections_(size_t(options.connections)), epoll_(epoll_create1(0)) {
    request_ = fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", options.path,
                           options.body.size());
    for (const std::string& header : options.headers) request_ += header + "\r\n";
    request_ += "\r\n" + options.body;
    for (Connection& c : connections_) c.open(options.port);
  }

  void run() {
    const Clock::time_point began = Clock::now();
    const auto end = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    for (size_t i = 0; i < connections_.size(); ++i) {
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].fd, &event);
      connections_[i].begin(request_);
    }
    size_t in_flight = connections_.size();
    while (in_flight > 0) {
      epoll_event events[256];
      const int n = epoll_wait(epoll_, events, 256, 30'000);
      if (n == 0) fail_with("no answer within 30 s");
      for (int k = 0; k < n; ++k) {
        Connection& c = connections_[events[k].data.u64];
        if (!c.read(options_.first)) continue;
        note(c);
        Clock::now() < end ? c.begin(request_) : void(--in_flight);
      }
    }
    report(std::chrono::duration<double>(Clock::now() - began).count());
  }

 private:
  void note(const Connection& c) {
    times_us_.push_back(options_.first.empty() ? microseconds(c.last_word - c.began) : c.first_us ? *c.first_us : 0);
    if (!options_.first.empty() && !c.first_us) fail_with("an answer without a token: " + c.in);
    longest_silence_us_ = std::max(longest_silence_us_, c.longest_silence_us);
  }

  void report(double seconds) {
    std::ranges::sort(times_us_);
    auto at = [&](double share) { return times_us_[std::min(times_us_.size() - 1, size_t(share * double(times_us_.size())))]; };
    fmt::print(
        "{{\"count\": {}, \"rate\": {:.0f}, \"p50_us\": {:.1f}, \"p99_us\": {:.1f}, \"max_us\": {:.1f}, \"longest_silence_us\": {:.0f}}}\n",
        times_us_.size(), double(times_us_.size()) / seconds, at(0.5), at(0.99), times_us_.back(), longest_silence_us_);
  }

  const Options options_;
  std::vector<Connection> connections_;
  const int epoll_;
  std::string request_;
  std::vector<double> times_us_;
  double longest_silence_us_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("--port", options.port)->required();
  app.add_option("--path", options.path)->required();
  app.add_option("--body", options.body)->required();
  app.add_option("--header", options.headers)->allow_extra_args(false);
  app.add_option("--first", options.first);
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  CLI11_PARSE(app, argc, argv);
  Load(options).run();
}
