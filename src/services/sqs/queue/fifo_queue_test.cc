// What a FIFO queue does, as a specification.
#include "services/sqs/testing/queue_harness.h"

namespace outcrop::sqs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FifoQueue : public QueueHarness {
 protected:
  QueueName make_fifo(Attributes attributes = {}) {
    attributes["FifoQueue"] = "true";
    return make("q.fifo", std::move(attributes));
  }
  void send_to(const QueueName& queue, std::string group, std::string body) { send(queue, std::move(body), {.group = std::move(group)}); }
};

TEST_F(FifoQueue, a_group_is_delivered_in_order_and_waits_for_what_is_in_flight) {
  auto queue = make_fifo();
  for (std::string body : {"1", "2", "3"}) send_to(queue, "g", body);
  auto first = receive(queue, 1);
  EXPECT_THAT(bodies(first), ElementsAre("1"));
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  ASSERT_TRUE(remove(queue, first[0]));
  EXPECT_THAT(received_bodies(queue), ElementsAre("2", "3"));
}

TEST_F(FifoQueue, other_groups_go_on) {
  auto queue = make_fifo();
  send_to(queue, "a", "a1");
  send_to(queue, "b", "b1");
  send_to(queue, "a", "a2");
  EXPECT_THAT(received_bodies(queue, 1), ElementsAre("a1"));
  EXPECT_THAT(received_bodies(queue), ElementsAre("b1"));
}

TEST_F(FifoQueue, a_receive_takes_as_much_of_one_group_as_it_can_then_the_next) {
  auto queue = make_fifo();
  for (std::string body : {"a1", "b1", "a2", "b2"}) send_to(queue, body.substr(0, 1), body);
  EXPECT_THAT(received_bodies(queue, 3), ElementsAre("a1", "a2", "b1"));
}

TEST_F(FifoQueue, messages_before_one_whose_visibility_was_extended_are_delivered_again) {
  auto queue = make_fifo({{"VisibilityTimeout", "1"}});
  for (std::string body : {"foo", "bar", "baz"}) send_to(queue, "g", body);
  auto got = receive(queue);
  ASSERT_EQ(got.size(), 3u);
  ASSERT_TRUE(change_visibility(queue, got[1], 4s));
  advance(2s);
  EXPECT_THAT(received_bodies(queue), ElementsAre("foo"));
}

TEST_F(FifoQueue, a_handle_expires_with_its_visibility_timeout) {
  auto queue = make_fifo({{"VisibilityTimeout", "1"}});
  send_to(queue, "g", "a");
  auto got = receive(queue);
  advance(1s);
  auto refused = remove(queue, got[0]);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Value handle for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
  EXPECT_EQ(receive(queue).size(), 1u);
}

TEST_F(FifoQueue, a_deduplication_id_is_accepted_once_in_five_minutes_also_over_a_restart_and_a_delete) {
  auto queue = make_fifo();
  Sent first = send(queue, "a", {.group = "g", .deduplication_id = "same"});
  ASSERT_TRUE(remove(queue, receive(queue)[0]));
  Sent second = send(queue, "b", {.group = "h", .deduplication_id = "same"});
  EXPECT_EQ(second.message_id, first.message_id);
  EXPECT_EQ(second.sequence, first.sequence);
  restart();
  advance(299999ms);
  send(queue, "c", {.group = "g", .deduplication_id = "same"});
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(1ms);
  send(queue, "d", {.group = "g", .deduplication_id = "same"});
  EXPECT_THAT(received_bodies(queue), ElementsAre("d"));
}

TEST_F(FifoQueue, deduplication_can_be_by_group) {
  auto queue = make_fifo({{"DeduplicationScope", "messageGroup"}});
  send(queue, "a", {.group = "g", .deduplication_id = "same"});
  send(queue, "b", {.group = "h", .deduplication_id = "same"});
  send(queue, "c", {.group = "h", .deduplication_id = "same"});
  EXPECT_THAT(received_bodies(queue), ElementsAre("a", "b"));
}

TEST_F(FifoQueue, the_same_attempt_id_gives_the_same_messages_for_five_minutes_until_they_change) {
  auto queue = make_fifo({{"VisibilityTimeout", "60"}});
  send_to(queue, "g", "1");
  send_to(queue, "h", "2");
  auto first = receive(queue, {.messages_max = 1, .attempt_id = "try"});
  advance(10s);
  restart();
  auto again = receive(queue, {.messages_max = 1, .attempt_id = "try"});
  ASSERT_EQ(bodies(again), bodies(first));
  EXPECT_EQ(again[0].receive_count, first[0].receive_count) << "the same handle";
  advance(59s);
  EXPECT_EQ(open(queue)->counts().in_flight, 1) << "the visibility timeout began anew";
  ASSERT_TRUE(remove(queue, again[0]));
  EXPECT_THAT(bodies(receive(queue, {.messages_max = 1, .attempt_id = "try"})), ElementsAre("2"));
}

TEST_F(FifoQueue, a_restart_keeps_order_blocking_and_counts) {
  auto queue = make_fifo({{"VisibilityTimeout", "30"}});
  for (std::string body : {"1", "2", "3"}) send_to(queue, "g", body);
  auto first = receive(queue, 1);
  restart();
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  EXPECT_EQ(open(queue)->counts(), (Counts{.visible = 2, .in_flight = 1}));
  ASSERT_TRUE(remove(queue, first[0]));
  EXPECT_THAT(received_bodies(queue), ElementsAre("2", "3"));
}

TEST_F(FifoQueue, the_queues_delay_holds_a_group_back) {
  auto queue = make_fifo({{"DelaySeconds", "2"}});
  send_to(queue, "g", "1");
  EXPECT_EQ(open(queue)->counts(), (Counts{.delayed = 1}));
  advance(1999ms);
  EXPECT_THAT(received_bodies(queue), IsEmpty());
  advance(1ms);
  EXPECT_THAT(received_bodies(queue), ElementsAre("1"));
}

TEST_F(FifoQueue, the_scope_of_deduplication_changes_after_a_minute) {
  auto queue = make_fifo();
  send(queue, "a", {.group = "g", .deduplication_id = "same"});
  QueueRecord record = open(queue)->record();
  record.attributes["DeduplicationScope"] = "messageGroup";
  record.earlier_deduplication_scope = "queue";
  record.deduplication_scope_changed = world.clock.wall();
  auto opened = open(queue);
  on_shard([&] { opened->configure(record); });
  send(queue, "b", {.group = "h", .deduplication_id = "same"});
  EXPECT_THAT(received_bodies(queue), ElementsAre("a"));
  advance(60s);
  send(queue, "c", {.group = "h", .deduplication_id = "same"});
  EXPECT_THAT(received_bodies(queue), ElementsAre("a", "c"));
}

}  // namespace
}  // namespace outcrop::sqs
