// What a standard queue does, as a specification.
#include "services/sqs/limits.h"
#include "services/sqs/testing/queue_harness.h"

namespace outcrop::sqs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StandardQueue : public QueueHarness {
 protected:
  Result<void> purge(const QueueName& queue) {
    auto opened = open(queue);
    return on_shard([&] { return opened->purge(); });
  }
};

TEST_F(StandardQueue, a_received_message_is_invisible_until_its_visibility_timeout_ends) {
  auto queue = make("q", {{"VisibilityTimeout", "30"}});
  send(queue, "a");
  EXPECT_THAT(received_bodies(queue), ElementsAre("a"));
  advance(29999ms);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(1ms);
  auto again = receive(queue);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].receive_count, 2);
  EXPECT_EQ(again[0].first_received, TestWorld::start);
}

TEST_F(StandardQueue, a_receive_may_set_its_own_visibility_timeout_down_to_zero) {
  auto queue = make("q");
  send(queue, "a");
  EXPECT_EQ(receive(queue, {.visibility_timeout = 0s}).size(), 1u);
  EXPECT_EQ(receive(queue, {.visibility_timeout = 5s}).size(), 1u);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(5s);
  EXPECT_THAT(received_bodies(queue), ElementsAre("a"));
}

TEST_F(StandardQueue, a_deleted_message_does_not_come_back) {
  auto queue = make("q");
  send(queue, "a");
  auto got = receive(queue);
  ASSERT_TRUE(remove(queue, got[0]));
  ASSERT_TRUE(remove(queue, got[0])) << "deleting again is fine";
  advance(60s);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  restart();
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  EXPECT_EQ(open(queue)->counts(), Counts{});
}

TEST_F(StandardQueue, a_handle_deletes_after_its_timeout_but_not_after_a_newer_receive) {
  auto queue = make("q", {{"VisibilityTimeout", "1"}});
  send(queue, "a");
  auto first = receive(queue);
  advance(1s);
  auto second = receive(queue);
  ASSERT_TRUE(remove(queue, first[0]));
  advance(1s);
  EXPECT_EQ(open(queue)->counts().visible, 1) << "the older handle is answered but does not delete";
  ASSERT_TRUE(remove(queue, second[0]));
  EXPECT_EQ(open(queue)->counts(), Counts{});
}

TEST_F(StandardQueue, a_delayed_message_becomes_visible_at_its_instant) {
  auto queue = make("q", {{"DelaySeconds", "10"}});
  send(queue, "queue's delay");
  send(queue, "none", {.delay = 0s});
  send(queue, "its own", {.delay = 3s});
  EXPECT_EQ(open(queue)->counts(), (Counts{.visible = 1, .delayed = 2}));
  EXPECT_THAT(received_bodies(queue), ElementsAre("none"));
  advance(3s);
  EXPECT_THAT(received_bodies(queue), ElementsAre("its own"));
  advance(6999ms);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(1ms);
  EXPECT_THAT(received_bodies(queue), ElementsAre("queue's delay"));
  EXPECT_EQ(open(queue)->counts(), (Counts{.in_flight = 3}));
}

TEST_F(StandardQueue, delays_survive_a_restart) {
  auto queue = make("q");
  send(queue, "late", {.delay = 100s});
  send(queue, "soon", {.delay = 10s});
  restart();
  EXPECT_EQ(open(queue)->counts(), (Counts{.delayed = 2}));
  advance(10s);
  EXPECT_THAT(received_bodies(queue), ElementsAre("soon"));
  restart();
  advance(90s);
  EXPECT_EQ(receive(queue).size(), 2u) << "the one in flight came back, the other is due";
}

TEST_F(StandardQueue, a_long_poll_wakes_when_a_message_comes) {
  auto queue = make("q");
  auto opened = open(queue);
  std::vector<std::string> got;
  bool done = false;
  auto poll = [&]() -> Task<void> {
    auto deliveries = co_await opened->receive({.messages_max = 10, .wait = 20s}, {});
    got = bodies(*deliveries);
    done = true;
  };
  TaskGroup polls;
  world.executor.post([&] { polls.spawn(poll()); });
  settle();
  EXPECT_FALSE(done);
  send(queue, "a");
  settle();
  EXPECT_TRUE(done);
  EXPECT_THAT(got, ElementsAre("a"));
}

