#include "net/deferred.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

namespace outcrop::net {
namespace {

struct Work : Deferred {
  explicit Work(std::function<void()> act) : Deferred(run, this), act(std::move(act)) {}
  static void run(void* work) { std::function(static_cast<Work*>(work)->act)(); }  // a copy: it may destroy the work
  std::function<void()> act;
};

struct DeferredTest : testing::Test {
  Deferred::Queue queue;
  std::vector<int> done;
  std::function<void()> note(int number) {
    return [this, number] { done.push_back(number); };
  }
};

TEST_F(DeferredTest, RunsInOrderAndEachOnce) {
  Work first(note(1)), second(note(2));
  queue.add(first);
  queue.add(second);
  queue.add(first);
  EXPECT_TRUE(first.is_waiting());
  queue.run();
  queue.run();
  EXPECT_EQ(done, (std::vector{1, 2}));
  EXPECT_FALSE(first.is_waiting());
  EXPECT_TRUE(queue.is_empty());
}

TEST_F(DeferredTest, WhatIsAddedMeanwhileWaitsForTheNextTime) {
  Work again([&] {
    done.push_back(1);
    if (done.size() < 3) queue.add(again);
  });
  queue.add(again);
  queue.run();
  EXPECT_EQ(done.size(), 1u);
  EXPECT_FALSE(queue.is_empty());
  queue.run();
  queue.run();
  queue.run();
  EXPECT_EQ(done.size(), 3u);
}

TEST_F(DeferredTest, OneMayCancelAnotherThatWaitsBesideIt) {
  auto second = std::make_unique<Work>(note(2));
  Work third(note(3)), fourth(note(4));
  Work first([&] {
    second.reset();
    fourth.cancel();
  });
  for (Work* work : {&first, second.get(), &third, &fourth}) queue.add(*work);
  queue.run();
  EXPECT_EQ(done, (std::vector{3}));
}

TEST_F(DeferredTest, OneMayDestroyItself) {
  std::unique_ptr<Work> only;
  only = std::make_unique<Work>([&] {
    only.reset();
    done.push_back(1);
  });
  queue.add(*only);
  queue.run();
  EXPECT_EQ(done, (std::vector{1}));
}

TEST_F(DeferredTest, MayOutliveItsQueue) {
  Work work(note(1));
  {
    Deferred::Queue shorter;
    shorter.add(work);
  }
  EXPECT_FALSE(work.is_waiting());
  queue.add(work);
  queue.run();
  EXPECT_EQ(done, (std::vector{1}));
}

}  // namespace
}  // namespace outcrop::net
