// Dead-letter queues and message move tasks.
#include "services/sqs/testing/queue_harness.h"

namespace outcrop::sqs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Moving : public QueueHarness {
 protected:
  Result<MoveTask> start(std::string id, std::optional<std::string> destination_arn, std::optional<int32_t> messages_per_second) {
    auto queue = open(named("dead"));
    return on_shard([&] { return queue->start_move_task(id, destination_arn, messages_per_second); });
  }
  Result<int64_t> cancel(std::string id) {
    auto queue = open(named("dead"));
    return on_shard([&] { return queue->cancel_move_task(id); });
  }
  QueueName make_source(const QueueName& dead, int receives, std::string name = "q") {
    return make(name, {{"VisibilityTimeout", "10"},
                       {"RedrivePolicy", fmt::format(R"({{"deadLetterTargetArn":"{}","maxReceiveCount":"{}"}})", dead.arn(), receives)}});
  }
  void fail_all(const QueueName& queue, int receives) {
    for (int i = 0; i < receives; ++i) {
      receive(queue);
      advance(10s);
    }
    receive(queue);
    settle();
  }
  // Steps until the task has ended, advancing the clock as it asks.
  void finish_task(const QueueName& queue) {
    for (int steps = 0; steps < 1000; ++steps) {
      auto next = world.run(open(queue)->move_some()).value();
      world.run(shard().committed()).value();
      if (!next) return;
      if (*next > world.clock.wall()) advance(*next - world.clock.wall());
    }
    FAIL() << "the task does not end";
  }
};

TEST_F(Moving, a_message_received_too_often_goes_to_the_dead_letter_queue_as_it_was) {
  auto dead = make("dead"), queue = make_source(dead, 2);
  Sent sent = send(queue, "poison");
  advance(5s);
  fail_all(queue, 2);
  EXPECT_EQ(open(queue)->counts(), Counts{});
  auto got = receive(dead);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].message->message_id, sent.message_id);
  EXPECT_EQ(got[0].message->sent, TestWorld::start);
  EXPECT_EQ(got[0].receive_count, 3);
  EXPECT_EQ(got[0].message->dead_letter_source_arn, queue.arn());
  restart();
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(30s);
  EXPECT_THAT(received_bodies(dead), ElementsAre("poison"));
}

TEST_F(Moving, retention_in_the_dead_letter_queue_counts_from_the_first_send) {
  auto dead = make("dead", {{"MessageRetentionPeriod", "60"}}), queue = make_source(dead, 1);
  send(queue, "poison");
  fail_all(queue, 1);
  EXPECT_EQ(open(dead)->counts().visible, 1);
  advance(49999ms);
  EXPECT_EQ(open(dead)->counts().visible, 1);
  advance(1ms);
  settle();
  EXPECT_EQ(open(dead)->counts(), Counts{});
}

TEST_F(Moving, a_message_that_cannot_move_stays_and_is_tried_again) {
  auto dead = make("dead"), queue = make_source(dead, 1);
  send(queue, "poison");
  carries_failing = 1;
  fail_all(queue, 1);
  EXPECT_EQ(open(queue)->counts().visible, 1);
  advance(1s);
  receive(queue);
  settle();
  EXPECT_THAT(received_bodies(dead), ElementsAre("poison"));
  EXPECT_EQ(open(queue)->counts(), Counts{});
}

TEST_F(Moving, a_task_moves_messages_back_to_where_they_came_from_as_new_ones) {
  auto dead = make("dead"), a = make_source(dead, 1, "a"), b = make_source(dead, 1, "b");
  Sent sent = send(a, "from a");
  send(b, "from b");
  fail_all(a, 1);
  fail_all(b, 1);
  ASSERT_EQ(open(dead)->counts().visible, 2);
  start("task", std::nullopt, std::nullopt).value();
  EXPECT_FALSE(start("second", std::nullopt, std::nullopt));
  finish_task(dead);
  const MoveTask& task = open(dead)->move_tasks().front();
  EXPECT_EQ(task.status, "COMPLETED");
  EXPECT_EQ(task.moved, 2);
  auto got = receive(a);
  ASSERT_EQ(bodies(got), std::vector<std::string>{"from a"});
  EXPECT_NE(got[0].message->message_id, sent.message_id);
  EXPECT_EQ(got[0].receive_count, 1);
  EXPECT_FALSE(got[0].message->dead_letter_source_arn);
  EXPECT_THAT(received_bodies(b), ElementsAre("from b"));
  EXPECT_EQ(open(dead)->counts(), Counts{});
}

TEST_F(Moving, a_task_keeps_its_rate_and_goes_on_after_a_restart) {
  auto dead = make("dead"), other = make("other");
  for (int i = 0; i < 5; ++i) send(dead, std::to_string(i));
  start("task", other.arn(), 2).value();
  world.run(shard().committed()).value();
  Instant started = world.clock.wall();
  world.run(open(dead)->move_some()).value();
  world.run(shard().committed()).value();
  EXPECT_EQ(open(other)->counts().visible, 1);
  restart();
  finish_task(dead);
  EXPECT_EQ(open(other)->counts().visible, 5);
  EXPECT_EQ(world.clock.wall() - started, 1500ms) << "a message every half second; the restart saved one wait";
  EXPECT_EQ(open(dead)->move_tasks().front().status, "COMPLETED");
}

TEST_F(Moving, a_cancelled_task_leaves_the_rest_and_reports_what_it_moved) {
  auto dead = make("dead"), other = make("other");
  for (int i = 0; i < 3; ++i) send(dead, std::to_string(i));
  start("task", other.arn(), 1).value();
  world.run(open(dead)->move_some()).value();
  EXPECT_EQ(cancel("task").value(), 1);
  EXPECT_FALSE(cancel("task"));
  EXPECT_EQ(world.run(open(dead)->move_some()).value(), std::nullopt);
  EXPECT_EQ(open(dead)->counts().visible, 2);
  EXPECT_TRUE(start("next", other.arn(), std::nullopt));
}

TEST_F(Moving, a_task_fails_where_the_source_is_unknown) {
  auto dead = make("dead");
  send(dead, "sent here directly");
  start("task", std::nullopt, std::nullopt).value();
  finish_task(dead);
  EXPECT_EQ(open(dead)->move_tasks().front().status, "FAILED");
  EXPECT_EQ(open(dead)->move_tasks().front().failure_reason, "CouldNotDetermineMessageSource");
  EXPECT_EQ(open(dead)->counts().visible, 1);
}

TEST_F(Moving, a_fifo_group_keeps_its_order_into_the_dead_letter_queue) {
  auto dead = make("dead.fifo", {{"FifoQueue", "true"}});
  auto queue = make("q.fifo", {{"FifoQueue", "true"},
                               {"VisibilityTimeout", "10"},
                               {"RedrivePolicy", fmt::format(R"({{"deadLetterTargetArn":"{}","maxReceiveCount":1}})", dead.arn())}});
  for (std::string body : {"1", "2", "3"}) send(queue, body, {.group = "g"});
  EXPECT_THAT(received_bodies(queue, 2), ElementsAre("1", "2"));
  advance(10s);
  EXPECT_THAT(received_bodies(queue), ElementsAre("3")) << "what went away no longer holds the group back";
  settle();
  EXPECT_THAT(received_bodies(dead), ElementsAre("1", "2"));
}

}  // namespace
}  // namespace outcrop::sqs
