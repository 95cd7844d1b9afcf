#include "services/sqs/sqs.h"

#include <algorithm>

#include "auth/policy.h"
#include "base/encoding.h"
#include "gen/sqs/errors.h"
#include "gen/sqs/manifest.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"
#include "wire/record.h"
#include "wire/validate.h"

namespace outcrop::sqs {
namespace {

constexpr std::string_view receipt_secret_key = "global/sqs/receipt-secret";
constexpr std::string_view move_timer_kind = "sqs/move";

// What only the owner of a queue may do, whatever its policy says (SQS Developer Guide, "Limitations of using policies").
constexpr std::string_view owners_operations[] = {
    "AddPermission",
    "CancelMessageMoveTask",
    "CreateQueue",
    "DeleteQueue",
    "ListMessageMoveTasks",
    "ListQueues",
    "ListQueueTags",
    "RemovePermission",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
};

// Batches are authorised as the single operation (Developer Guide, "Actions, resources, and condition keys").
std::string_view single_operation(std::string_view operation) {
  if (operation.ends_with("Batch")) operation.remove_suffix(5);
  return operation;
}

Fault unopenable_receipt(std::string_view handle) {
  Fault fault = receipt_handle_is_invalid(fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.", handle));
  return fault;
}

}  // namespace

Sqs::Sqs(World& world, Shards& shards, DurableTimers& timers) : world_(world), shards_(shards), timers_(timers) {
  timers_.on(move_timer_kind, [this](Shard& shard, const DurableTimer& timer) { return continue_move(shard, timer); });
}

Task<Result<void>> Sqs::start() {
  auto stored = co_await world_.store.get(receipt_secret_key);
  if (stored) {
    receipt_secret_ = std::move(*stored);
    co_return Result<void>();
  }
  receipt_secret_.resize(32);
  world_.random.fill(std::as_writable_bytes(std::span(receipt_secret_)));
  store::WriteBatch batch;
  batch.put(receipt_secret_key, receipt_secret_);
  co_await world_.store.write(std::move(batch));
  co_return Result<void>();
}

Task<void> Sqs::stop() {
  stopped_.store(true);
  co_await background_.join();
}

void Sqs::spawn(Task<void> work) {
  if (!stopped_.load()) background_.spawn(std::move(work));
}

std::string Sqs::receipt_handle(const Queue& queue, const Delivery& delivery) const {
  return seal_receipt({queue.record().id, delivery.sequence, delivery.receive_count}, receipt_secret_);
}

Result<Receipt> Sqs::receipt_of(const Queue& queue, std::string_view handle) const {
  auto receipt = open_receipt(handle, receipt_secret_);
  if (!receipt || receipt->queue_id != queue.record().id) return fail(unopenable_receipt(handle));
  return std::move(*receipt);
}

Task<Result<std::vector<Sqs::Listed>>> Sqs::list(const std::string& account, const std::string& region, std::string_view prefix) {
  std::vector<Listed> listed;
  for (uint32_t index = 0; index < shards_.count(); ++index) {
    QueueName name{account, region, std::string(prefix)};
    auto range = store::Range::prefix(queue_record_key(shards_.at(index).key_prefix(), name));
    const size_t name_offset = range.begin.size() - prefix.size();
    for (;;) {
      auto entries = co_await world_.store.scan(range);
      if (entries.empty()) break;
      for (const store::Entry& entry : entries) {
        name.name = entry.key.substr(name_offset);
        auto record = co_await wire::decode_record<QueueRecord>(entry.value);
        if (!record.deleted) listed.push_back({name, std::move(record)});
      }
      range.begin = entries.back().key + '\0';
    }
  }
  std::ranges::sort(listed, {}, [](const Listed& queue) -> const std::string& { return queue.name.name; });
  co_return listed;
}

Task<Result<std::vector<Sqs::Listed>>> Sqs::sources_of(const QueueName& target) {
  auto queues = co_await list(target.account, target.region);
  std::erase_if(queues, [&](const Listed& queue) {
    QueueSettings settings = QueueSettings::of(queue.name, queue.record);
    return !settings.redrive || settings.redrive->target != target;
  });
  co_return queues;
}

Task<Result<void>> Sqs::check_redrive_target(const QueueName& source, const Attributes& attributes) {
  const std::string* text = attributes.find("RedrivePolicy");
  if (!text || text->empty()) co_return Result<void>();
  auto policy = co_await parse_redrive_policy(*text, source.account);
  auto wrong = [&](std::string_view reason) { return fail(invalid_value(*text, "RedrivePolicy", reason)); };
  if (policy.target.account != source.account || policy.target.region != source.region)
    co_return wrong("Dead-letter target owner should be same as the source.");
  auto allows = co_await keep(Shards::call(shard_of(policy.target), [&](Shard& shard) -> Task<Result<std::optional<bool>>> {
    auto queues = shard.memory<ShardQueues>();
    auto queue = co_await queues->find(*this, policy.target);
    if (!queue) co_return std::optional<bool>();
    co_return std::optional(queue->settings().redrive_allow.allows(source.arn()));
  }));
  if (!allows) co_return fail(std::move(allows.error()));
  if (!*allows) co_return wrong("Dead letter target does not exist.");
  if (policy.target.is_fifo() != source.is_fifo()) co_return wrong("Dead-letter queue must be same type of queue as the source.");
  if (!**allows) co_return wrong("Queue is not permitted to use the dead-letter queue by its redrive allow policy.");
  co_return Result<void>();
}

Task<Result<void>> Sqs::carry(const QueueName& to, Transfer transfer) {
  co_return co_await keep(Shards::call(shard_of(to), [&](Shard& shard) -> Task<Result<void>> {
    auto queues = shard.memory<ShardQueues>();
    auto queue = co_await queues->get(*this, to);
    queue->accept(std::move(transfer));
    co_return co_await keep(shard.committed());
  }));
}

void Sqs::schedule_move(Queue& queue, Instant due) {
  // Another id each time: a timer that fires is erased when its handler ends, and must not take its successor along.
  int64_t moved = queue.move_tasks().front().moved;
  timers_.set(queue.shard(), {.due = due,
                              .kind = std::string(move_timer_kind),
                              .account = queue.name().account,
                              .id = fmt::format("{}/{}/{}", queue.move_tasks().front().id, moved, world_.random.next()),
                              .payload = queue.name().arn()});
}

Task<Result<void>> Sqs::continue_move(Shard& shard, const DurableTimer& timer) {
  auto name = parse_queue_arn(timer.payload, timer.account);
  check(name.has_value(), "a move timer names its queue");
  auto queues = shard.memory<ShardQueues>();
  auto queue = co_await queues->find(*this, *name);
  if (!queue) co_return Result<void>();
  if (auto next = co_await queue->move_some()) schedule_move(*queue, *next);
  co_return Result<void>();
}

Result<QueueName> queue_name_of(const Call& call, const std::string& queue_url) {
  auto name = parse_queue_url(queue_url, call.account(), call.region);
  if (!name) return fail(no_such_queue(call));
  return std::move(*name);
}

Result<void> authorize(const Call& call, const Queue& queue) {
  const bool is_own = call.account() == queue.name().account;
  if (is_own && !call.enforced) return {};
  std::string_view operation = single_operation(call.operation);
  const std::string arn = queue.name().arn(), action = "sqs:" + std::string(operation);
  auto context = auth::context_of(call.identity, {.source_ip = call.source_ip,
                                                  .user_agent = call.user_agent,
                                                  .region = call.region,
                                                  .secure_transport = call.secure_transport,
                                                  .now = call.world.clock.wall()});
  auth::AccessRequest request{call.identity, action, arn, queue.name().account, context};
  const bool is_owners = std::ranges::count(owners_operations, operation) > 0;
  const auth::PolicyDocument* policy = queue.settings().policy && (is_own || !is_owners) ? &*queue.settings().policy : nullptr;
  auth::Decision decision = auth::authorize(request, {}, policy);
  if (decision.is_allowed()) return {};
  return fail("AccessDenied", 403, auth::denial_message(request, decision, ascii_lower(action)));
}

// SQS words a missing parameter by its name.
Fault word_violations(const wire::Operation& operation, std::span<const wire::Violation> violations) {
  const wire::Violation& first = violations.front();
  std::string_view member = first.member ? first.member->name : std::string_view();
  if (first.kind == wire::Violation::Kind::enumeration)
    return invalid_parameter(fmt::format("Message system attribute name {} is invalid.", first.value));
  if (member == "Entries")
    return empty_batch_request(fmt::format("There should be at least one {}RequestEntry in the request.", operation.name));
  return missing_parameter(member);
}

}  // namespace outcrop::sqs
