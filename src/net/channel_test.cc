// Channels over a stream that keeps bytes of its own, as TLS keeps records: taken is not yet sent.
#include "net/channel.h"

#include <gtest/gtest.h>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

// Takes all it is given and sends a few bytes each time it is waited for; a close loses what it holds then.
class TricklingStream final : public Stream {
 public:
  static constexpr size_t bytes_a_turn = 3;

  TricklingStream(EventLoop& loop, std::string& sent) : loop_(loop), sent_(sent) {}

  void listen(Listener& listener) override { listener_ = &listener; }
  void start_read(std::span<char>) override {}
  void cancel_read() override {}
  Written write_some(std::span<const iovec> parts) override {
    size_t bytes = 0;
    for (const iovec& part : parts) {
      held_.append(static_cast<const char*>(part.iov_base), part.iov_len);
      bytes += part.iov_len;
    }
    return {WriteEnd::taken, bytes};
  }
  void wait_writable() override {
    loop_.post([this] {
      if (is_stuck_at(held_.size())) return;  // writable() is due at the close
      send_some();
      listener_->writable();
    });
  }
  size_t unsent_bytes() const override { return held_.size(); }
  void shut_down_writing() override {}
  void close(bool) override {
    held_.clear();
    if (std::exchange(stuck_, false)) loop_.post([this] { listener_->writable(); });
  }

  void get_stuck_at(size_t held) { stuck_at_ = held; }

 private:
  bool is_stuck_at(size_t held) { return stuck_ = held > 0 && held <= stuck_at_; }
  void send_some() {
    sent_ += held_.substr(0, bytes_a_turn);
    held_.erase(0, bytes_a_turn);
  }

  EventLoop& loop_;
  std::string& sent_;
  std::string held_;
  size_t stuck_at_ = 0;
  bool stuck_ = false;
  Listener* listener_ = nullptr;
};

struct Trickled {
  bool written = false;
  std::string sent;
};

// Writes ten bytes in two parts and closes at once.
Task<Trickled> write_and_close(EventLoop& loop, size_t stuck_at) {
  Executor& home = *Executor::current();
  Trickled result;
  co_await loop.enter();
  {
    auto stream = std::make_unique<TricklingStream>(loop, result.sent);
    stream->get_stuck_at(stuck_at);
    Channel channel(loop, std::move(stream));
    result.written = co_await channel.write({"01234", "56789"}, stuck_at ? Milliseconds(30) : generous);
    channel.close();
    co_await channel.closed();
  }
  co_await home.enter();
  co_return result;
}

Trickled trickle(size_t stuck_at) {
  SimpleExecutor waiting(test_clock);  // outlives the loop, which posts to it
  Loops loops(test_clock, 1);
  loops.start();
  return waiting.run(write_and_close(loops.at(0), stuck_at));
}

TEST(Channel, AWriteEndsWhenItsStreamHoldsNothingBackSoThatACloseLosesNothing) {
  Trickled result = trickle(0);
  EXPECT_TRUE(result.written);
  EXPECT_EQ(result.sent, "0123456789");
}

TEST(Channel, AWriteThatStaysInItsStreamIsGivenUp) {
  Trickled result = trickle(4);
  EXPECT_FALSE(result.written);
  EXPECT_EQ(result.sent, "012345");
}

}  // namespace
}  // namespace outcrop::net
