// A load generator for SQS over HTTP/1.1: one thread, epoll, as many connections as asked for, each with one
// request in flight. Prints one JSON object: what it did, how fast, and the latencies it saw.
//
// usage: bench_sqs_load --port N --mode send|batch|consume|poll|hold --queue URL [--connections N] [--seconds S] [--bytes N] [--count N]
//   send     SendMessage of `bytes`
//   batch    SendMessageBatch of 10
//   consume  ReceiveMessage of `count` messages (1 or 10), then their deletion
//   poll     one long poll at a time; time from writing a SendMessage to the poll's answer; `count` times
//   hold     every connection sends one SendMessage, all at once
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
  std::string mode = "send", queue;
  int connections = 64;
  double seconds = 5;
  size_t bytes = 1024;
  int count = 1;
};

std::string request_text(const std::string& operation, const std::string& body) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.{}\r\n"
      "X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/sqs/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature={:064}\r\nContent-Length: {}\r\n\r\n{}",
      operation, 0, body.size(), body);
}

// One connection and its one request in flight.
struct Connection {
  int fd = -1;
  std::string out;
  size_t written = 0;
  std::string in;
  size_t head_end = 0, length = 0;
  Clock::time_point began;
  std::vector<std::string> receipts;

  void open(int port) {
    fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(uint16_t(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("connect");
      std::exit(1);
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
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
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
      std::fprintf(stderr, "the server closed a connection\n");
      std::exit(1);
    }
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
    if (in.compare(9, 3, "200") != 0) {
      std::fprintf(stderr, "refused: %s\n", in.c_str());
      std::exit(1);
    }
    return true;
  }
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), connections_(size_t(options.connections)), epoll_(epoll_create1(0)) {
    const std::string text(options.bytes, 'x'), url = "{\"QueueUrl\":\"" + options.queue + "\",";
    send_ = request_text("SendMessage", url + "\"MessageBody\":\"" + text + "\"}");
    std::string entries;
    for (int i = 0; i < 10; ++i) entries += fmt::format("{}{{\"Id\":\"{}\",\"MessageBody\":\"{}\"}}", i ? "," : "", i, text);
    batch_ = request_text("SendMessageBatch", url + "\"Entries\":[" + entries + "]}");
    receive_ = request_text("ReceiveMessage", fmt::format("{}\"MaxNumberOfMessages\":{},\"VisibilityTimeout\":600}}", url, options.count));
    poll_ = request_text("ReceiveMessage", url + "\"WaitTimeSeconds\":20}");
    for (Connection& c : connections_) c.open(options.port);
  }

