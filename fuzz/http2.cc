// HTTP/2 from the first frame to the end of the connection, over a stream in memory: whatever a peer sends and however it is
// cut, requests that reach the handler are as strict as HTTP/1.1's, what is answered consists of whole frames, and everything
// ends. The first byte chooses the cuts and how much the peer takes at once.
#include "base/check.h"
#include "net/greeting.h"
#include "net/http2/connection.h"

namespace {

using namespace outcrop;
using namespace outcrop::net;

class MemoryStream final : public Stream {
 public:
  MemoryStream(EventLoop& loop, std::string input, uint8_t cuts, std::string& output)
      : loop_(loop), input_(std::move(input)), sequence_(cuts), output_(output) {}

  void listen(Listener& listener) override { listener_ = &listener; }
  void start_read(std::span<char> into) override {
    reading_ = true;
    loop_.post([this, into] { deliver(into); });
  }
  void cancel_read() override { cancelled_ = reading_; }
  Written write_some(std::span<const iovec> parts) override {
    if (closed_) return {WriteEnd::failed, 0};
    if (next() % 8 == 0) return {WriteEnd::full, 0};
    size_t bytes = std::min<size_t>(parts[0].iov_len, 1 + next() % 20'000);
    output_.append(static_cast<const char*>(parts[0].iov_base), bytes);
    return {WriteEnd::taken, bytes};
  }
  void wait_writable() override {
    loop_.post([this] { listener_->writable(); });
  }
  void shut_down_writing() override {}
  void close(bool) override {
    closed_ = true;
    cancel_read();
  }

 private:
  void deliver(std::span<char> into) {
    reading_ = false;
    if (std::exchange(cancelled_, false) || closed_) return listener_->read_ended(ReadEnd::failed, 0);
    size_t bytes = std::min({into.size(), input_.size() - taken_, size_t(1 + next() % 2'000)});
    if (bytes == 0) return listener_->read_ended(ReadEnd::end_of_stream, 0);
    std::copy_n(input_.data() + taken_, bytes, into.data());
    taken_ += bytes;
    listener_->read_ended(ReadEnd::bytes, bytes);
  }
  uint32_t next() { return (sequence_ = sequence_ * 1664525 + 1013904223) >> 12; }

  EventLoop& loop_;
  const std::string input_;
  size_t taken_ = 0;
  uint32_t sequence_;
  std::string& output_;
  Listener* listener_ = nullptr;
  bool reading_ = false, cancelled_ = false, closed_ = false;
};

void check_head(const RequestHead& head) {
  check(is_token(head.method) && !head.host.empty(), "no method or host");
  check(head.path.starts_with('/') || head.path == "*", "a path that is none");
  check(all_are(head.path, target_byte) && all_are(head.query, target_byte) && all_are(head.host, host_byte), "bytes that end a line");
  for (const Header& header : head.headers) {
    check(is_token(header.name), "a name that is no token");
    check(all_are(header.value, value_byte), "a value that ends a line");
    check(header.name != "transfer-encoding" && header.name != "connection", "a field of a connection");
  }
}

// Answers in one of the ways there are, as the path says.
class Answering final : public Handler {
 public:
  Task<void> serve(Exchange& exchange) override {
    check_head(exchange.head());
    char way = exchange.head().path.size() > 1 ? exchange.head().path[1] : 'w';
    if (way == 'a') co_return exchange.abort();
    if (way == 'n') co_return;
    if (way == 'e') co_return (void) co_await exchange.respond({403}, "early");
    Result<std::string> body = co_await exchange.read_body(10'000);
    if (body && exchange.content_length()) check(body->size() == *exchange.content_length(), "a body of another length");
    if (way == 'w') co_return (void) co_await exchange.respond({200}, body ? *body : body.error().code);
    (void)co_await exchange.start({200});
    for (int i = 0; i < 3; ++i) (void)co_await exchange.write(std::string(7'000, 'x'));
    (void)co_await exchange.finish(exchange.trailers());
  }
};

void check_frames(std::string_view output) {
  while (output.size() >= 9) {
    size_t bytes = 9 + (size_t(uint8_t(output[0])) << 16 | size_t(uint8_t(output[1])) << 8 | uint8_t(output[2]));
    check(bytes <= 9 + 16'384 && uint8_t(output[3]) <= 9, "what is sent is no frame");
    output.remove_prefix(std::min(bytes, output.size()));
  }
}

Task<void> converse(ServerLoop& home, std::unique_ptr<Stream> stream) {
  {
    Channel channel(home.loop(), std::move(stream));
    {
      Http2Connection connection(home, channel, {}, false);
      co_await connection.run();
    }
    channel.close();
    co_await channel.closed();
  }
  home.loop().stop();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr std::string_view no_settings("\0\0\0\4\0\0\0\0\0", 9);
  std::string input = std::string(http2_preface) + std::string(no_settings);
  input.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string output;
  RealClock clock;
  EventLoop loop(clock);
  BodyBudget budget(clock, 1'000'000);
  Answering handler;
  const Milliseconds soon{20};
  const ServerOptions options{
      .idle_timeout = soon, .head_timeout = soon, .body_timeout = soon, .write_timeout = soon, .linger_timeout = soon};
  std::atomic<bool> crowded = false;
  ServerLoop home(loop, budget, handler, options, crowded);
  TaskGroup tasks;
  tasks.spawn_on(loop, converse(home, std::make_unique<MemoryStream>(loop, std::move(input), data[0], output)));
  loop.run();
  check(tasks.running() == 0 && budget.bytes_held() == 0 && home.unread_bytes == 0, "a connection that ended left something behind");
  check_frames(output);
  return 0;
}
