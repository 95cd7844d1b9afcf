// Receiving: selecting what is next, long polls, repeated attempts, and what a receipt handle allows.
#include <algorithm>

#include "base/log.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/queue.h"
#include "services/sqs/queue/standard_order.h"
#include "services/sqs/queue/waiter.h"
#include "services/sqs/queue/wording.h"
#include "wire/record.h"

namespace outcrop::sqs {

namespace {

Fault receipt_expired(std::string_view handle) { return invalid_value(handle, "ReceiptHandle", "The receipt handle has expired."); }

Fault not_available(std::string_view handle) {
  return invalid_value(handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.");
}

}  // namespace

// Takes what is next, up to the request's number. What has been received too often goes to the dead-letter queue
// instead, what is too old goes away.
std::vector<Delivery> Queue::select(const ReceiveRequest& request) {
  std::vector<Delivery> deliveries;
  std::vector<uint64_t> to_redrive;
  std::vector<Entry*> visible_at_once;
  Instant at = now(), visible_at = at + request.visibility_timeout.value_or(settings_.visibility_timeout);
  Take take;
  Counting counting(*this);
  while (deliveries.size() < request.messages_max && in_flight_ < limits::in_flight_max) {
    Entry* entry = order_->next(take, at);
    if (!entry) break;
    if (is_expired(*entry, at)) {
      if (entry->group == take.group) take = {};
      remove_message(*entry);
      continue;
    }
    if (settings_.redrive && entry->receive_count >= settings_.redrive->max_receive_count) {
      set_state(*entry, Entry::State::moving, entry->visible_at);
      to_redrive.push_back(entry->sequence);
      continue;
    }
    deliver(*entry, visible_at, at, deliveries);
    take = {entry->group, entry->sequence};
    if (visible_at == at) visible_at_once.push_back(entry);
  }
  for (Entry* entry : visible_at_once) set_state(*entry, Entry::State::ready, at);
  if (!to_redrive.empty()) start_redrive(std::move(to_redrive));
  if (settings_.fifo && !request.attempt_id.empty() && !deliveries.empty()) remember_attempt(request.attempt_id, deliveries);
  if (wants_more()) start_refill();
  return deliveries;
}

void Queue::deliver(Entry& entry, Instant visible_at, Instant at, std::vector<Delivery>& deliveries) {
  if (entry.in_delayed_order) {
    batch().erase(keys_.delayed(entry.visible_at, entry.sequence));
    count(entry, -1);
    entry.in_delayed_order = false;
    count(entry, +1);
    --counters_.delayed;
    put_counters();
  }
  if (++entry.receive_count == 1) entry.first_received = at;
  entry.last_received = at;
  set_state(entry, Entry::State::in_flight, visible_at);
  entry.has_state_record = true;
  put_state(entry);
  deliveries.push_back({entry.sequence, entry.receive_count, entry.first_received, visible_at, std::move(entry.contents)});
  drop_contents(entry);
}

Task<Result<std::vector<Delivery>>> Queue::receive(ReceiveRequest request, std::stop_token stop) {
  auto self = shared_from_this();
  Seconds wait_time = request.wait.value_or(settings_.wait);
  const Instant deadline = now() + wait_time;
  const size_t moving_before = moving_;
  std::vector<Delivery> deliveries;
  if (auto repeated = repeat_attempt(request)) deliveries = std::move(*repeated);
  for (bool refilled = false; deliveries.empty();) {
    if (closed_) co_return fail(closed_because_);
    if (!settings_.fifo && in_flight_ >= limits::in_flight_max && wait_time.count() == 0)
      co_return fail(over_limit("The maximum number of in flight messages is reached."));
    // Earlier long polls come first.
    if (waiters_.empty()) deliveries = select(request);
    if (!deliveries.empty()) break;
    if (moving_ > moving_before) {
      co_await moved_.wait();  // what was selected went to the dead-letter queue; there may be more behind it
      continue;
    }
    if (!refilled && (refilling_ || wants_more())) {
      refilled = true;
      co_await refill();
      continue;
    }
    Seconds left = std::chrono::ceil<Seconds>(deadline - now());
    if (left.count() <= 0 || stop.stop_requested() || shard_.world().draining.stop_requested()) co_return std::vector<Delivery>();
    if (waiters_.size() >= limits::waiters_max) co_return fail(over_limit("Too many receive requests wait on this queue."));
    auto waiter = std::make_shared<Waiter>(request, shard_.executor());
    co_await wait(waiter, deadline, stop);
    deliveries = std::move(waiter->deliveries);
    if (deliveries.empty() && !closed_) co_return deliveries;
  }
  co_await shard_.committed();
  if (moving_ > moving_before) co_await moved_.wait();
  co_await fetch_contents(deliveries);
  co_return deliveries;
}

Task<void> Queue::wait(WaiterPointer waiter, Instant until, std::stop_token stop) {
  waiter->place = waiters_.insert(waiters_.end(), waiter);
  waiter->is_listed = true;
  waiter->timer = shard_.world().timers.at(until, [this, waiter] { end_wait(waiter); });
  Executor& home = shard_.executor();
  // A caller may go, and the server end, on any thread; the waiter belongs to this one.
  auto end = [&home, self = shared_from_this(), waiter] { home.post([self, waiter] { self->end_wait(waiter); }); };
  std::stop_callback gone(stop, end), draining(shard_.world().draining, end);
  co_await waiter->ended;
  waiter->timer.reset();
}

void Queue::end_wait(const WaiterPointer& waiter) {
  if (!waiter->is_listed) return;
  waiter->is_listed = false;
  waiter->ended.setter().set(true);
  waiters_.erase(waiter->place);
}

void Queue::serve_waiters() {
  while (!waiters_.empty() && !closed_) {
    WaiterPointer waiter = waiters_.front();
    waiter->deliveries = select(waiter->request);
    if (waiter->deliveries.empty()) return;
    end_wait(waiter);
  }
}

// The messages of an earlier receive with the same attempt id, when nothing happened to them since.
std::optional<std::vector<Delivery>> Queue::repeat_attempt(const ReceiveRequest& request) {
  if (!settings_.fifo || request.attempt_id.empty()) return std::nullopt;
  auto found = attempts_.find(request.attempt_id);
  Instant at = now();
  if (found == attempts_.end() || found->second.expires <= at) return std::nullopt;
  for (const AttemptDelivery& earlier : found->second.deliveries) {
    const Entry* entry = find(uint64_t(earlier.sequence));
    if (!entry || entry->state != Entry::State::in_flight || entry->receive_count != earlier.receive_count ||
        entry->visible_at != earlier.visible_at)
      return std::nullopt;
  }
  std::vector<Delivery> deliveries;
  Instant visible_at = at + request.visibility_timeout.value_or(settings_.visibility_timeout);
  for (AttemptDelivery& earlier : found->second.deliveries) {
    Entry& entry = *find(uint64_t(earlier.sequence));
    set_state(entry, visible_at > at ? Entry::State::in_flight : Entry::State::ready, visible_at);
    put_state(entry);
    earlier.visible_at = visible_at;
    deliveries.push_back({entry.sequence, entry.receive_count, entry.first_received, visible_at, nullptr});
  }
  batch().put(keys_.attempt(request.attempt_id), wire::encode_record(found->second));
  return deliveries;
}

void Queue::remember_attempt(const std::string& id, const std::vector<Delivery>& deliveries) {
  Instant at = now();
  while (!attempts_by_expiry_.empty() && attempts_by_expiry_.front().first <= at) {
    auto found = attempts_.find(attempts_by_expiry_.front().second);
    if (found != attempts_.end() && found->second.expires <= at) {
      batch().erase(keys_.attempt(found->first));
      attempts_.erase(found);
    }
    attempts_by_expiry_.pop_front();
  }
  ReceiveAttempt attempt;
  attempt.expires = at + limits::attempt_interval;
  for (const Delivery& delivery : deliveries)
    attempt.deliveries.push_back(
        {.sequence = int64_t(delivery.sequence), .receive_count = delivery.receive_count, .visible_at = delivery.visible_at});
  batch().put(keys_.attempt(id), wire::encode_record(attempt));
  attempts_by_expiry_.emplace_back(attempt.expires, id);
  attempts_.insert_or_assign(id, std::move(attempt));
}

Task<Result<void>> Queue::remove(Receipt receipt, std::string handle) {
  auto self = shared_from_this();
  if (closed_) co_return fail(closed_because_);
  Entry* entry = co_await entry_of_message(receipt.sequence);
  if (!entry) co_return Result<void>();  // deleted already
  bool is_newest = entry->receive_count == receipt.receive_count;
  if (settings_.fifo && (!is_newest || entry->state != Entry::State::in_flight)) co_return fail(receipt_expired(handle));
  // Of a standard queue an older handle is answered, but only the newest deletes.
  if (is_newest && entry->state != Entry::State::moving) {
    remove_message(*entry);
    if (settings_.fifo) serve_waiters();  // the next of its group may be free
  }
  co_return Result<void>();
}

Task<Result<void>> Queue::change_visibility(Receipt receipt, std::string handle, Seconds timeout) {
  auto self = shared_from_this();
  if (closed_) co_return fail(closed_because_);
  Entry* entry = co_await entry_of_message(receipt.sequence);
  if (!entry) co_return fail(not_available(handle));
  bool is_newest = entry->receive_count == receipt.receive_count;
  if (!is_newest || entry->state != Entry::State::in_flight) {
    if (settings_.fifo) co_return fail(receipt_expired(handle));
    if (!is_newest) co_return fail(not_available(handle));
    co_return fail(message_not_inflight("The specified message isn't in flight."));
  }
  Instant at = now();
  if (at + timeout - entry->last_received > Seconds(limits::visibility_timeout_s_max))
    co_return fail(invalid_value(
        timeout.count(), "VisibilityTimeout",
        fmt::format("Total VisibilityTimeout for the message is beyond the limit [{} seconds]", limits::visibility_timeout_s_max)));
  set_state(*entry, timeout.count() > 0 ? Entry::State::in_flight : Entry::State::ready, at + timeout);
  put_state(*entry);
  if (timeout.count() == 0) serve_waiters();
  co_return Result<void>();
}

}  // namespace outcrop::sqs
