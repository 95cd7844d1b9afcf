// A load generator for the management API of WebSocket connections: clients that listen, and as many functions' stand-ins, each of which
// posts to its client's connection at a steady pace, as one that relays a model's tokens does. Prints one JSON object: how many messages
// came, how many of them in order, how long they took from before the post to the client, and the longest silence of a client.
//
// usage: bench_connection_posts --port N --path /_aws/execute-api/API/STAGE [--streams N] [--interval-ms N] [--seconds S] [--bytes N]
//
// A client learns its connection's id from the answer to a message that no route takes, or whose route answers it. The path of a stand-in
// for API Gateway may be /, which has no stages.
#include <sys/epoll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "websocket_client.h"

namespace {

using bench::give_up;
using Clock = std::chrono::steady_clock;

struct Options {
  int port = 4566;
  std::string path;
  size_t streams = 512;
  int interval_ms = 20;
  double seconds = 10;
  size_t bytes = 60;
};

int64_t now_us() { return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count(); }

// The payload of the first whole frame of `bytes`, which it is taken from; none while it has not come.
std::optional<std::string> take_frame(std::string& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  size_t size = uint8_t(bytes[1]), begin = 2;
  if (size == 126) {
    if (bytes.size() < 4) return std::nullopt;
    size = size_t(uint8_t(bytes[2])) << 8 | uint8_t(bytes[3]);
    begin = 4;
  }
  if (bytes.size() < begin + size) return std::nullopt;
  if (bytes[0] != '\x81') give_up("no text message came");
  std::string payload = bytes.substr(begin, size);
  bytes.erase(0, begin + size);
  return payload;
}

// One client, and who posts to it.
struct Stream {
  int client = -1, poster = -1;
  std::string id;
  std::string heard, answered;  // bytes that are not whole
  int64_t due_us = 0;           // when the next one is posted
  bool is_posting = false;      // one is not answered yet
  uint64_t posted = 0, came = 0, in_order = 0;
  int64_t last_us = 0, silence_us = 0;

  void open(const Options& options) {
    client = bench::open_websocket(options.port, options.path);
    bench::send_all(client, bench::client_frame(R"({"action":"who am I"})"));
    poster = connect_to(options.port);
    if (poster < 0) give_up("connect");
    ::fcntl(poster, F_SETFL, O_NONBLOCK);
  }

  void post(const Options& options, int64_t now) {
    std::string body = fmt::format("{} {} ", posted++, now);
    body.resize(std::max(body.size(), options.bytes), 'x');
    bench::send_all(
        poster,
        fmt::format("POST {}/@connections/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
                    "X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/execute-api/"
                    "aws4_request, SignedHeaders=host;x-amz-date, Signature={:064}\r\nContent-Length: {}\r\n\r\n{}",
                    options.path == "/" ? "" : options.path, id, 0, body.size(), body));
    is_posting = true;
  }
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), streams_(options.streams), epoll_(::epoll_create1(0)) {
    for (size_t i = 0; i < streams_.size(); ++i) {
      streams_[i].open(options);
      watch(streams_[i].client, 2 * i);
      watch(streams_[i].poster, 2 * i + 1);
    }
    while (known_ < streams_.size()) wait(10'000);
  }

  void run() {
    const int64_t interval = options_.interval_ms * 1000L, begin = now_us(), end = begin + int64_t(options_.seconds * 1e6);
    for (size_t i = 0; i < streams_.size(); ++i) {
      streams_[i].due_us = begin + interval * int64_t(i) / int64_t(streams_.size());
      streams_[i].last_us = begin;
    }
    for (int64_t now = begin; now < end; now = now_us()) {
      for (Stream& each : streams_) {
        if (now < each.due_us || each.is_posting) continue;
        each.post(options_, now);
        each.due_us += interval;
      }
      wait(1);
    }
    for (int64_t last = now_us() + 5'000'000; now_us() < last && came() < posted();) wait(100);
  }

  void report() {
    std::ranges::sort(took_us_);
    if (took_us_.empty()) give_up("nothing came");
    uint64_t in_order = 0;
    int64_t silence_us = 0;
    for (const Stream& each : streams_) {
      in_order += each.in_order;
      silence_us = std::max(silence_us, each.silence_us);
    }
    fmt::print("{{\"posted\":{},\"came\":{},\"in_order\":{},\"p50_us\":{},\"p99_us\":{},\"longest_silence_ms\":{:.1f}}}\n", posted(),
               came(), in_order, took_us_[took_us_.size() / 2], took_us_[took_us_.size() * 99 / 100], double(silence_us) / 1000);
  }

 private:
  void watch(int fd, uint64_t who) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = who}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  uint64_t posted() const { return total(&Stream::posted); }
  uint64_t came() const { return total(&Stream::came); }
  uint64_t total(uint64_t Stream::* what) const {
    uint64_t sum = 0;
    for (const Stream& each : streams_) sum += each.*what;
    return sum;
  }

