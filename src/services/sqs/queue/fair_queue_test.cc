// Fair queues: quiet tenants do not wait behind a noisy one.
#include "services/sqs/limits.h"
#include "services/sqs/testing/queue_harness.h"

namespace outcrop::sqs {
namespace {

using testing::ElementsAre;

class FairQueue : public QueueHarness {
 protected:
  void send_many(const QueueName& queue, const std::string& group, size_t count) {
    auto opened = open(queue);
    for (size_t i = 0; i < count; ++i) {
      StoredMessage message;
      message.message_id = group + std::to_string(i);
      message.body = group;
      message.group_id = group;
      on_shard([&] { opened->send(std::move(message), std::nullopt); });
    }
    world.run(shard().committed()).value();
  }
  // Receives until a message of `group` comes; gives how many came before it.
  size_t messages_before(const QueueName& queue, const std::string& group, size_t at_most) {
    for (size_t before = 0; before < at_most; ++before) {
      auto got = receive(queue, 1);
      if (got.empty()) return at_most;
      if (got[0].message->group_id == group) return before;
    }
    return at_most;
  }
};

TEST_F(FairQueue, without_groups_order_is_that_of_sending) {
  auto queue = make("q");
  for (int i = 0; i < 100; ++i) send(queue, std::to_string(i));
  for (int i = 0; i < 100; ++i) EXPECT_THAT(received_bodies(queue, 1), ElementsAre(std::to_string(i)));
}

TEST_F(FairQueue, a_quiet_tenants_message_passes_the_backlog_of_a_noisy_one) {
  auto queue = make("q");
  send_many(queue, "noisy", 1000);
  for (int i = 0; i < 5; ++i) receive(queue, 10);
  send_many(queue, "quiet", 1);
  EXPECT_LE(messages_before(queue, "quiet", 1000), 1u);
}

TEST_F(FairQueue, also_far_beyond_the_window_and_after_a_restart) {
  auto queue = make("q");
  send_many(queue, "noisy", limits::window_messages * 2);
  send_many(queue, "early quiet", 3);
  send_many(queue, "noisy", limits::window_messages * 2);
  restart();
  EXPECT_LE(messages_before(queue, "early quiet", 10000), 40u) << "soon after 30 of the noisy ones are in flight";
  send_many(queue, "late quiet", 1);
  EXPECT_LE(messages_before(queue, "late quiet", 10000), 5u);
}

TEST_F(FairQueue, the_noisy_tenants_messages_all_come_in_the_end) {
  auto queue = make("q");
  send_many(queue, "noisy", 300);
  send_many(queue, "quiet", 20);
  size_t got = 0;
  for (auto deliveries = receive(queue); !deliveries.empty(); deliveries = receive(queue)) got += deliveries.size();
  EXPECT_EQ(got, 320u);
}

TEST_F(FairQueue, slow_processing_makes_a_tenant_noisy_too) {
  auto queue = make("q", {{"VisibilityTimeout", "300"}});
  send_many(queue, "slow", 2);
  auto got = receive(queue);
  advance(60s);
  for (const Delivery& delivery : got) ASSERT_TRUE(remove(queue, delivery));
  send_many(queue, "slow", 1);
  send_many(queue, "quick", 1);
  EXPECT_EQ(messages_before(queue, "quick", 10), 0u);
}

}  // namespace
}  // namespace outcrop::sqs
