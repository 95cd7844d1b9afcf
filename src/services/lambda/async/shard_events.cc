#include "services/lambda/async/shard_events.h"

#include "services/lambda/async/limits.h"

namespace outcrop::lambda {

void ShardEvents::close() {
  closed_ = true;
  for (auto& [name, queue] : queues_) queue->close();
  queues_.clear();
}

std::shared_ptr<EventQueue> ShardEvents::queue(EventHost& host, const EventQueueName& name) {
  auto found = queues_.find(name);
  if (found != queues_.end()) return found->second;
  if (queues_.size() >= limits::idle_event_queues_max) forget_idle();
  auto queue = std::make_shared<EventQueue>(host, shard_, name);
  queues_.emplace(name, queue);
  queue->begin();
  return queue;
}

void ShardEvents::forget_idle() {
  std::erase_if(queues_, [](const auto& entry) {
    const bool is_idle = entry.second->is_idle();
    if (is_idle) entry.second->close();
    return is_idle;
  });
}

// From one function's events the scan goes on behind them: it reads one key a function. The pieces of payloads are not looked at.
Task<Result<void>> ShardEvents::open_all(EventHost& host) {
  store::Range range = EventKeys::everything(shard_);
  for (;;) {
    std::vector<store::Entry> entries = co_await shard_.world().store.scan(range, {.entries_max = 1});
    if (closed_ || entries.empty()) co_return {};
    std::optional<EventQueueName> name = EventKeys::queue_of(shard_, entries.front().key);
    if (name) {
      queue(host, *name);
      range.begin = EventKeys(shard_, *name).events().end;
    } else {
      range.begin = EventKeys::behind_kind(shard_, entries.front().key);
    }
  }
}

}  // namespace outcrop::lambda
