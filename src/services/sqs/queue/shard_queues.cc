#include "services/sqs/queue/shard_queues.h"

#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"
#include "wire/record.h"

namespace outcrop::sqs {

void ShardQueues::close() {
  for (auto& [name, slot] : std::exchange(slots_, {})) {
    if (slot.queue) slot.queue->close({"ServiceUnavailable", 503, "The queue is being opened again."});
    slot.opened->notify_all();
  }
}

Task<Result<std::shared_ptr<Queue>>> ShardQueues::find(QueueHost& host, const QueueName& name) {
  const uint64_t epoch = shard_.epoch();
  for (;;) {
    auto found = slots_.find(name);
    if (found == slots_.end()) break;
    if (found->second.queue) co_return found->second.queue;
    auto opened = found->second.opened;
    co_await opened->wait();
    if (shard_.epoch() != epoch) co_return fail("ServiceUnavailable", 503, "The queue is being opened again.");
  }
  auto opened = slots_[name].opened;
  auto queue = co_await keep(open(host, name));
  if (shard_.epoch() != epoch) {
    opened->notify_all();
    co_return fail("ServiceUnavailable", 503, "The queue is being opened again.");
  }
  if (queue && *queue)
    slots_[name].queue = *queue;
  else
    slots_.erase(name);
  opened->notify_all();
  co_return queue;
}

Task<Result<std::shared_ptr<Queue>>> ShardQueues::open(QueueHost& host, const QueueName& name) {
  auto bytes = co_await shard_.world().store.get(queue_record_key(shard_.key_prefix(), name));
  if (!bytes) co_return nullptr;
  auto record = co_await wire::decode_record<QueueRecord>(*bytes);
  if (record.deleted) {
    deleted_[name] = *record.deleted;
    co_return nullptr;
  }
  auto queue = std::make_shared<Queue>(host, shard_, name, std::move(record));
  co_await queue->load();
  co_return queue;
}

Task<Result<std::shared_ptr<Queue>>> ShardQueues::get(QueueHost& host, const QueueName& name) {
  auto queue = co_await find(host, name);
  if (!queue) co_return fail(no_such_queue());
  co_return queue;
}

Task<Result<std::shared_ptr<Queue>>> ShardQueues::create(QueueHost& host, const QueueName& name, const Attributes& attributes,
                                                         const wire::Map<std::string>& tags) {
  if (auto existing = co_await find(host, name)) {
    if (auto differing = differing_attribute(name, existing->record().attributes, attributes))
      co_return fail(
          queue_name_exists(fmt::format("A queue already exists with the same name and a different value for attribute {}", *differing)));
    co_return existing;
  }
  Instant now = shard_.world().clock.wall();
  if (auto deleted = deleted_.find(name); deleted != deleted_.end()) {
    if (deleted->second + limits::name_reuse_wait > now)
      co_return fail(
          queue_deleted_recently("You must wait 60 seconds after deleting a queue before you can create another with the same name."));
    deleted_.erase(deleted);
  }
  QueueRecord record;
  record.id.resize(8);
  shard_.world().random.fill(std::as_writable_bytes(std::span(record.id)));
  record.created = record.modified = now;
  record.attributes = co_await attributes_to_create(name, attributes);
  record.tags = tags;
  auto queue = std::make_shared<Queue>(host, shard_, name, record);
  queue->configure(std::move(record));
  slots_[name].queue = queue;
  co_return queue;
}

void ShardQueues::remove(Queue& queue) {
  QueueRecord record = queue.record();
  record.deleted = queue.now();
  record.attributes.clear();
  record.tags.clear();
  const QueueName name = queue.name();
  queue.erase();
  shard_.batch().put(queue_record_key(shard_.key_prefix(), name), wire::encode_record(record));
  deleted_[name] = *record.deleted;
  slots_.erase(name);
}

}  // namespace outcrop::sqs
