#include "services/sqs/queue/queue.h"

#include <algorithm>

#include "base/log.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/fifo_order.h"
#include "services/sqs/queue/standard_order.h"
#include "services/sqs/queue/waiter.h"
#include "services/sqs/queue/wording.h"
#include "wire/record.h"

namespace outcrop::sqs {

Queue::Queue(QueueHost& host, Shard& shard, QueueName name, QueueRecord record)
    : host_(host),
      shard_(shard),
      name_(std::move(name)),
      keys_(shard.key_prefix(), name_, record.id),
      record_(std::move(record)),
      settings_(QueueSettings::of(name_, record_)) {
  if (settings_.fifo) {
    order_ = std::make_unique<FifoOrder>();
  } else {
    auto fair = std::make_unique<StandardOrder>();
    fair_ = fair.get();
    order_ = std::move(fair);
  }
}

Queue::~Queue() = default;

Instant Queue::now() const { return shard_.world().clock.wall(); }

void Queue::close(Fault reason) {
  if (closed_) return;
  closed_ = true;
  closed_because_ = std::move(reason);
  timer_.reset();
  while (!waiters_.empty()) end_wait(waiters_.front());
  moved_.notify_all();
  refilled_.notify_all();
}

void Queue::configure(QueueRecord record) {
  record_ = std::move(record);
  settings_ = QueueSettings::of(name_, record_);
  batch().put(queue_record_key(shard_.key_prefix(), name_), wire::encode_record(record_));
  if (next_expiry_) next_expiry_ = now();  // the retention may have changed: the sweep finds the instant anew
  arm_timer();
  serve_waiters();
}

void Queue::erase() {
  batch().erase_range(keys_.everything());
  close(no_such_queue());
}

Result<void> Queue::purge() {
  Instant at = now();
  if (record_.purged && *record_.purged + limits::purge_wait > at)
    return fail(purge_queue_in_progress(fmt::format("Only one PurgeQueue operation on {} is allowed every 60 seconds.", name_.name)));
  for (char kind : {'m', 'p', 'd', 'g', 'e', 'a'}) batch().erase_range(keys_.all_of(kind));
  while (!entries_.empty()) forget(entries_.begin()->second);
  attempts_.clear();
  attempts_by_expiry_.clear();
  counters_.messages = counters_.delayed = 0;
  put_counters();
  next_unread_ = uint64_t(counters_.next_sequence);
  delayed_all_read_ = true;
  next_expiry_.reset();
  ++purges_;
  record_.purged = at;
  configure(record_);
  return {};
}

Sent Queue::send(StoredMessage message, std::optional<Seconds> delay) {
  Instant at = now();
  std::string hash;
  if (settings_.fifo) {
    for (const std::string& expired : deduplications_.take_expired(at, 16)) batch().erase(keys_.deduplication(expired));
    DeduplicationScope scope = settings_.deduplication_scope;
    if (record_.deduplication_scope_changed && at < *record_.deduplication_scope_changed + limits::attribute_propagation)
      scope = record_.earlier_deduplication_scope == "messageGroup" ? DeduplicationScope::message_group : DeduplicationScope::queue;
    hash = Deduplications::hash_of(*message.deduplication_id, scope == DeduplicationScope::message_group ? &*message.group_id : nullptr);
    if (const Deduplication* first = deduplications_.find(hash, at)) return {first->message_id, uint64_t(first->sequence)};
  }
  uint64_t sequence = uint64_t(counters_.next_sequence++);
  ++counters_.messages;
  message.sent = at;
  if (Seconds wait = delay.value_or(settings_.delay); wait.count() > 0) {
    message.delayed_until = at + wait;
    if (!settings_.fifo) ++counters_.delayed;
  }
  Sent sent{message.message_id, sequence};
  put_message(sequence, message);
  if (settings_.fifo) {
    Deduplication first{.message_id = message.message_id, .sequence = int64_t(sequence), .expires = at + limits::deduplication_interval};
    batch().put(keys_.deduplication(hash), wire::encode_record(first));
    deduplications_.add(hash, std::move(first));
  }
  put_counters();
  keep_new(sequence, std::move(message), std::nullopt);
  return sent;
}

void Queue::accept(Transfer transfer) {
  Instant at = now();
  uint64_t sequence = uint64_t(counters_.next_sequence++);
  ++counters_.messages;
  StoredMessage& message = transfer.message;
  message.delayed_until.reset();
  message.pieces = 0;
  std::optional<MessageState> state;
  if (transfer.kind == Transfer::Kind::dead_letter) {
    message.sent_earlier = !settings_.fifo;
    if (settings_.fifo) message.sent = at;
    state = transfer.state;
    state->visible_at = at;
  } else {
    message.sent_earlier = false;
    message.sent = at;
    message.dead_letter_source_arn.reset();
    message.message_id = shard_.world().random.uuid();
  }
  put_message(sequence, message);
  if (state) batch().put(keys_.state(sequence), wire::encode_record(*state));
  put_counters();
  batch().append(std::move(transfer.erasure));
  keep_new(sequence, std::move(message), state);
}

// Takes a message that was just stored into memory, where the window reaches to the end and has room.
void Queue::keep_new(uint64_t sequence, StoredMessage message, const std::optional<MessageState>& state) {
  expect_expiry(message.sent);
  bool was_at_end = next_unread_ == sequence;
  bool delayed = !settings_.fifo && message.delayed_until && !state;
  if (delayed) {
    if (was_at_end) ++next_unread_;  // it is found by the instant it is due
    std::pair key{*message.delayed_until, sequence};
    if (key > delayed_read_) {
      if (!delayed_all_read_ || delayed_ >= limits::delayed_window) {
        delayed_all_read_ = false;
        return;
      }
      delayed_read_ = key;
    }
    take_read(sequence, std::move(message), state);
    return;
  }
  if (was_at_end && can_hold_more()) {
    ++next_unread_;
  } else if (fair_ && fair_->has_noisy_ready() && !(message.group_id && fair_->is_noisy(*message.group_id, now()))) {
    if (fair_->ready() >= 2 * limits::window_messages) {
      unseen_quiet_ = true;
      return;
    }
  } else {
    return;
  }
  take_read(sequence, std::move(message), state);
  serve_waiters();
}

Entry Queue::entry_of(uint64_t sequence, const StoredMessage& message, const std::optional<MessageState>& state) const {
  Entry entry;
  entry.sequence = sequence;
  entry.sent = message.sent;
  entry.sent_earlier = message.sent_earlier;
  entry.pieces = uint8_t(message.pieces);
  entry.in_group_order = !settings_.fifo && message.group_id.has_value();
  Instant at = now();
  if (state) {
    entry.has_state_record = true;
    entry.receive_count = state->receive_count;
    entry.first_received = state->first_received;
    entry.last_received = state->last_received;
    entry.visible_at = state->visible_at;
    if (state->visible_at > at) entry.state = Entry::State::in_flight;
  } else if (message.delayed_until) {
    entry.in_delayed_order = !settings_.fifo;
    entry.visible_at = *message.delayed_until;
    if (entry.visible_at > at) entry.state = Entry::State::delayed;
  }
  return entry;
}

Entry* Queue::take_read(uint64_t sequence, StoredMessage message, const std::optional<MessageState>& state) {
  auto [place, is_new] = entries_.try_emplace(sequence, entry_of(sequence, message, state));
  if (!is_new) return &place->second;
  Entry& entry = place->second;
  if (message.group_id) entry.group = &order_->group(*message.group_id);
  size_t bytes = message.body.size();
  for (const StoredAttribute& attribute : message.attributes) bytes += attribute.name.size() + attribute.value.size();
  if (entry.pieces == 0 && cached_bytes_ + bytes <= limits::cached_bytes_max) {
    entry.contents = std::make_unique<StoredMessage>(std::move(message));
    entry.contents_bytes = bytes;
    cached_bytes_ += bytes;
  }
  count(entry, +1);
  if (entry.is_waiting()) deadlines_.emplace(entry.visible_at, sequence);
  order_->added(entry);
  arm_timer();
  return &entry;
}

Entry* Queue::find(uint64_t sequence) {
  auto found = entries_.find(sequence);
  return found == entries_.end() ? nullptr : &found->second;
}

void Queue::count(const Entry& entry, int by) {
  if (entry.state == Entry::State::in_flight) in_flight_ += size_t(by);
  if (entry.state == Entry::State::delayed) delayed_ += size_t(by);
  if (entry.state == Entry::State::ready && entry.in_delayed_order) delayed_order_ready_ += size_t(by);
}

void Queue::set_state(Entry& entry, Entry::State state, Instant visible_at) {
  Entry::State before = entry.state;
  if (entry.is_waiting()) deadlines_.erase({entry.visible_at, entry.sequence});
  count(entry, -1);
  entry.state = state;
  entry.visible_at = visible_at;
  count(entry, +1);
  if (entry.is_waiting()) deadlines_.emplace(visible_at, entry.sequence);
  order_->changed(entry, before, now());
  if (entry.is_waiting()) arm_timer();
}

void Queue::drop_contents(Entry& entry) {
  cached_bytes_ -= entry.contents_bytes;
  entry.contents_bytes = 0;
  entry.contents.reset();
}

void Queue::forget(Entry& entry) {
  drop_contents(entry);
  if (entry.is_waiting()) deadlines_.erase({entry.visible_at, entry.sequence});
  count(entry, -1);
  order_->forgotten(entry, now());
  entries_.erase(entry.sequence);
}

void Queue::remove_message(Entry& entry) {
  erase_keys(entry, batch());
  --counters_.messages;
  if (entry.in_delayed_order) --counters_.delayed;
  put_counters();
  if (reading_) removed_while_reading_.insert(entry.sequence);
  forget(entry);
}

Counts Queue::counts() const {
  Counts counts;
  counts.in_flight = int64_t(in_flight_);
  counts.delayed = settings_.fifo ? int64_t(delayed_) : std::max<int64_t>(0, counters_.delayed - int64_t(delayed_order_ready_));
  counts.visible = std::max<int64_t>(0, counters_.messages - counts.in_flight - counts.delayed - int64_t(moving_));
  return counts;
}

// One timer for whatever comes first. An earlier one than needed is left to fire in vain.
void Queue::arm_timer() {
  Instant next = next_expiry_.value_or(Instant::max());
  if (!deadlines_.empty()) next = std::min(next, deadlines_.begin()->first);
  if (next >= timer_at_ || closed_) return;
  timer_at_ = next;
  timer_ = shard_.world().timers.at(next, [this] { on_timer(); });
}

void Queue::on_timer() {
  timer_at_ = Instant::max();
  Instant at = now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= at) {
    Entry& due = entries_.at(deadlines_.begin()->second);
    set_state(due, Entry::State::ready, due.visible_at);
  }
  if (next_expiry_ && *next_expiry_ <= at && !sweeping_) host_.spawn(sweep_kept(shared_from_this()));
  serve_waiters();
  if (wants_more()) start_refill();
  arm_timer();
}

}  // namespace outcrop::sqs