  void run() {
    for (size_t i = 0; i < connections_.size(); ++i) {
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].fd, &event);
    }
    if (options_.mode == "poll") return run_polls();
    began_ = Clock::now();
    end_ = began_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    for (size_t i = 0; i < connections_.size(); ++i) start_next(i);
    while (in_flight_ > 0) wait_once([&](size_t i) { answered(i); });
    report(items_);
  }

 private:
  template <class F>
  void wait_once(F on_answer) {
    epoll_event events[256];
    int n = epoll_wait(epoll_, events, 256, 30'000);
    if (n == 0) {
      std::fprintf(stderr, "no answer within 30 s\n");
      std::exit(1);
    }
    for (int k = 0; k < n; ++k) {
      size_t i = events[k].data.u64;
      if (events[k].events & EPOLLOUT && !connections_[i].flush()) watch(i, EPOLLIN);
      if (events[k].events & (EPOLLIN | EPOLLHUP) && connections_[i].read()) on_answer(i);
    }
  }

  void watch(size_t i, uint32_t events) {
    epoll_event event{.events = events, .data = {.u64 = i}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connections_[i].fd, &event);
  }

  void begin(size_t i, const std::string& text) {
    connections_[i].begin(text);
    if (connections_[i].written < connections_[i].out.size()) watch(i, EPOLLIN | EPOLLOUT);
  }

  void start_next(size_t i) {
    ++in_flight_;
    begin(i, options_.mode == "batch" ? batch_ : options_.mode == "consume" ? receive_ : send_);
  }

  void answered(size_t i) {
    Connection& c = connections_[i];
    latencies_us_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - c.began).count());
    if (options_.mode == "consume" && c.receipts.empty() && start_deletion(i)) return;
    items_ += options_.mode == "batch" ? 10 : options_.mode == "consume" ? c.receipts.size() : 1;
    bool drained = options_.mode == "consume" && c.receipts.empty();
    c.receipts.clear();
    --in_flight_;
    if (drained) end_ = Clock::now();
    if (options_.mode != "hold" && Clock::now() < end_) start_next(i);
  }

  // Deletes what a receive gave; false when it gave nothing.
  bool start_deletion(size_t i) {
    Connection& c = connections_[i];
    static constexpr std::string_view key = "\"ReceiptHandle\":\"";
    for (size_t at = c.in.find(key, c.head_end); at != std::string::npos; at = c.in.find(key, at)) {
      at += key.size();
      c.receipts.push_back(c.in.substr(at, c.in.find('"', at) - at));
    }
    if (c.receipts.empty()) return false;
    std::string body = "{\"QueueUrl\":\"" + options_.queue + "\",";
    if (options_.count == 1) {
      begin(i, request_text("DeleteMessage", body + "\"ReceiptHandle\":\"" + c.receipts[0] + "\"}"));
      return true;
    }
    for (size_t k = 0; k < c.receipts.size(); ++k)
      body += fmt::format("{}{{\"Id\":\"{}\",\"ReceiptHandle\":\"{}\"}}", k ? "," : "\"Entries\":[", k, c.receipts[k]);
    begin(i, request_text("DeleteMessageBatch", body + "]}"));
    return true;
  }

  // Connection 0 polls and then deletes, connection 1 sends while it polls.
  void run_polls() {
    began_ = Clock::now();
    for (int round = 0; round < options_.count; ++round) {
      begin(0, poll_);
      // The poll is waiting once a later request on another connection was answered and some time has passed
      // in the server; a second answered request makes sure.
      for (int k = 0; k < 2; ++k)
        exchange(1, request_text("GetQueueUrl", "{\"QueueName\":\"" + options_.queue.substr(options_.queue.rfind('/') + 1) + "\"}"));
      Clock::time_point sent = Clock::now();
      begin(1, send_);
      bool polled = false, confirmed = false;
      while (!polled || !confirmed) {
        wait_once([&](size_t i) {
          if (i == 0) {
            polled = true;
            latencies_us_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent).count());
          } else {
            confirmed = true;
          }
        });
      }
      connections_[0].receipts.clear();
      bool deleting = start_deletion(0);
      while (deleting) wait_once([&](size_t) { deleting = false; });
      connections_[0].receipts.clear();
    }
    report(latencies_us_.size());
  }

  void exchange(size_t i, const std::string& text) {
    begin(i, text);
    for (bool done = false; !done;) wait_once([&](size_t j) { done = i == j; });
  }

  void report(size_t items) {
    double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    std::ranges::sort(latencies_us_);
    auto at = [&](double share) {
      return latencies_us_.empty() ? 0 : latencies_us_[std::min(latencies_us_.size() - 1, size_t(share * double(latencies_us_.size())))];
    };
    fmt::print(
        "{{\"items\": {}, \"seconds\": {:.3f}, \"items_per_second\": {:.0f}, \"p50_us\": {:.0f}, \"p99_us\": {:.0f}, \"max_us\": "
        "{:.0f}}}\n",
        items, seconds, double(items) / seconds, at(0.5), at(0.99), at(1));
  }

  Options options_;
  std::vector<Connection> connections_;
  int epoll_;
  std::string send_, batch_, receive_, poll_;
  std::vector<double> latencies_us_;
  Clock::time_point began_, end_;
  size_t items_ = 0;
  int in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("--port", options.port);
  app.add_option("--mode", options.mode);
  app.add_option("--queue", options.queue);
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--bytes", options.bytes);
  app.add_option("--count", options.count);
  CLI11_PARSE(app, argc, argv);
  if (options.mode == "poll") options.connections = 2;
  Load(options).run();
}