TEST_F(StandardQueue, a_long_poll_ends_empty_when_its_time_is_up_or_its_caller_goes) {
  auto queue = make("q");
  auto opened = open(queue);
  int ended = 0;
  std::stop_source caller;
  auto poll = [&](std::stop_token stop) -> Task<void> {
    auto deliveries = co_await opened->receive({.messages_max = 10, .wait = 20s}, stop);
    EXPECT_TRUE(deliveries && deliveries->empty());
    ++ended;
  };
  TaskGroup polls;
  world.executor.post([&] { polls.spawn(poll({})); });
  world.executor.post([&] { polls.spawn(poll(caller.get_token())); });
  settle();
  caller.request_stop();
  settle();
  EXPECT_EQ(ended, 1);
  advance(19999ms);
  EXPECT_EQ(ended, 1);
  advance(1ms);
  settle();
  EXPECT_EQ(ended, 2);
  send(queue, "a");
  EXPECT_THAT(received_bodies(queue), ElementsAre("a")) << "nobody who has gone takes a message along";
}

TEST_F(StandardQueue, long_polls_are_served_in_the_order_they_came) {
  auto queue = make("q");
  auto opened = open(queue);
  std::vector<std::string> got;
  auto poll = [&](std::string who) -> Task<void> {
    auto deliveries = co_await opened->receive({.wait = 20s}, {});
    for (const auto& body : bodies(*deliveries)) got.push_back(who + body);
  };
  TaskGroup polls;
  for (std::string who : {"1", "2", "3"}) world.executor.post([&, who] { polls.spawn(poll(who)); });
  settle();
  for (std::string body : {"a", "b", "c"}) send(queue, body);
  settle();
  EXPECT_THAT(got, ElementsAre("1a", "2b", "3c"));
}

TEST_F(StandardQueue, a_message_in_flight_stays_invisible_over_a_restart_and_keeps_its_count) {
  auto queue = make("q", {{"VisibilityTimeout", "30"}});
  send(queue, "a");
  auto got = receive(queue);
  advance(10s);
  restart();
  EXPECT_EQ(open(queue)->counts(), (Counts{.in_flight = 1}));
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(20s);
  auto again = receive(queue);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].receive_count, 2);
  EXPECT_EQ(again[0].first_received, got[0].first_received);
  EXPECT_TRUE(change_visibility(queue, again[0], 5s));
  restart();
  advance(5s);
  EXPECT_EQ(receive(queue).size(), 1u);
}

TEST_F(StandardQueue, visibility_can_be_changed_only_in_flight_and_up_to_twelve_hours_in_all) {
  auto queue = make("q", {{"VisibilityTimeout", "30"}});
  send(queue, "a");
  auto got = receive(queue);
  EXPECT_TRUE(change_visibility(queue, got[0], 43200s));
  advance(1s);
  auto beyond = change_visibility(queue, got[0], 43200s);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().message,
            "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit "
            "[43200 seconds]");
  EXPECT_TRUE(change_visibility(queue, got[0], 0s));
  auto not_in_flight = change_visibility(queue, got[0], 10s);
  ASSERT_FALSE(not_in_flight);
  EXPECT_EQ(not_in_flight.error().code, "MessageNotInflight");
  auto again = receive(queue);
  ASSERT_TRUE(remove(queue, again[0]));
  auto gone = change_visibility(queue, again[0], 10s);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, "InvalidParameterValueException");
}

TEST_F(StandardQueue, retention_deletes_at_its_instant_and_counts_are_right) {
  auto queue = make("q", {{"MessageRetentionPeriod", "60"}});
  send(queue, "old");
  advance(30s);
  send(queue, "young");
  advance(29999ms);
  EXPECT_EQ(open(queue)->counts().visible, 2);
  advance(1ms);
  settle();
  EXPECT_EQ(open(queue)->counts().visible, 1);
  EXPECT_THAT(received_bodies(queue), ElementsAre("young"));
  advance(30s);
  settle();
  EXPECT_EQ(open(queue)->counts(), Counts{}) << "also in flight";
}

TEST_F(StandardQueue, a_restart_finds_what_expired_meanwhile) {
  auto queue = make("q", {{"MessageRetentionPeriod", "60"}});
  send(queue, "old");
  restart();
  advance(60s);
  EXPECT_EQ(open(queue)->counts(), Counts{});
  EXPECT_THAT(received_bodies(queue), IsEmpty());
}

