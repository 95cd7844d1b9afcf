#include "services/lambda/poller/poller.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "services/lambda/poller/batch_response.h"
#include "services/lambda/poller/limits.h"

namespace outcrop::lambda {

namespace {

bool is_refused_for_now(const Fault& fault) { return fault.status == 429; }

}  // namespace

Poller::Poller(World& world, PollerSettings settings, std::unique_ptr<QueueSource> queue, std::unique_ptr<EventFunction> function)
    : world_(world),
      settings_(std::move(settings)),
      queue_(std::move(queue)),
      function_(std::move(function)),
      allowed_(limits::pollers_at_first),
      limit_(settings_.concurrency_max),
      problem_wait_(limits::problem_wait_first) {}

Task<void> Poller::run() {
  std::stop_callback draining(world_.draining, [this] { stop_.request_stop(); });
  add_worker();
  co_await working_.join();
}

std::optional<std::string> Poller::problem() const {
  std::lock_guard lock(mutex_);
  return problem_.empty() ? std::nullopt : std::optional(problem_);
}

void Poller::tell(std::string problem) {
  std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

// The last worker stays, to see when things get better.
uint32_t Poller::workers_allowed() const { return std::max(1u, std::min(allowed_, limit_)); }

void Poller::add_worker() {
  ++workers_;
  working_.spawn(work());
}

// More workers when messages wait: up to the first five at once, others one by one. A batching window gathers for one batch at a time.
void Poller::grow(const Batch& batch) {
  if (is_stopping() || workers_ >= limit_) return;
  const bool messages_wait = receiving_ == 0 || (batch.is_full && settings_.window.count() == 0);
  if (messages_wait && workers_ < workers_allowed())
    add_worker();
  else if (receiving_ == 0)
    grow_later();
}

void Poller::grow_later() {
  if (std::exchange(will_grow_, true)) return;
  working_.spawn(grow_in_a_while());
}

Task<void> Poller::grow_in_a_while() {
  co_await steady_until(world_.clock.steady() + limits::poller_interval, stop_.get_token());
  will_grow_ = false;
  if (is_stopping() || receiving_ > 0 || workers_ >= limit_) co_return;
  allowed_ = std::max(allowed_, workers_) + 1;
  add_worker();
}

Task<void> Poller::work() {
  while (!is_stopping() && workers_ <= workers_allowed()) {
    Batch batch = co_await next_batch();
    if (batch.has_come_to_nothing && workers_ > 1) break;
    if (!batch.records.empty()) co_await process(std::move(batch));
  }
  --workers_;
}

Task<Poller::Batch> Poller::next_batch() {
  Batch batch;
  Result<void> done = co_await keep(prepare());
  if (done) {
    ++receiving_;
    done = co_await keep(gather(batch));
    --receiving_;
  }
  if (!batch.records.empty()) grow(batch);
  if (done) co_return batch;
  batch.has_come_to_nothing = batch.records.empty();
  if (batch.has_come_to_nothing) co_await wait_out(done.error());
  co_return batch;
}

// Looks at the function before messages are taken for it, which would only come back.
Task<Result<void>> Poller::prepare() {
  const EventFunction::Settings function = co_await function_->settings();
  limit_ = std::min(settings_.concurrency_max, function.reserved_concurrency.value_or(settings_.concurrency_max));
  if (limit_ == 0) co_return fail("TooManyRequestsException", 429, "The function's reserved concurrency is zero.");
  queue_->act_as(function.role);
  co_return {};
}

Task<Result<void>> Poller::gather(Batch& batch) {
  co_await receive_into(batch, limits::long_poll, stop_.get_token());
  tell("");
  problem_wait_ = limits::problem_wait_first;
  if (!batch.records.empty() && settings_.window.count() > 0) co_await gather_until(batch, batch.hidden_since + settings_.window);
  co_return {};
}

Task<Result<void>> Poller::gather_until(Batch& batch, Instant end) {
  std::stop_source over;
  Timer timer = world_.timers.at(end, [over]() mutable { over.request_stop(); });
  std::stop_callback stopped(stop_.get_token(), [over]() mutable { over.request_stop(); });
  while (!over.stop_requested() && has_room(batch)) {
    const Seconds left = std::chrono::ceil<Seconds>(end - world_.clock.wall());
    if (left.count() <= 0) break;
    co_await receive_into(batch, std::min(left, limits::long_poll), over.get_token());
  }
  co_return {};
}

bool Poller::has_room(const Batch& batch) const {
  return batch.records.size() < size_t(settings_.batch_size) && batch.bytes < limits::event_bytes_max;
}

Task<Result<void>> Poller::receive_into(Batch& batch, Seconds wait, std::stop_token stop) {
  const int32_t asked = std::min(limits::received_at_once_max, settings_.batch_size - int32_t(batch.records.size()));
  const std::vector<sqs::Message> messages = co_await queue_->receive(asked, wait, std::move(stop));
  if (batch.records.empty()) batch.hidden_since = world_.clock.wall();
  batch.is_full = messages.size() == size_t(asked);
  batch.has_come_to_nothing = messages.empty() && batch.records.empty();
  std::vector<std::string> unwanted;
  const RecordFrame frame{settings_.source_arn, settings_.region, settings_.window.count() > 0};
  for (const sqs::Message& message : messages) {
    QueueRecord record = queue_record(message, frame);
    if (!settings_.filter.matches(record.json, message.body.value_or(""))) {
      unwanted.push_back(std::move(record.receipt_handle));
      continue;
    }
    batch.bytes += record.json.size();
    batch.records.push_back(std::move(record));
  }
  if (!unwanted.empty()) co_await queue_->remove(std::move(unwanted));
  co_return {};
}

// Logged when it happens for the second time in a row: what passes by itself is no news.
Task<void> Poller::wait_out(const Fault& fault) {
  tell("PROBLEM: " + fault.message);
  if (problem_wait_ == limits::problem_wait_first * 2)
    log::warning("an event source mapping does not get on", {{"source", settings_.source_arn}, {"reason", fault.message}});
  const Instant due = world_.clock.wall() + problem_wait_;
  problem_wait_ = std::min(problem_wait_ * 2, limits::problem_wait_max);
  co_await world_.timers.until(due, stop_.get_token());
}

Task<void> Poller::process(Batch batch) {
  std::span<const QueueRecord> rest = batch.records;
  while (!rest.empty()) {
    const size_t count = records_that_fit(rest);
    const bool all_succeeded = co_await process_event(rest.first(count), batch.hidden_since);
    if (!all_succeeded && settings_.is_fifo) co_return;  // what follows in a group waits for what failed
    rest = rest.subspan(count);
  }
}

Task<bool> Poller::process_event(std::span<const QueueRecord> records, Instant hidden_since) {
  const std::optional<EventFunction::Answer> answer = co_await invoke(event_of(records), hidden_since);
  if (!answer) co_return false;
  if (answer->is_error) {
    if (!settings_.reports_item_failures) back_off();
    co_return false;
  }
  succeed();
  std::vector<std::string> handles = settings_.reports_item_failures ? succeeded(records, answer->payload) : all_receipt_handles(records);
  const bool all_succeeded = handles.size() == records.size();
  if (!handles.empty()) co_await queue_->remove(std::move(handles));
  co_return all_succeeded;
}

Task<std::optional<EventFunction::Answer>> Poller::invoke(std::string event, Instant hidden_since) {
  for (Milliseconds wait = limits::throttled_wait_first;; wait = std::min(wait * 2, limits::throttled_wait_max)) {
    Result<EventFunction::Answer> answer = co_await keep(function_->invoke(event));
    if (answer) co_return std::move(*answer);
    back_off();
    if (!is_refused_for_now(answer.error())) {
      tell("PROBLEM: " + answer.error().message);
      co_return std::nullopt;
    }
    if (!co_await hold_back(wait, hidden_since)) co_return std::nullopt;
  }
}

// Waits before a refused batch is tried again, no longer than until another invocation ended. False when it would be visible again by
// then, or the poller stops.
Task<bool> Poller::hold_back(Milliseconds wait, Instant hidden_since) {
  const Result<Seconds> hidden = co_await keep(queue_->visibility_timeout());
  const Instant due = world_.clock.wall() + wait;
  if (due >= hidden_since + hidden.value_or(limits::hidden_default)) co_return false;
  std::stop_source woken;
  std::stop_callback stopped(stop_.get_token(), [woken]() mutable { woken.request_stop(); });
  held_back_.push_back(woken);
  co_await world_.timers.until(due, woken.get_token());
  std::erase(held_back_, woken);
  co_return !is_stopping();
}

void Poller::succeed() {
  if (allowed_ < limits::pollers_at_first) ++allowed_;
  if (!held_back_.empty()) held_back_.front().request_stop();
}

void Poller::back_off() { allowed_ = std::max(1u, std::min(allowed_, workers_) - 1); }

}  // namespace outcrop::lambda
