#include "services/lambda/async/async_events.h"

#include <algorithm>

#include "base/log.h"
#include "core/timers.h"
#include "services/lambda/async/limits.h"
#include "services/lambda/async/shard_events.h"
#include "services/lambda/invoke/wording.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

// 1 s, 2 s, 4 s and so on.
Seconds back_off(int32_t refusals) {
  return std::min(limits::back_off_max, limits::back_off_first * (1 << std::clamp(refusals - 1, 0, 10)));
}

FunctionName named(const EventQueueName& name, const AsyncEventRecord& event) { return {name.place, name.function, event.qualifier}; }

bool is_missing(const Fault& fault) { return fault.status == 404; }

// A destination's, on its own account.
bool may_pass(const Fault& fault) { return fault.status >= 500 || fault.status == 429; }

Fault switched_off() {
  return {"TooManyRequestsException", 429, "Function not invoked. Function is configured with zero reserved concurrent executions"};
}

}  // namespace

Task<Result<void>> AsyncEvents::start() {
  for (uint32_t index = 0; index < parts_.shards.count(); ++index) {
    co_await Shards::call(parts_.shards.at(index), [&](Shard& shard) -> Task<Result<void>> {
      shard.on_open([this](Shard& opened) { go_on_with(opened); });
      go_on_with(shard);
      co_return {};
    });
  }
  co_return {};
}

void AsyncEvents::go_on_with(Shard& shard) { spawn(open_all(shard)); }

Task<void> AsyncEvents::open_all(Shard& shard) {
  const auto events = shard.memory<ShardEvents>();
  Result<void> opened = co_await events->open_all(*this);
  if (!opened)
    log::error("the asynchronous events of a shard could not be read", {{"shard", shard.index()}, {"reason", opened.error().message}});
}

void AsyncEvents::begin_stop() {
  stopped_.store(true);
  background_.request_stop();
}

Task<void> AsyncEvents::stop() {
  begin_stop();
  co_await background_.join();
}

void AsyncEvents::spawn(Task<void> work) {
  if (!stopped_.load()) background_.spawn(std::move(work));
}

Shard& AsyncEvents::shard_of(const EventQueueName& name) {
  return parts_.shards.of(name.place.account, name.place.region, "lambda", name.function);
}

Task<Result<void>> AsyncEvents::add(const FunctionName& name, runner::Invocation invocation, size_t bytes_max) {
  if (invocation.payload.size() > bytes_max) co_return fail(event_too_large(invocation.payload.size(), bytes_max));
  co_await parts_.functions.check_exists(name);
  AsyncEventRecord event = {.request_id = std::move(invocation.request_id),
                            .qualifier = name.qualifier,
                            .received_at = now(),
                            .payload = std::move(invocation.payload)};
  if (!invocation.trace_header.empty()) event.trace_header = std::move(invocation.trace_header);
  const EventQueueName queue_name = {name.place, name.name};
  co_await Shards::call(shard_of(queue_name), [&](Shard& shard) -> Task<Result<void>> {
    const auto queue = shard.memory<ShardEvents>()->queue(*this, queue_name);
    queue->add(std::move(event));
    co_await shard.committed();
    queue->pump();
    co_return {};
  });
  parts_.invoker.metrics().event_received(name);
  co_return {};
}

Task<std::optional<uint32_t>> AsyncEvents::concurrency_of(const EventQueueName& name, const AsyncEventRecord& event) {
  Result<Runnable> runnable = co_await parts_.functions.runnable(named(name, event));
  if (!runnable) co_return std::nullopt;
  co_return runnable->reserved_concurrency;
}

// Also those of a function that cannot be run just now: its events get old, too.
Task<Result<AsyncEvents::Settings>> AsyncEvents::settings_of(const FunctionName& name) {
  Settings settings = {limits::retries_default, limits::event_age_default, "", "", ""};
  Result<Runnable> runnable = co_await keep(parts_.functions.runnable(name));
  if (!runnable && is_missing(runnable.error())) co_return fail(std::move(runnable.error()));
  if (runnable) {
    settings.dead_letter_target = runnable->dead_letter_target;
    settings.is_switched_off = runnable->reserved_concurrency == 0u;
  } else {
    const StoredVersion stored = co_await parts_.functions.stored(name);
    settings.dead_letter_target = stored.record.dead_letter_target.value_or("");
  }
  const std::string key = FunctionKeys(name.place).event_invoke(name.name, name.qualifier_or_latest());
  std::optional<std::string> bytes = co_await parts_.world.store.get(key);
  if (!bytes) co_return settings;
  auto record = co_await wire::decode_record<EventInvokeRecord>(*bytes);
  settings.retries_max = record.retries_max.value_or(limits::retries_default);
  if (record.age_seconds_max) settings.age_max = Seconds(*record.age_seconds_max);
  settings.on_success = std::move(record.on_success);
  settings.on_failure = std::move(record.on_failure);
  co_return settings;
}

