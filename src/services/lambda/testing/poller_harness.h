// A queue and a function whose misfortunes a test chooses, and a poller between them, on a manual clock.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/signal.h"
#include "core/testing/test_world.h"
#include "json/json.h"
#include "services/lambda/poller/poller.h"

namespace outcrop::lambda {

using namespace std::chrono_literals;

// What SQS does, in a few lines: messages in their order, hidden once received; of a group none behind one that is hidden.
class FakeQueue {
 public:
  struct Message {
    int number = 0;
    std::string body, group;
    Instant visible_at;
    int receives = 0;
  };

  explicit FakeQueue(World& world) : world_(world) {}

  int send(std::string body, std::string group = "") {
    ++sent_;
    messages_.emplace(sent_, Message{sent_, std::move(body), std::move(group), world_.clock.wall()});
    wake_all();
    return sent_;
  }
  void fault_with(std::optional<Fault> fault) {
    fault_ = std::move(fault);
    wake_all();
  }

  Task<Result<std::vector<sqs::Message>>> receive(int32_t count, Seconds wait, std::stop_token stop) {
    co_await Executor::current()->yield();
    ++receives;
    const Instant end = world_.clock.wall() + wait;
    for (;;) {
      if (fault_) co_return fail(*fault_);
      std::vector<sqs::Message> received = select(size_t(count));
      if (!received.empty() || stop.stop_requested() || world_.clock.wall() >= end) co_return received;
      std::stop_source woken;
      std::stop_callback stopped(stop, [woken]() mutable { woken.request_stop(); });
      waiting_.push_back(woken);
      co_await world_.timers.until(std::min(end, next_visible()), woken.get_token());
      std::erase(waiting_, woken);
    }
  }
  void remove(const std::string& receipt) {
    const auto [number, receives_then] = parse(receipt);
    auto found = messages_.find(number);
    if (found == messages_.end()) return;
    if (found->second.receives == receives_then) messages_.erase(found);
    if (on_remove) on_remove(number);
  }

  size_t size() const { return messages_.size(); }
  const std::map<int, Message>& messages() const { return messages_; }
  size_t waiting() const { return waiting_.size(); }
  Seconds visibility{30};
  size_t receives = 0;
  std::function<void(int number)> on_remove;

 private:
  static std::pair<int, int> parse(const std::string& receipt) {
    const size_t slash = receipt.find('/');
    return {std::stoi(receipt), std::stoi(receipt.substr(slash + 1))};
  }
  std::vector<sqs::Message> select(size_t count) {
    std::vector<sqs::Message> received;
    std::set<std::string> blocked;
    for (auto& [number, message] : messages_) {
      if (received.size() == count) break;
      if (!message.group.empty() && blocked.contains(message.group)) continue;
      if (message.visible_at > world_.clock.wall()) {
        blocked.insert(message.group);
        continue;
      }
      ++message.receives;
      message.visible_at = world_.clock.wall() + visibility;
      received.push_back(shown(message));
    }
    return received;
  }
  static sqs::Message shown(const Message& message) {
    sqs::Message shown;
    shown.message_id = "m" + std::to_string(message.number);
    shown.receipt_handle = fmt::format("{}/{}", message.number, message.receives);
    shown.body = message.body;
    return shown;
  }
  Instant next_visible() const {
    Instant next = Instant::max();
    for (const auto& [number, message] : messages_)
      if (message.visible_at > world_.clock.wall()) next = std::min(next, message.visible_at);
    return next;
  }
  void wake_all() {
    for (std::stop_source& woken : std::vector(waiting_)) woken.request_stop();
  }

  World& world_;
  int sent_ = 0;
  std::map<int, Message> messages_;
  std::optional<Fault> fault_;
  std::vector<std::stop_source> waiting_;
};

class FakeQueueSource final : public QueueSource {
 public:
  explicit FakeQueueSource(FakeQueue& queue) : queue_(queue) {}
  void act_as(std::string_view) override {}
  Task<Result<std::vector<sqs::Message>>> receive(int32_t count, Seconds wait, std::stop_token stop) override {
    return queue_.receive(count, wait, std::move(stop));
  }
  Task<Result<Seconds>> visibility_timeout() override { co_return queue_.visibility; }
  Task<void> remove(std::vector<std::string> receipt_handles) override {
    co_await Executor::current()->yield();
    for (const std::string& handle : receipt_handles) queue_.remove(handle);
  }

