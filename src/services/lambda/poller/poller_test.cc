#include "services/lambda/testing/poller_harness.h"

namespace outcrop::lambda {
namespace {

using testing::ElementsAre;

class PollerTest : public PollerHarness {
 protected:
  using Answer = EventFunction::Answer;

  std::vector<int> left() const {
    std::vector<int> numbers;
    for (const auto& [number, message] : queue.messages()) numbers.push_back(number);
    return numbers;
  }
};

TEST_F(PollerTest, AMessageGoesToTheFunctionAndOutOfTheQueue) {
  start();
  queue.send("hello");
  settle();
  EXPECT_THAT(function.all_bodies(), ElementsAre("hello"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, AMessageStaysUntilItsInvocationSucceeded) {
  function.is_holding = true;
  start();
  queue.send("hello");
  settle();
  EXPECT_EQ(function.running, 1u);
  EXPECT_EQ(queue.size(), 1u);
  function.release();
  settle();
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, ABatchThatFailsComesBackAfterTheVisibilityTimeout) {
  function.answer = [this](const json::Value&) { return Answer{function.events.size() == 1, "{}"}; };
  start();
  queue.send("hello");
  settle();
  advance(29s);
  EXPECT_EQ(function.events.size(), 1u);
  EXPECT_EQ(queue.size(), 1u);
  advance(1s);
  EXPECT_THAT(function.all_bodies(), ElementsAre("hello", "hello"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, OnlyWhatFailedOfABatchComesBack) {
  function.answer = [](const json::Value&) { return Answer{false, R"({"batchItemFailures":[{"itemIdentifier":"m2"}]})"}; };
  for (const char* body : {"a", "b", "c"}) queue.send(body);
  start({.reports_item_failures = true});
  EXPECT_THAT(left(), ElementsAre(2));
  advance(30s);
  EXPECT_THAT(function.bodies(1), ElementsAre("b"));
}

TEST_F(PollerTest, WithoutItemFailuresTheAnswerSaysNothing) {
  function.answer = [](const json::Value&) { return Answer{false, R"({"batchItemFailures":[{"itemIdentifier":"m1"}]})"}; };
  queue.send("a");
  start();
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, WhatNoFilterWantsIsDeletedUnseen) {
  start({.filter = filter(R"({"body":{"kind":["order"]}})")});
  queue.send(R"({"kind":"refund"})");
  queue.send(R"({"kind":"order"})");
  queue.send("no json");
  settle();
  EXPECT_THAT(function.all_bodies(), ElementsAre(R"({"kind":"order"})"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, ABatchHoldsWhatItsSizeAllows) {
  for (int i = 0; i < 7; ++i) queue.send("x");
  start({.batch_size = 3});
  EXPECT_EQ(function.bodies(0).size(), 3u);
  EXPECT_EQ(function.events.size(), 3u);
}

TEST_F(PollerTest, AWindowGathersUntilItEnds) {
  start({.batch_size = 100, .window = 10s});
  queue.send("first");
  advance(4s);
  queue.send("second");
  advance(5999ms);
  EXPECT_EQ(function.events.size(), 0u);
  advance(1ms);
  EXPECT_THAT(function.bodies(0), ElementsAre("first", "second"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, AWindowEndsWhenTheBatchIsFull) {
  start({.batch_size = 25, .window = 300s});
  for (int i = 0; i < 25; ++i) queue.send("x");
  settle();
  ASSERT_EQ(function.events.size(), 1u);
  EXPECT_EQ(function.bodies(0).size(), 25u);
}

TEST_F(PollerTest, AnEventIsNoLargerThanAnInvocationMayBe) {
  for (int i = 0; i < 10; ++i) queue.send(std::string(1 << 20, 'x'));
  start();
  ASSERT_EQ(function.events.size(), 2u);
  EXPECT_EQ(function.bodies(0).size(), 5u);
  EXPECT_LE(function.event_bytes[0], size_t(6 << 20));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, ARefusedBatchIsTriedAgainWhileItIsHidden) {
  int refusals = 3;
  function.answer = [&](const json::Value&) -> Result<Answer> {
    if (refusals-- > 0) return fail(throttled());
    return Answer{};
  };
  start();
  queue.send("hello");
  settle();
  EXPECT_EQ(function.events.size(), 1u);
  advance(5s);
  EXPECT_EQ(function.events.size(), 4u);
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, ARefusedBatchIsLeftToTheQueueWhenItIsVisibleAgain) {
  function.answer = [](const json::Value&) -> Result<Answer> { return fail(throttled()); };
  start();
  queue.send("hello");
  advance(29s);
  EXPECT_EQ(queue.messages().at(1).receives, 1);
  function.answer = [](const json::Value&) { return Answer{}; };
  advance(1s);
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_GT(function.events.size(), 3u);
}

TEST_F(PollerTest, ARefusedBatchGoesOnWhenAnotherInvocationEnds) {
  bool is_busy = false;
  function.answer = [&](const json::Value&) -> Result<Answer> {
    if (is_busy) return fail(throttled());
    is_busy = true;
    return Answer{};
  };
  function.is_holding = true;
  start({.batch_size = 1});
  queue.send("first");
  queue.send("second");
  settle();
  EXPECT_EQ(function.running, 1u);
  is_busy = false;
  function.release();
  settle();
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, MessagesBeyondTheReservedConcurrencyWaitInTheQueue) {
  function.settings->reserved_concurrency = 2;
  function.is_holding = true;
  for (int i = 0; i < 10; ++i) queue.send("x");
  start({.batch_size = 1, .concurrency_max = 1000});
  EXPECT_EQ(function.running, 2u);
  EXPECT_EQ(std::ranges::count_if(queue.messages(), [](const auto& entry) { return entry.second.receives == 0; }), 8);
  function.release();
  settle();
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(function.running_max, 2u);
}

TEST_F(PollerTest, AReservedConcurrencyOfZeroReceivesNothing) {
  function.settings->reserved_concurrency = 0;
  queue.send("x");
  start();
  EXPECT_EQ(queue.receives, 0u);
  EXPECT_TRUE(poller->problem());
  function.settings->reserved_concurrency = 1;
  advance(10s);
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_FALSE(poller->problem());
}

TEST_F(PollerTest, FiveInvocationsRunAtOnceAtFirstAndMoreAsMessagesWait) {
  function.is_holding = true;
  for (int i = 0; i < 20; ++i) queue.send("x");
  start({.batch_size = 1, .concurrency_max = 7});
  EXPECT_EQ(function.running, 5u);
  test.executor.run_until([&] { return function.running == 7; });
  settle();
  EXPECT_EQ(function.running, 7u);
}

TEST_F(PollerTest, FailuresTakeConcurrencyAway) {
  function.answer = [](const json::Value&) { return Answer{true, "{}"}; };
  for (int i = 0; i < 20; ++i) queue.send("x");
  start({.batch_size = 1, .concurrency_max = 1000});
  EXPECT_EQ(poller->workers(), 1u);
  EXPECT_EQ(queue.size(), 20u);
}

TEST_F(PollerTest, OneLongPollWaitsWhileNothingComes) {
  start();
  EXPECT_EQ(queue.waiting(), 1u);
  const size_t before = queue.receives;
  advance(60s);
  EXPECT_EQ(queue.receives, before + 3);
}

TEST_F(PollerTest, WorkersThatABurstBroughtGo) {
  for (int i = 0; i < 100; ++i) queue.send("x");
  start({.batch_size = 1});
  advance(21s);
  EXPECT_EQ(poller->workers(), 1u);
}

TEST_F(PollerTest, AQueueThatIsGoneIsToldAndAskedAgain) {
  start();
  EXPECT_FALSE(poller->problem());
  queue.fault_with(Fault{"QueueDoesNotExist", 400, "The specified queue does not exist."});
  settle();
  EXPECT_EQ(poller->problem(), "PROBLEM: The specified queue does not exist.");
  advance(3600s);
  EXPECT_LT(queue.receives, 400u);
  queue.fault_with(std::nullopt);
  queue.send("hello");
  advance(10s);
  EXPECT_FALSE(poller->problem());
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(PollerTest, MessagesOfAFunctionThatIsGoneAreNotReceived) {
  function.settings = fail("ResourceNotFoundException", 404, "Function not found: f");
  queue.send("hello");
  start();
  advance(60s);
  EXPECT_EQ(queue.receives, 0u);
  EXPECT_EQ(poller->problem(), "PROBLEM: Function not found: f");
}

TEST_F(PollerTest, WhatWasReceivedIsProcessedAfterAStop) {
  function.is_holding = true;
  start({.batch_size = 1});
  queue.send("first");
  settle();
  poller->request_stop();
  queue.send("second");
  function.release();
  settle();
  EXPECT_THAT(function.all_bodies(), ElementsAre("first"));
  EXPECT_THAT(left(), ElementsAre(2));
}

TEST_F(PollerTest, AGroupIsProcessedInOrderAndOneBatchAtATime) {
  function.is_holding = true;
  for (int i = 1; i <= 4; ++i) queue.send(std::to_string(i), "a");
  queue.send("other", "b");
  start({.batch_size = 2, .is_fifo = true});
  EXPECT_THAT(function.bodies(0), ElementsAre("1", "2"));
  EXPECT_THAT(function.bodies(1), ElementsAre("other"));
  EXPECT_EQ(function.events.size(), 2u);
  function.release();
  settle();
  EXPECT_THAT(function.bodies(2), ElementsAre("3", "4"));
}

TEST_F(PollerTest, AFailedBatchBlocksItsGroupAlone) {
  function.answer = [this](const json::Value&) { return Answer{function.bodies(function.events.size() - 1).front() == "1", "{}"}; };
  for (int i = 1; i <= 2; ++i) queue.send(std::to_string(i), "a");
  queue.send("other", "b");
  start({.batch_size = 1, .is_fifo = true});
  EXPECT_THAT(left(), ElementsAre(1, 2));
  function.answer = [](const json::Value&) { return Answer{}; };
  advance(30s);
  EXPECT_THAT(function.all_bodies(), ElementsAre("1", "other", "1", "2"));
}

TEST_F(PollerTest, WhatFollowsAFailedEventOfALargeFifoBatchWaits) {
  for (int i = 0; i < 10; ++i) queue.send(std::string(1 << 20, char('0' + i)), "a");
  function.answer = [](const json::Value&) { return Answer{true, "{}"}; };
  start({.is_fifo = true});
  EXPECT_EQ(function.events.size(), 1u);
  EXPECT_EQ(queue.size(), 10u);
}

}  // namespace
}  // namespace outcrop::lambda