Task<Verdict> AsyncEvents::attempt(const EventQueueName& queue_name, AsyncEventRecord& event) {
  const FunctionName name = named(queue_name, event);
  Result<Settings> settings = co_await settings_of(name);
  if (!settings) {
    if (!is_missing(settings.error())) co_return Verdict{.kind = Verdict::Kind::again, .due = now() + back_off(++event.refusals)};
    parts_.invoker.metrics().event_dropped(name);
    log::info("an event is dropped: its function is gone", {{"function", name.qualified_arn()}, {"request_id", event.request_id}});
    co_return Verdict{};
  }
  const auto age = now() - event.received_at;
  if (age >= settings->age_max) co_return co_await give_up(name, *settings, event, {Ending::Condition::event_age_exceeded, {}, {}});
  if (settings->is_switched_off)
    co_return co_await give_up(name, *settings, event, {Ending::Condition::zero_reserved_concurrency, {}, switched_off()});
  parts_.invoker.metrics().event_aged(name, age);
  runner::Invocation invocation = {
      .request_id = event.request_id, .payload = event.payload, .invoked_arn = "", .trace_header = event.trace_header.value_or("")};
  Result<InvokedWhole> answer = co_await parts_.invoker.invoke_whole(name, std::move(invocation));
  if (stopped_.load() && (!answer || !answer->outcome.function_error.empty())) co_return Verdict{.kind = Verdict::Kind::unknown};
  if (!answer) co_return co_await judge_refusal(name, *settings, event, std::move(answer.error()));
  co_return co_await judge_answer(name, *settings, event, std::move(*answer));
}

Task<Verdict> AsyncEvents::judge_answer(const FunctionName& name, const Settings& settings, AsyncEventRecord& event, InvokedWhole answer) {
  ++event.invocations;
  event.refusals = 0;
  if (answer.outcome.function_error.empty()) {
    const Ending ending = {Ending::Condition::success, std::move(answer), {}};
    if (!settings.on_success.empty() && !co_await tell_destination(name, settings.on_success, event, ending))
      co_return Verdict{.kind = Verdict::Kind::unknown};
    co_return Verdict{};
  }
  if (event.invocations > settings.retries_max)
    co_return co_await give_up(name, settings, event, {Ending::Condition::retries_exhausted, std::move(answer), {}});
  const Instant due = now() + limits::retry_wait_step * event.invocations;
  if (due >= event.received_at + settings.age_max)
    co_return co_await give_up(name, settings, event, {Ending::Condition::event_age_exceeded, std::move(answer), {}});
  co_return Verdict{.kind = Verdict::Kind::again, .due = due};
}

Task<Verdict> AsyncEvents::judge_refusal(const FunctionName& name, const Settings& settings, AsyncEventRecord& event, Fault refusal) {
  ++event.refusals;
  const Instant expires = event.received_at + settings.age_max;
  if (now() >= expires) co_return co_await give_up(name, settings, event, {Ending::Condition::event_age_exceeded, {}, std::move(refusal)});
  co_return Verdict{
      .kind = Verdict::Kind::again, .due = std::min(now() + back_off(event.refusals), expires), .is_refused = refusal.status == 429};
}

Task<Verdict> AsyncEvents::give_up(const FunctionName& name, const Settings& settings, const AsyncEventRecord& event, Ending ending) {
  if (!settings.on_failure.empty() && !co_await tell_destination(name, settings.on_failure, event, ending))
    co_return Verdict{.kind = Verdict::Kind::unknown};
  if (!settings.dead_letter_target.empty()) {
    Result<void> sent = co_await send(name.place, settings.dead_letter_target, dead_letter(event, ending));
    if (!sent) {
      if (is_cut_off(sent.error())) co_return Verdict{.kind = Verdict::Kind::unknown};
      parts_.invoker.metrics().dead_letter_failed(name);
      log::warning("a dead-letter queue did not take an event", {{"function", name.qualified_arn()},
                                                                 {"queue", settings.dead_letter_target},
                                                                 {"request_id", event.request_id},
                                                                 {"reason", sent.error().message}});
    }
  }
  parts_.invoker.metrics().event_dropped(name);
  co_return Verdict{};
}

Task<bool> AsyncEvents::tell_destination(const FunctionName& name, std::string_view arn, const AsyncEventRecord& event,
                                         const Ending& ending) {
  Result<void> sent = co_await send(name.place, arn, invocation_record(name, event, ending, now()));
  if (sent) co_return true;
  if (is_cut_off(sent.error())) co_return false;
  parts_.invoker.metrics().destination_failed(name);
  log::warning(
      "a destination did not take an invocation record",
      {{"function", name.qualified_arn()}, {"destination", arn}, {"request_id", event.request_id}, {"reason", sent.error().message}});
  co_return true;
}

// A destination was not told because the server ends: the next one tells it, once the event was tried again.
bool AsyncEvents::is_cut_off(const Fault& fault) const { return stopped_.load() && may_pass(fault); }

// What fails on the destination's own account is tried again for a while.
Task<Result<void>> AsyncEvents::send(const Place& from, std::string_view arn, const DestinationMessage& message) {
  for (int attempt = 1;; ++attempt) {
    Result<void> sent = co_await keep(parts_.destinations.send(from, arn, message));
    if (sent || !may_pass(sent.error()) || attempt == limits::destination_attempts_max || stopped_.load()) co_return sent;
    co_await parts_.world.timers.until(now() + back_off(attempt), background_.stop_token());
  }
}

}  // namespace outcrop::lambda
