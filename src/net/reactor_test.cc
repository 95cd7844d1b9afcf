#include "net/reactor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <vector>

namespace outcrop::net {
namespace {

constexpr Milliseconds at_once{0}, for_ever{-1};

struct Told final : Reactor::Watcher {
  void ready(uint32_t events) override {
    seen.push_back(events);
    if (then) then();
  }
  std::vector<uint32_t> seen;
  std::function<void()> then;
};

// Both ends of a connection that does not block.
struct Pair {
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0); }
  ~Pair() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void send() { EXPECT_EQ(::write(ends[1], "x", 1), 1); }
  int ends[2];
};

struct ReactorTest : testing::Test {
  Reactor reactor;
  Pair pair, other;
  Told told, other_told;

  void poll(Milliseconds timeout = at_once) {
    reactor.wait(timeout);
    reactor.tell();
  }
};

TEST_F(ReactorTest, TellsOfTheStateAtFirstAndThenOfEachChange) {
  ASSERT_TRUE(reactor.watch(pair.ends[0], told));
  poll();
  ASSERT_EQ(told.seen.size(), 1u);
  EXPECT_TRUE(told.seen[0] & EPOLLOUT);
  EXPECT_FALSE(told.seen[0] & EPOLLIN);
  poll();
  EXPECT_EQ(told.seen.size(), 1u);

  pair.send();
  poll();
  poll();  // what was not read is no change
  ASSERT_EQ(told.seen.size(), 2u);
  EXPECT_TRUE(told.seen[1] & EPOLLIN);
  pair.send();
  poll();
  EXPECT_EQ(told.seen.size(), 3u);
}

TEST_F(ReactorTest, TellsOfThePeersEnd) {
  ASSERT_TRUE(reactor.watch(pair.ends[0], told));
  poll();
  pair.send();
  ::shutdown(pair.ends[1], SHUT_WR);
  poll();
  EXPECT_TRUE(told.seen.back() & EPOLLRDHUP);
}

TEST_F(ReactorTest, TellsOnceOfAStateUntilItIsAskedAgain) {
  pair.send();
  for (size_t count : {1, 2}) {
    ASSERT_TRUE(reactor.watch_once(pair.ends[0], EPOLLIN, told));
    poll();
    poll();
    pair.send();
    poll();
    EXPECT_EQ(told.seen.size(), count);
  }
}

TEST_F(ReactorTest, WhoIsForgottenMeanwhileIsNotTold) {
  ASSERT_TRUE(reactor.watch_once(pair.ends[0], EPOLLOUT, told));
  ASSERT_TRUE(reactor.watch_once(other.ends[0], EPOLLOUT, other_told));
  told.then = [&] { reactor.forget(other.ends[0], other_told); };
  other_told.then = [&] { reactor.forget(pair.ends[0], told); };
  poll();
  EXPECT_EQ(told.seen.size() + other_told.seen.size(), 1u);
}

TEST_F(ReactorTest, AnotherThreadWakesIt) {
  std::thread waker([&] { reactor.wake(); });
  poll(for_ever);
  waker.join();
  reactor.wake();
  poll(for_ever);  // a call that came before the wait counts too
}

TEST_F(ReactorTest, ADescriptorThatCannotBeWatchedIsRefused) {
  EXPECT_FALSE(reactor.watch(-1, told));
  EXPECT_FALSE(reactor.watch_once(-1, EPOLLIN, told));
}

}  // namespace
}  // namespace outcrop::net