 private:
  FakeQueue& queue_;
};

// Answers what `answer` says, at once or when it is let.
class FakeFunction {
 public:
  using Answer = EventFunction::Answer;

  explicit FakeFunction(Executor& executor) : executor_(executor) {}

  Task<Result<Answer>> invoke(std::string event) {
    co_await Executor::current()->yield();
    events.push_back(json::parse(event).value());
    event_bytes.push_back(event.size());
    const size_t mine = events.size() - 1;
    Result<Answer> answered = answer(events.at(mine));
    if (!answered) co_return answered;
    running_max = std::max(running_max, ++running);
    while (is_holding) co_await released_.wait();
    --running;
    co_return answered;
  }
  void release() {
    is_holding = false;
    executor_.post([this] { released_.notify_all(); });
  }

  std::vector<std::string> bodies(size_t event) const {
    std::vector<std::string> bodies;
    for (const json::Value& record : events.at(event).find("Records")->as_array()) bodies.emplace_back(record.find("body")->as_string());
    return bodies;
  }
  std::vector<std::string> all_bodies() const {
    std::vector<std::string> all;
    for (size_t i = 0; i < events.size(); ++i) std::ranges::copy(bodies(i), std::back_inserter(all));
    return all;
  }

  std::function<Result<Answer>(const json::Value& event)> answer = [](const json::Value&) { return Answer{false, "null"}; };
  Result<EventFunction::Settings> settings = EventFunction::Settings{"arn:aws:iam::000000000000:role/r", std::nullopt};
  bool is_holding = false;
  uint32_t running = 0, running_max = 0;
  std::vector<json::Value> events;
  std::vector<size_t> event_bytes;

 private:
  Executor& executor_;
  Signal released_;
};

class FakeEventFunction final : public EventFunction {
 public:
  explicit FakeEventFunction(FakeFunction& function) : function_(function) {}
  Task<Result<Settings>> settings() override { co_return function_.settings; }
  Task<Result<Answer>> invoke(std::string event) override { return function_.invoke(std::move(event)); }

 private:
  FakeFunction& function_;
};

class PollerHarness : public testing::Test {
 public:
  ~PollerHarness() override { stop(); }

  void start(PollerSettings settings = {}) {
    if (settings.source_arn.empty()) settings.source_arn = "arn:aws:sqs:us-east-1:000000000000:orders";
    if (settings.region.empty()) settings.region = "us-east-1";
    poller = std::make_shared<Poller>(test.world, std::move(settings), std::make_unique<FakeQueueSource>(queue),
                                      std::make_unique<FakeEventFunction>(function));
    test.run(spawn());
    settle();
  }
  // Waits for what was under way; a function that holds is let go.
  void stop() {
    if (!poller) return;
    poller->request_stop();
    function.release();
    test.run(running_.join());
    poller.reset();
  }
  void settle() { test.executor.run_until_idle(); }
  void advance(Milliseconds by) {
    test.advance(by);
    settle();
  }

  static Fault throttled() { return {"TooManyRequestsException", 429, "Rate Exceeded."}; }
  static MappingFilter filter(std::string pattern) { return MappingFilter::parse(std::vector{std::move(pattern)}).value(); }

  TestWorld test;
  FakeQueue queue{test.world};
  FakeFunction function{test.executor};
  std::shared_ptr<Poller> poller;

 private:
  static Task<void> keep_running_one(std::shared_ptr<Poller> poller) { co_await poller->run(); }
  Task<void> spawn() {
    running_.spawn(keep_running_one(poller));
    co_return;
  }

  TaskGroup running_;
};

}  // namespace outcrop::lambda
