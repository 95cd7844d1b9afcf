// Random operations on a queue against a model of a few lines, with restarts at random points.
#include <random>

#include "services/sqs/testing/queue_harness.h"

namespace outcrop::sqs {
namespace {

struct ModelMessage {
  std::string body, group;
  Instant visible_at;
  int32_t receive_count = 0;
  bool in_flight = false;  // was received and the timeout did not end yet
};

// What a queue is: messages in the order they were sent.
struct Model {
  bool fifo = false;
  std::map<int, ModelMessage> messages;

  std::vector<int> available(Instant now) const {
    std::vector<int> found;
    for (const auto& [number, message] : messages)
      if (message.visible_at <= now) found.push_back(number);
    return found;
  }

  // FIFO: the groups in the order of their first messages, of each what is ready from the front on.
  std::vector<int> deliverable(Instant now) const {
    std::vector<std::string> groups;
    for (const auto& [number, message] : messages)
      if (std::ranges::find(groups, message.group) == groups.end()) groups.push_back(message.group);
    std::vector<int> found;
    for (const std::string& group : groups)
      for (const auto& [number, message] : messages) {
        if (message.group != group) continue;
        if (message.visible_at > now) break;
        found.push_back(number);
      }
    return found;
  }

  Counts counts(Instant now) const {
    Counts counts;
    for (const auto& [number, message] : messages) {
      if (message.visible_at <= now)
        ++counts.visible;
      else if (message.in_flight)
        ++counts.in_flight;
      else
        ++counts.delayed;
    }
    return counts;
  }
};

class QueueModel : public QueueHarness, public testing::WithParamInterface<bool> {
 protected:
  void run_against_model(uint64_t seed);
  void check_deliveries(const std::vector<Delivery>& deliveries, size_t asked, Seconds timeout);
  uint64_t below(uint64_t bound) { return chance_() % bound; }

  std::mt19937_64 chance_;
  Model model_;
  std::vector<std::pair<int, Delivery>> handles_;  // all that were given out
};

void QueueModel::check_deliveries(const std::vector<Delivery>& deliveries, size_t asked, Seconds timeout) {
  Instant now = world.clock.wall();
  std::vector<int> expected = model_.fifo ? model_.deliverable(now) : model_.available(now);
  ASSERT_EQ(deliveries.size(), std::min(asked, expected.size()));
  for (size_t i = 0; i < deliveries.size(); ++i) {
    int number = std::stoi(deliveries[i].message->body);
    if (model_.fifo)
      ASSERT_EQ(number, expected[i]);
    else
      ASSERT_NE(std::ranges::find(expected, number), expected.end()) << number;
    ModelMessage& message = model_.messages.at(number);
    ASSERT_EQ(deliveries[i].receive_count, ++message.receive_count);
    message.visible_at = now + timeout;
    message.in_flight = true;
    handles_.emplace_back(number, Delivery{deliveries[i].sequence, deliveries[i].receive_count, {}, {}, nullptr});
  }
}

void QueueModel::run_against_model(uint64_t seed) {
  chance_.seed(seed);
  model_.fifo = GetParam();
  Attributes attributes;
  if (model_.fifo) attributes["FifoQueue"] = "true";
  auto queue = make(model_.fifo ? "q.fifo" : "q", attributes);
  int next = 0;
  for (int step = 0; step < 2000 && !HasFatalFailure(); ++step) {
    switch (below(10)) {
      case 0:
      case 1:
      case 2: {
        SendOptions options;
        if (model_.fifo || below(3) == 0) options.group = std::string(1, char('a' + below(4)));
        if (!model_.fifo && below(3) == 0) options.delay = Seconds(below(20));
        send(queue, std::to_string(next), options);
        model_.messages[next++] = {std::to_string(next), options.group.value_or(""), world.clock.wall() + options.delay.value_or(0s)};
        break;
      }
      case 3:
      case 4:
      case 5: {
        size_t asked = 1 + below(10);
        Seconds timeout(below(4) == 0 ? 0 : below(30));
        check_deliveries(receive(queue, {.messages_max = asked, .visibility_timeout = timeout}), asked, timeout);
        break;
      }
      case 6:
      case 7: {
        if (handles_.empty()) break;
        const auto& [number, delivery] = handles_[below(handles_.size())];
        auto message = model_.messages.find(number);
        bool newest = message != model_.messages.end() && message->second.receive_count == delivery.receive_count;
        bool held = newest && message->second.visible_at > world.clock.wall();
        auto removed = remove(queue, delivery);
        if (message == model_.messages.end()) {
          ASSERT_TRUE(removed);
        } else if (model_.fifo) {
          ASSERT_EQ(removed.has_value(), held);
          if (held) model_.messages.erase(message);
        } else {
          ASSERT_TRUE(removed);
          if (newest) model_.messages.erase(message);
        }
        break;
      }
      case 8: {
        if (handles_.empty()) break;
        const auto& [number, delivery] = handles_[below(handles_.size())];
        auto message = model_.messages.find(number);
        bool held = message != model_.messages.end() && message->second.receive_count == delivery.receive_count &&
                    message->second.visible_at > world.clock.wall();
        Seconds timeout(below(30));
        ASSERT_EQ(change_visibility(queue, delivery, timeout).has_value(), held);
        if (held) message->second.visible_at = world.clock.wall() + timeout;
        break;
      }
      case 9:
        if (below(4) == 0)
          restart();
        else
          advance(Milliseconds(below(10'000)));
        break;
    }
    if (step % 50 == 0) ASSERT_EQ(open(queue)->counts(), model_.counts(world.clock.wall())) << "step " << step;
  }
}

TEST_P(QueueModel, agrees_with_the_model_over_random_operations_and_restarts) { run_against_model(test_seed()); }

INSTANTIATE_TEST_SUITE_P(BothKinds, QueueModel, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& kind) { return kind.param ? "fifo" : "standard"; });

}  // namespace
}  // namespace outcrop::sqs
