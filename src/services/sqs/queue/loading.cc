// Opening a queue from the store: its counters, what is remembered for five minutes, its move tasks, and the first
// window of messages. Not the backlog, however long it is.
#include "services/sqs/limits.h"
#include "services/sqs/queue/queue.h"
#include "wire/record.h"

namespace outcrop::sqs {
namespace {

// Calls `take` with every entry of the range.
template <class F>
Task<Result<void>> each_stored(store::Store& store, store::Range range, F take) {
  for (;;) {
    auto entries = co_await store.scan(range);
    if (entries.empty()) co_return Result<void>();
    for (const store::Entry& entry : entries)
      if (Result<void> taken = take(entry); !taken) co_return taken;
    range.begin = entries.back().key + '\0';
  }
}

}  // namespace

Task<Result<void>> Queue::load() {
  store::Store& store = shard_.world().store;
  if (auto bytes = co_await store.get(keys_.counters())) counters_ = co_await wire::decode_record<QueueCounters>(*bytes);
  delayed_all_read_ = counters_.delayed == 0;
  Instant at = now();
  if (settings_.fifo) {
    co_await each_stored(store, keys_.all_of('x'), [&](const store::Entry& entry) -> Result<void> {
      auto first = wire::decode_record<Deduplication>(entry.value);
      if (!first) return fail(std::move(first.error()));
      deduplications_.add(std::string(keys_.rest_of(entry.key)), std::move(*first));
      return {};
    });
    co_await each_stored(store, keys_.all_of('a'), [&](const store::Entry& entry) -> Result<void> {
      auto attempt = wire::decode_record<ReceiveAttempt>(entry.value);
      if (!attempt) return fail(std::move(attempt.error()));
      std::string id(keys_.rest_of(entry.key));
      attempts_by_expiry_.emplace_back(attempt->expires, id);
      attempts_.emplace(std::move(id), std::move(*attempt));
      return {};
    });
    std::ranges::sort(attempts_by_expiry_);
    deduplications_.sort();
  }
  co_await each_stored(store, keys_.all_of('t'), [&](const store::Entry& entry) -> Result<void> {
    auto task = wire::decode_record<MoveTask>(entry.value);
    if (!task) return fail(std::move(task.error()));
    move_tasks_.push_front(std::move(*task));
    return {};
  });
  if (counters_.messages > 0) next_expiry_ = at;
  co_await refill();
  co_await sweep_expired();
  co_return Result<void>();
}

}  // namespace outcrop::sqs
