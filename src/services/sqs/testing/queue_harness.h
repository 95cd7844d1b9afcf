// A world with queues in it, for the tests of the engine: one shard, a memory store, a manual clock.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/task_group.h"
#include "core/testing/test_world.h"
#include "services/sqs/queue/shard_queues.h"

namespace outcrop::sqs {

using namespace std::chrono_literals;

class QueueHarness : public testing::Test, public QueueHost {
 public:
  QueueHarness() { shards_ = world.run(Shards::open(world_, 1)).value(); }
  ~QueueHarness() override {
    world.run(shards_->close());
    world.executor.run_until_idle();
  }

  void spawn(Task<void> work) override { background_.spawn(std::move(work)); }
  Task<Result<void>> carry(const QueueName& to, Transfer transfer) override {
    if (carries_failing > 0) {
      --carries_failing;
      co_return fail("InternalFailure", 500, "the way is blocked");
    }
    auto queue = co_await shard().memory<ShardQueues>()->get(*this, to);
    queue->accept(std::move(transfer));
    co_return co_await keep(shard().committed());
  }

  static QueueName named(std::string name) { return {"000000000000", "us-east-1", std::move(name)}; }
  Shard& shard() { return shards_->at(0); }

  // Runs fn() on the shard's thread and gives its value.
  template <class F>
  std::invoke_result_t<F&> on_shard(F fn) {
    using R = std::invoke_result_t<F&>;
    if constexpr (std::is_void_v<R>) {
      world.run([](F run) -> Task<void> {
        run();
        co_return;
      }(std::move(fn)));
    } else {
      return *world.run([](F run) -> Task<std::optional<R>> { co_return run(); }(std::move(fn)));
    }
  }

  // Makes a queue and gives its name.
  QueueName make(const std::string& name, Attributes attributes = {}) {
    create(name, std::move(attributes)).value();
    return named(name);
  }
  Result<void> create(const std::string& name, Attributes attributes) { return world.run(create_task(named(name), std::move(attributes))); }

  // The queue as it is in memory now.
  std::shared_ptr<Queue> open(const QueueName& name) { return world.run(shard().memory<ShardQueues>()->get(*this, name)).value(); }

  struct SendOptions {
    std::optional<std::string> group, deduplication_id;
    std::optional<Seconds> delay;
  };
  Sent send(const QueueName& name, std::string body, SendOptions options) {
    StoredMessage message;
    message.message_id = world.random.uuid();
    message.body_md5 = md5(body);
    message.body = std::move(body);
    message.sender_id = "000000000000";
    message.group_id = options.group;
    message.deduplication_id = options.deduplication_id;
    if (name.is_fifo() && !message.deduplication_id) message.deduplication_id = world.random.uuid();
    auto queue = open(name);
    Sent sent = on_shard([&] { return queue->send(std::move(message), options.delay); });
    world.run(queue->shard().committed()).value();
    return sent;
  }
  Sent send(const QueueName& name, std::string body) { return send(name, std::move(body), {}); }

  std::vector<Delivery> receive(const QueueName& name, ReceiveRequest request) {
    return world.run(open(name)->receive(std::move(request), {})).value();
  }
  std::vector<Delivery> receive(const QueueName& name, size_t messages_max = 10) { return receive(name, {.messages_max = messages_max}); }
  static std::vector<std::string> bodies(const std::vector<Delivery>& deliveries) {
    std::vector<std::string> bodies;
    for (const Delivery& delivery : deliveries) bodies.push_back(delivery.message->body);
    return bodies;
  }
  std::vector<std::string> received_bodies(const QueueName& name, size_t messages_max = 10) { return bodies(receive(name, messages_max)); }

  Result<void> remove(const QueueName& name, const Delivery& delivery) {
    auto queue = open(name);
    auto removed = world.run(queue->remove({queue->record().id, delivery.sequence, delivery.receive_count}, "handle"));
    world.run(shard().committed()).value();
    return removed;
  }
  Result<void> change_visibility(const QueueName& name, const Delivery& delivery, Seconds timeout) {
    auto queue = open(name);
    auto changed = world.run(queue->change_visibility({queue->record().id, delivery.sequence, delivery.receive_count}, "handle", timeout));
    world.run(shard().committed()).value();
    return changed;
  }

  // What a crash leaves: memory is gone, the store stays.
  void restart() {
    world.run(shard().restart([]() -> Task<Result<void>> { co_return Result<void>(); })).value();
    world.executor.run_until_idle();
  }
  void advance(Milliseconds by) { world.advance(by); }
  void settle() { world.executor.run_until_idle(); }

  TestWorld world;
  int carries_failing = 0;

 private:
  Task<Result<void>> create_task(QueueName name, Attributes attributes) {
    co_await shard().memory<ShardQueues>()->create(*this, name, attributes, {});
    co_return co_await keep(shard().committed());
  }

  World world_{world.clock,    world.random, world.store,       world.blobs,    world.pool,
               world.activity, world.clock,  {&world.executor}, world.processes};
  std::unique_ptr<Shards> shards_;
  TaskGroup background_;
};

inline bool operator==(const Counts& a, const Counts& b) {
  return a.visible == b.visible && a.in_flight == b.in_flight && a.delayed == b.delayed;
}
inline void PrintTo(const Counts& counts, std::ostream* out) {
  *out << counts.visible << " visible, " << counts.in_flight << " in flight, " << counts.delayed << " delayed";
}

}  // namespace outcrop::sqs