TEST_F(StandardQueue, purging_deletes_everything_once_a_minute) {
  auto queue = make("q");
  send(queue, "ready");
  send(queue, "delayed", {.delay = 10s});
  receive(queue);
  ASSERT_TRUE(purge(queue));
  EXPECT_EQ(open(queue)->counts(), Counts{});
  advance(59999ms);
  auto refused = purge(queue);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Only one PurgeQueue operation on q is allowed every 60 seconds.");
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(1ms);
  EXPECT_TRUE(purge(queue));
  send(queue, "after");
  world.run(shard().committed()).value();
  restart();
  EXPECT_THAT(received_bodies(queue), ElementsAre("after"));
}

TEST_F(StandardQueue, a_long_body_stays_in_the_store_until_it_is_received) {
  auto queue = make("q");
  std::string body(limits::message_bytes_max, 'x');
  send(queue, body);
  EXPECT_THAT(received_bodies(queue), ElementsAre(body));
  restart();
  advance(30s);
  auto again = receive(queue);
  EXPECT_THAT(bodies(again), ElementsAre(body));
  ASSERT_TRUE(remove(queue, again[0]));
  restart();
  advance(30s);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
}

TEST_F(StandardQueue, a_backlog_beyond_the_window_comes_out_completely_and_nearly_in_order) {
  auto queue = make("q");
  const size_t messages = limits::window_messages * 3;
  auto opened = open(queue);
  for (size_t i = 0; i < messages; ++i) {
    StoredMessage message;
    message.message_id = std::to_string(i);
    message.body = std::to_string(i);
    on_shard([&] { opened->send(std::move(message), std::nullopt); });
  }
  EXPECT_EQ(open(queue)->counts().visible, int64_t(messages));
  for (bool again : {false, true}) {
    std::vector<bool> seen(messages);
    for (size_t got = 0; got < messages;) {
      auto deliveries = receive(queue);
      ASSERT_FALSE(deliveries.empty()) << got;
      for (const Delivery& delivery : deliveries) {
        size_t number = std::stoul(delivery.message->body);
        EXPECT_FALSE(seen[number]);
        seen[number] = true;
        if (!again) EXPECT_EQ(number, got);
        if (again) ASSERT_TRUE(remove(queue, delivery));
        ++got;
      }
    }
    EXPECT_THAT(received_bodies(queue), IsEmpty());
    restart();
    advance(30s);
  }
  EXPECT_EQ(open(queue)->counts(), Counts{});
}

TEST_F(StandardQueue, a_name_rests_for_a_minute_after_its_queue_was_deleted) {
  auto queue = make("q");
  send(queue, "a");
  auto opened = open(queue);
  on_shard([&] { shard().memory<ShardQueues>()->remove(*opened); });
  world.run(shard().committed()).value();
  for (bool after_restart : {false, true}) {
    auto refused = create("q", {});
    ASSERT_FALSE(refused) << after_restart;
    EXPECT_EQ(refused.error().code, "QueueDeletedRecently");
    restart();
  }
  advance(60s);
  ASSERT_TRUE(create("q", {}));
  EXPECT_THAT(received_bodies(queue), IsEmpty());
}

TEST_F(StandardQueue, creating_it_again_with_other_attributes_names_the_first_that_differs) {
  make("q", {{"DelaySeconds", "1"}});
  EXPECT_TRUE(create("q", {}));
  EXPECT_TRUE(create("q", {{"DelaySeconds", "1"}, {"VisibilityTimeout", "30"}}));
  auto refused = create("q", {{"VisibilityTimeout", "31"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "A queue already exists with the same name and a different value for attribute VisibilityTimeout");
}

TEST_F(StandardQueue, a_failed_write_answers_a_fault_and_loses_nothing_that_was_acknowledged) {
  auto queue = make("q");
  send(queue, "acknowledged");
  world.store.fail_writes(1);
  auto opened = open(queue);
  on_shard([&] { opened->send({.message_id = "x", .body = "lost"}, std::nullopt); });
  EXPECT_FALSE(world.run(shard().committed()));
  EXPECT_THAT(received_bodies(queue), ElementsAre("acknowledged"));
}

}  // namespace
}  // namespace outcrop::sqs
