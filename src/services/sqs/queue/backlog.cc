// The backlog in the store: reading on as the window empties, looking beyond it for quiet tenants, and sweeping away
// what has reached the end of its retention.
#include <algorithm>

#include "base/log.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/queue.h"
#include "services/sqs/queue/standard_order.h"
#include "wire/record.h"

namespace outcrop::sqs {
namespace {

constexpr size_t scan_messages = 1000;
constexpr size_t scan_bytes = 1 << 20;
constexpr size_t fifo_groups_low = 64;  // read on while fewer groups can deliver
constexpr size_t sweep_messages_a_scan = 64;

void log_backlog_problem(const QueueName& queue, std::string_view what, const Fault& fault) {
  log::error("the backlog of a queue could not be read", {{"queue", queue.arn()}, {"reading", what}, {"fault", fault.message}});
}

}  // namespace

// While a read of the store goes on, what is removed meanwhile is noted: the read may still show it.
class Queue::Reading {
 public:
  explicit Reading(Queue& queue) : queue_(queue) { ++queue_.reading_; }
  Reading(const Reading&) = delete;
  ~Reading() {
    if (--queue_.reading_ == 0) queue_.removed_while_reading_.clear();
  }

 private:
  Queue& queue_;
};

bool Queue::can_hold_more() const {
  return settings_.fifo ? entries_.size() < limits::fifo_look_ahead : order_->ready() < limits::window_messages;
}

bool Queue::wants_more() const {
  if (closed_) return false;
  if (settings_.fifo) return has_unread() && order_->ready() < fifo_groups_low && can_hold_more();
  if (order_->ready() < limits::window_low) return has_unread() || (has_unread_delayed() && delayed_ < limits::delayed_window / 4);
  return has_unread() && unseen_quiet_ && fair_->only_noisy_ready();
}

void Queue::start_refill() {
  if (refilling_ || refill_is_posted_) return;
  refill_is_posted_ = true;
  host_.spawn(refill_kept(shared_from_this()));
}

// Background work begins after the command that set it off has ended, so that it cannot split the command's writes.
Task<void> Queue::refill_kept(std::shared_ptr<Queue> self) {
  co_await self->shard_.executor().yield();
  self->refill_is_posted_ = false;
  co_await self->refill();
}

Task<void> Queue::sweep_kept(std::shared_ptr<Queue> self) {
  co_await self->shard_.executor().yield();
  co_await self->sweep_expired();
}

Task<void> Queue::refill() {
  if (refilling_) {
    co_await refilled_.wait();
    co_return;
  }
  refilling_ = true;
  Reading reading(*this);
  while (wants_more()) {
    bool progress = false;
    bool low = settings_.fifo || order_->ready() < limits::window_low;
    if (low && has_unread_delayed() && delayed_ < limits::delayed_window / 4) progress = co_await read_delayed();
    if (low && !closed_ && has_unread()) progress = co_await read_messages() || progress;
    if (!low && !closed_) progress = co_await search_quiet_groups() || progress;
    if (!progress) break;
  }
  refilling_ = false;
  refilled_.notify_all();
  serve_waiters();
}

// Reads on in the order of sending. Gives whether it came further.
Task<bool> Queue::read_messages() {
  const uint64_t end = uint64_t(counters_.next_sequence), purges = purges_;
  if (auto committed = co_await keep(shard_.committed()); !committed || closed_) co_return false;
  store::Store& store = shard_.world().store;
  auto entries = co_await keep(store.scan(keys_.messages(next_unread_, end), {.entries_max = scan_messages, .bytes_max = scan_bytes}));
  if (!entries) {
    log_backlog_problem(name_, "messages", entries.error());
    co_return false;
  }
  if (closed_ || purges != purges_) co_return !closed_;
  // The scan may have ended between the last message and its state.
  std::optional<std::string> last_state;
  if (!entries->empty() && keys_.parse_message(entries->back().key).part == QueueKeys::message_part) {
    auto state = co_await keep(store.get(keys_.state(keys_.parse_message(entries->back().key).sequence)));
    if (!state || closed_ || purges != purges_) co_return !closed_ && state.has_value();
    last_state = std::move(*state);
  }
  next_unread_ = entries->empty() ? end : keys_.parse_message(entries->back().key).sequence + 1;
  for (size_t i = 0; i < entries->size(); ++i) {
    auto [sequence, part] = keys_.parse_message((*entries)[i].key);
    if (part != QueueKeys::message_part || find(sequence) || removed_while_reading_.contains(sequence)) continue;
    const std::string* state_bytes = nullptr;
    if (i + 1 == entries->size())
      state_bytes = last_state ? &*last_state : nullptr;
    else if (keys_.parse_message((*entries)[i + 1].key).sequence == sequence)
      state_bytes = &(*entries)[i + 1].value;
    take_record(sequence, (*entries)[i].value, state_bytes, false);
  }
  co_return true;
}

// What was read becomes an entry. A delayed message of a standard queue that was never received belongs to the order
// of its due time and is left to that.
void Queue::take_record(uint64_t sequence, std::string_view message_bytes, const std::string* state_bytes, bool from_delayed_order) {
  auto message = wire::decode_record<StoredMessage>(message_bytes);
  std::optional<MessageState> state;
  if (state_bytes)
    if (auto decoded = wire::decode_record<MessageState>(*state_bytes)) state = std::move(*decoded);
  if (!message) return log_backlog_problem(name_, "a message", message.error());
  if (!settings_.fifo && message->delayed_until && !state && !from_delayed_order) return;
  Entry* entry = take_read(sequence, std::move(*message), state);
  if (from_delayed_order) drop_contents(*entry);  // the order holds heads only
}

// Reads the delayed messages that are due next. Gives whether there were any.
Task<bool> Queue::read_delayed() {
  const uint64_t purges = purges_;
  if (auto committed = co_await keep(shard_.committed()); !committed || closed_) co_return false;
  size_t room = limits::delayed_window - std::min(delayed_, limits::delayed_window);
  auto range = keys_.delayed_after(delayed_read_.first, delayed_read_.second);
  auto entries = co_await keep(shard_.world().store.scan(range, {.entries_max = std::max<size_t>(room, 1), .bytes_max = scan_bytes}));
  if (!entries) {
    log_backlog_problem(name_, "delayed messages", entries.error());
    co_return false;
  }
  if (closed_ || purges != purges_) co_return !closed_;
  if (entries->empty()) delayed_all_read_ = true;
  for (const store::Entry& entry : *entries) {
    auto [due, sequence] = keys_.parse_timed(entry.key);
    delayed_read_ = {due, sequence};
    if (!find(sequence) && !removed_while_reading_.contains(sequence)) take_record(sequence, entry.value, nullptr, true);
  }
  co_return true;
}

// Beyond a window that holds only noisy tenants' messages: the first messages of other groups.
Task<bool> Queue::search_quiet_groups() {
  const uint64_t purges = purges_;
  if (auto committed = co_await keep(shard_.committed()); !committed || closed_) co_return false;
  store::Store& store = shard_.world().store;
  bool found_any = false;
  for (size_t groups = 0; groups < limits::quiet_groups_a_search; ++groups) {
    auto first = co_await keep(store.scan(keys_.groups_after(last_group_searched_), {.entries_max = 1}));
    if (!first || closed_ || purges != purges_) co_return false;
    if (first->empty()) {
      last_group_searched_.clear();
      unseen_quiet_ = found_any;
      co_return found_any;
    }
    last_group_searched_ = keys_.parse_grouped((*first)[0].key).group;
    if (fair_->is_noisy(last_group_searched_, now())) continue;
    auto range = keys_.group(last_group_searched_);
    range.begin = keys_.grouped(last_group_searched_, next_unread_);
    auto members = co_await keep(store.scan(range, {.entries_max = 4 * limits::quiet_messages_a_group}));
    if (!members || closed_ || purges != purges_) co_return false;
    size_t taken = 0;
    for (const store::Entry& member : *members) {
      uint64_t sequence = keys_.parse_grouped(member.key).sequence;
      if (find(sequence) || taken++ == limits::quiet_messages_a_group) continue;
      auto records = co_await keep(store.scan(keys_.messages(sequence, sequence + 1)));
      if (!records || closed_ || purges != purges_) co_return false;
      if (records->empty() || find(sequence) || removed_while_reading_.contains(sequence)) continue;
      take_record(sequence, (*records)[0].value, records->size() > 1 ? &(*records)[1].value : nullptr, false);
      found_any = true;
    }
  }
  co_return found_any;
}

// The entry of the message, read from the store when memory does not hold it; null when it is gone.
Task<Result<Entry*>> Queue::entry_of_message(uint64_t sequence) {
  if (Entry* entry = find(sequence)) co_return entry;
  if (sequence >= uint64_t(counters_.next_sequence)) co_return nullptr;
  const uint64_t purges = purges_;
  Reading reading(*this);
  co_await shard_.committed();
  auto entries = co_await shard_.world().store.scan(keys_.messages(sequence, sequence + 1));
  if (closed_) co_return fail(closed_because_);
  if (Entry* entry = find(sequence)) co_return entry;
  if (entries.empty() || purges != purges_ || keys_.parse_message(entries[0].key).part != QueueKeys::message_part) co_return nullptr;
  if (removed_while_reading_.contains(sequence)) co_return nullptr;
  std::optional<MessageState> state;
  if (entries.size() > 1) state = co_await wire::decode_record<MessageState>(entries[1].value);
  co_return take_read(sequence, co_await wire::decode_record<StoredMessage>(entries[0].value), state);
}

void Queue::expect_expiry(Instant sent) {
  Instant expires = sent + settings_.retention;
  if (next_expiry_ && *next_expiry_ <= expires) return;
  next_expiry_ = expires;
  arm_timer();
}

// Deletes what has reached the end of its retention, and finds when the next message does.
Task<void> Queue::sweep_expired() {
  if (sweeping_) co_return;
  sweeping_ = true;
  Instant at = now();
  next_expiry_.reset();
  std::optional<Instant> next;
  auto committed = co_await keep(shard_.committed());
  for (auto sweep : {&Queue::sweep_messages, &Queue::sweep_sent_earlier}) {
    if (!committed || closed_) break;
    auto oldest = co_await keep((this->*sweep)(at));
    if (!oldest) {
      if (!closed_) log_backlog_problem(name_, "expired messages", oldest.error());
      break;
    }
    if (*oldest && (!next || **oldest < *next)) next = **oldest;
  }
  sweeping_ = false;
  if (closed_) co_return;
  if (next) expect_expiry(*next);
  serve_waiters();
}

// In the order of sending, from the first message. Gives when the oldest that stays was sent.
Task<Result<std::optional<Instant>>> Queue::sweep_messages(Instant at) {
  for (uint64_t from = 0;;) {
    auto entries = co_await shard_.world().store.scan(keys_.messages(from, uint64_t(counters_.next_sequence)),
                                                      {.entries_max = sweep_messages_a_scan, .bytes_max = scan_bytes});
    if (closed_) co_return fail(closed_because_);
    if (entries.empty()) co_return std::nullopt;
    for (const store::Entry& stored : entries) {
      auto [sequence, part] = keys_.parse_message(stored.key);
      from = sequence + 1;
      if (part != QueueKeys::message_part) continue;
      auto message = co_await wire::decode_record<StoredMessage>(stored.value);
      if (message.sent_earlier) continue;  // has its own order
      if (message.sent + settings_.retention > at) co_return message.sent;
      Entry* entry = co_await entry_of_message(sequence);
      if (entry && entry->state != Entry::State::moving) remove_message(*entry);
    }
  }
}

Task<Result<std::optional<Instant>>> Queue::sweep_sent_earlier(Instant at) {
  auto range = keys_.all_of('e');
  for (;;) {
    auto entries = co_await shard_.world().store.scan(range, {.entries_max = sweep_messages_a_scan});
    if (closed_) co_return fail(closed_because_);
    if (entries.empty()) co_return std::nullopt;
    for (const store::Entry& stored : entries) {
      auto [sent, sequence] = keys_.parse_timed(stored.key);
      range.begin = stored.key + '\0';
      if (sent + settings_.retention > at) co_return sent;
      Entry* entry = co_await entry_of_message(sequence);
      if (entry && entry->state != Entry::State::moving) remove_message(*entry);
    }
  }
}

}  // namespace outcrop::sqs