  void wait(int ms) {
    epoll_event events[256];
    const int count = ::epoll_wait(epoll_, events, 256, ms);
    if (count == 0 && ms >= 10'000) give_up("a client does not learn its connection's id");
    for (int k = 0; k < count; ++k) {
      Stream& stream = streams_[events[k].data.u64 / 2];
      if (events[k].data.u64 % 2 == 0)
        hear(stream);
      else
        read_answer(stream);
    }
  }

  static void read(int fd, std::string& bytes) {
    char buffer[65536];
    const ssize_t size = ::recv(fd, buffer, sizeof buffer, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) give_up("the server closed a connection");
    if (size > 0) bytes.append(buffer, size_t(size));
  }

  void hear(Stream& stream) {
    read(stream.client, stream.heard);
    while (std::optional<std::string> text = take_frame(stream.heard)) {
      if (stream.id.empty()) {
        learn_id(stream, *text);
        continue;
      }
      const int64_t now = now_us();
      const uint64_t number = std::strtoull(text->c_str(), nullptr, 10);
      took_us_.push_back(uint32_t(now - std::strtoll(text->c_str() + text->find(' '), nullptr, 10)));
      if (number == stream.came++) ++stream.in_order;
      stream.silence_us = std::max(stream.silence_us, now - stream.last_us);
      stream.last_us = now;
    }
  }

  void learn_id(Stream& stream, std::string_view text) {
    constexpr std::string_view mark = R"("connectionId":)";
    const size_t at = text.find(mark);
    if (at == text.npos) give_up("an answer does not name its connection");
    const size_t begin = text.find('"', at + mark.size()) + 1;
    stream.id = text.substr(begin, text.find('"', begin) - begin);
    ++known_;
  }

  // Answers have no body.
  void read_answer(Stream& stream) {
    read(stream.poster, stream.answered);
    if (!stream.answered.ends_with("\r\n\r\n")) return;
    if (!stream.answered.starts_with("HTTP/1.1 20")) {
      fmt::print(stderr, "{}\n", stream.answered);
      give_up("a post was refused");
    }
    stream.answered.clear();
    stream.is_posting = false;
  }

  const Options& options_;
  std::vector<Stream> streams_;
  const int epoll_;
  size_t known_ = 0;
  std::vector<uint32_t> took_us_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("posts to WebSocket connections");
  app.add_option("--port", options.port);
  app.add_option("--path", options.path)->required();
  app.add_option("--streams", options.streams)->check(CLI::Range(1, 4096));
  app.add_option("--interval-ms", options.interval_ms)->check(CLI::Range(1, 10'000));
  app.add_option("--seconds", options.seconds);
  app.add_option("--bytes", options.bytes)->check(CLI::Range(0, 65'000));
  CLI11_PARSE(app, argc, argv);
  Load load(options);
  load.run();
  load.report();
}
