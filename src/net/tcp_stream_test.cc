// A stream over a socket, turn by turn: the loop runs until nothing is left to do.
#include "net/tcp_stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

struct Ended {
  Stream::ReadEnd end;
  std::string bytes;
  bool operator==(const Ended&) const = default;
};

struct TcpStreamTest : testing::Test, Stream::Listener {
  TcpStreamTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_), 0);
    stream = std::make_unique<TcpStream>(loop, ends_[0]);
    stream->listen(*this);
  }
  ~TcpStreamTest() override {
    stream.reset();
    hang_up();
  }

  // Until what was begun has ended, or `turns` of the loop.
  void run(int turns = 20) {
    std::function<void()> turn = [&] { turns-- > 0 ? loop.post([&] { turn(); }) : loop.stop(); };
    loop.post([&] { turn(); });
    loop.run();
  }
  void read(size_t bytes) { stream->start_read(std::span(buffer_).first(bytes)); }
  void send(std::string_view bytes) { EXPECT_EQ(::write(ends_[1], bytes.data(), bytes.size()), ssize_t(bytes.size())); }
  size_t take_all() {
    size_t taken = 0;
    char part[65536];
    for (ssize_t n; (n = ::read(ends_[1], part, sizeof part)) > 0;) taken += size_t(n);
    return taken;
  }
  void hang_up() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }
  // Until the stream is full.
  size_t fill() {
    const std::string bytes(100'000, 'x');
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    for (size_t sent = 0;;) {
      const Stream::Written written = stream->write_some({&part, 1});
      if (written.end != Stream::WriteEnd::taken) return sent;
      sent += written.bytes;
    }
  }

  void read_ended(Stream::ReadEnd end, size_t bytes) override {
    ended.push_back({end, std::string(buffer_.data(), bytes)});
    if (then) then();
  }
  void writable() override { ++writables; }

  EventLoop loop{test_clock};
  std::unique_ptr<TcpStream> stream;
  std::vector<Ended> ended;
  int writables = 0;
  std::function<void()> then;

 private:
  int ends_[2];
  std::array<char, 64> buffer_;
};

using enum Stream::ReadEnd;

TEST_F(TcpStreamTest, AReadWaitsForBytes) {
  read(10);
  run();
  EXPECT_TRUE(ended.empty());
  send("hello");
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{bytes, "hello"}}));
}

TEST_F(TcpStreamTest, WhatCameBeforeTheReadIsRead) {
  send("hello");
  run();
  read(10);
  EXPECT_TRUE(ended.empty());  // not within the call
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{bytes, "hello"}}));
}

// The peer's end comes with the bytes, so that nothing changes after it.
TEST_F(TcpStreamTest, ReadsSmallerThanWhatCameGetAllOfItAndTheEnd) {
  send("abcdefgh");
  hang_up();
  then = [&] {
    if (ended.back().end == bytes) read(4);
  };
  read(4);
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{bytes, "abcd"}, {bytes, "efgh"}, {end_of_stream, ""}}));
}

TEST_F(TcpStreamTest, ALargerReadGetsTheEndThatCameWithTheBytes) {
  send("abc");
  hang_up();
  then = [&] {
    if (ended.back().end == bytes) read(10);
  };
  read(10);
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{bytes, "abc"}, {end_of_stream, ""}}));
}

TEST_F(TcpStreamTest, ReadsGoOnForAsLongAsBytesCome) {
  std::string all;
  then = [&] {
    all += ended.back().bytes;
    if (all.size() < 9'000) {
      if (all.size() % 90 == 0) send(std::string(90, 'x'));
      read(64);
    }
  };
  send(std::string(90, 'x'));
  read(64);
  run(2'000);
  EXPECT_EQ(all.size(), 9'000u);
}

TEST_F(TcpStreamTest, ACancelledReadFailsAndTheNextOneReads) {
  read(10);
  run();
  stream->cancel_read();
  EXPECT_TRUE(ended.empty());
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{failed, ""}}));
  send("hello");
  run();
  read(10);
  run();
  EXPECT_EQ(ended.back(), (Ended{bytes, "hello"}));
}

TEST_F(TcpStreamTest, AFullStreamTellsWhenItTakesBytesAgain) {
  ASSERT_GT(fill(), 0u);
  stream->wait_writable();
  run();
  EXPECT_EQ(writables, 0);
  EXPECT_GT(take_all(), 0u);
  run();
  EXPECT_EQ(writables, 1);
  EXPECT_GT(fill(), 0u);
}

TEST_F(TcpStreamTest, AStreamThatTakesBytesIsWritableInTheNextTurn) {
  stream->wait_writable();
  EXPECT_EQ(writables, 0);
  run();
  EXPECT_EQ(writables, 1);
}

TEST_F(TcpStreamTest, ACloseEndsTheReadAndTheWait) {
  fill();
  stream->wait_writable();
  read(10);
  run();
  stream->close(false);
  EXPECT_TRUE(ended.empty());
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{failed, ""}}));
  EXPECT_EQ(writables, 1);
  read(10);
  run();
  EXPECT_EQ(ended.size(), 2u);
  EXPECT_EQ(stream->write_some({}).end, Stream::WriteEnd::failed);
}

TEST_F(TcpStreamTest, WhoIsToldMayDestroyTheStream) {
  then = [&] { stream.reset(); };
  send("hello");
  read(10);
  run();
  EXPECT_EQ(ended.size(), 1u);
}

TEST_F(TcpStreamTest, ASocketThatCannotBeWatchedFailsItsReads) {
  TcpStream broken(loop, -1);
  broken.listen(*this);
  broken.start_read({});
  run();
  EXPECT_EQ(ended, (std::vector<Ended>{{failed, ""}}));
}

}  // namespace
}  // namespace outcrop::net
