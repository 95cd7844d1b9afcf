#include "services/lambda/poller/pollers.h"

#include "base/log.h"
#include "services/lambda/poller/limits.h"
#include "services/lambda/poller/mapped_function.h"
#include "services/lambda/poller/sqs_source.h"

namespace outcrop::lambda {

namespace {

Result<PollerSettings> settings_of_mapping(const Mapping& mapping, const QueueArn& queue) {
  const MappingRecord& record = mapping.record;
  auto filter = MappingFilter::parse(record.filter_patterns);
  if (!filter) return fail(std::move(filter.error()));
  return PollerSettings{
      .source_arn = record.source_arn,
      .region = queue.region,
      .batch_size = record.batch_size,
      .window = Seconds(record.window_seconds),
      .filter = std::move(*filter),
      .reports_item_failures = record.reports_item_failures,
      .concurrency_max = record.maximum_concurrency ? uint32_t(*record.maximum_concurrency) : limits::concurrency_of_queue,
      .is_fifo = queue.is_fifo()};
}

Task<void> keep_running(std::shared_ptr<Poller> poller) { co_await poller->run(); }

}  // namespace

Task<Result<void>> Pollers::start() {
  for (const Mapping& mapping : co_await parts_.mappings.all()) {
    if (const auto followed = co_await keep(follow(mapping.place, mapping.uuid)); !followed)
      log::error("an event source mapping cannot be polled", {{"uuid", mapping.uuid}, {"reason", followed.error().message}});
  }
  co_return {};
}

// One at a time, on one thread: each reads what is stored after its own change, so that the last one leaves what holds.
Task<Result<void>> Pollers::follow(const Place& place, std::string_view uuid) {
  Executor& home = *Executor::current();
  co_await parts_.world.executors.front()->enter();
  while (is_following_) co_await followed_.wait();
  is_following_ = true;
  Result<void> result = co_await keep(follow_alone(place, uuid));
  is_following_ = false;
  followed_.notify_all();
  co_await home.enter();
  co_return result;
}

Task<Result<void>> Pollers::follow_alone(const Place& place, std::string_view uuid) {
  const std::optional<Mapping> mapping = co_await parts_.mappings.find(place, uuid);
  end(uuid);
  if (!mapping || !mapping->record.is_enabled) co_return {};
  const std::optional<QueueArn> queue = QueueArn::parse(mapping->record.source_arn);
  check(queue.has_value(), "a mapping that is stored names a queue");
  begin(*mapping, co_await settings_of_mapping(*mapping, *queue));
  co_return {};
}

void Pollers::begin(const Mapping& mapping, PollerSettings settings) {
  const std::optional<QueueArn> queue = QueueArn::parse(mapping.record.source_arn);
  auto source = std::make_unique<SqsSource>(parts_.world, parts_.directory, mapping.place, mapping.record.function_name, *queue);
  auto function = std::make_unique<MappedFunction>(parts_.world, parts_.functions, parts_.invoker, mapping.function());
  auto poller = std::make_shared<Poller>(parts_.world, std::move(settings), std::move(source), std::move(function));
  Shard& shard = parts_.shards.of(mapping.place.account, mapping.place.region, "lambda", mapping.uuid);
  std::lock_guard lock(mutex_);
  if (is_over_) return;
  pollers_.insert_or_assign(mapping.uuid, Running{mapping.place, poller});
  running_.spawn_on(shard.executor(), keep_running(std::move(poller)));
}

void Pollers::end(std::string_view uuid) {
  std::lock_guard lock(mutex_);
  auto found = pollers_.find(uuid);
  if (found == pollers_.end()) return;
  found->second.poller->request_stop();
  pollers_.erase(found);
}

void Pollers::end_receiving() {
  std::lock_guard lock(mutex_);
  is_over_ = true;
  for (auto& [uuid, running] : pollers_) running.poller->request_stop();
  pollers_.clear();
}

Task<void> Pollers::stop() {
  end_receiving();
  co_await running_.join();
}

void Pollers::forget(const std::optional<std::string>& account) {
  std::lock_guard lock(mutex_);
  std::erase_if(pollers_, [&](auto& entry) {
    if (account && entry.second.place.account != *account) return false;
    entry.second.poller->request_stop();
    return true;
  });
}

std::optional<std::string> Pollers::problem_of(const Mapping& mapping) const {
  std::lock_guard lock(mutex_);
  auto found = pollers_.find(mapping.uuid);
  return found == pollers_.end() ? std::nullopt : found->second.poller->problem();
}

}  // namespace outcrop::lambda
