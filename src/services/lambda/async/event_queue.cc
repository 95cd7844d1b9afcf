#include "services/lambda/async/event_queue.h"

#include <algorithm>

#include "base/log.h"
#include "services/lambda/async/limits.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

size_t bytes_of(const std::string& key, const AsyncEventRecord& event) { return key.size() + event.payload.size() + sizeof event; }

}  // namespace

EventQueue::EventQueue(EventHost& host, Shard& shard, EventQueueName name)
    : host_(host), shard_(shard), name_(std::move(name)), keys_(shard, name_), window_end_(keys_.events().begin) {}

void EventQueue::begin() { start_reading(); }

void EventQueue::close() {
  closed_ = true;
  wake_.reset();
  more_room_.reset();
}

void EventQueue::add(AsyncEventRecord event) {
  std::string_view rest = event.payload;
  if (rest.size() > limits::event_payload_inline_bytes_max) {
    for (; !rest.empty(); rest.remove_prefix(std::min(limits::event_payload_piece_bytes, rest.size())))
      shard_.batch().put(keys_.piece(event.request_id, event.pieces++), rest.substr(0, limits::event_payload_piece_bytes));
    event.payload.clear();
  }
  put(event.received_at, std::move(event));
}

// Stores an event where its turn is.
void EventQueue::put(Instant due, AsyncEventRecord event) {
  std::string key = keys_.event(due, next_number_++, event.request_id);
  shard_.batch().put(key, wire::encode_record(event));
  if (window_end_.empty() || key < window_end_) {
    remember(std::move(key), std::move(event));
    trim();
  } else if (reading_) {
    added_behind_.emplace_back(std::move(key), std::move(event));
  }
}

void EventQueue::remember(std::string key, AsyncEventRecord event) {
  if (trying_.contains(key)) return;
  const size_t bytes = bytes_of(key, event);
  if (window_.emplace(std::move(key), std::move(event)).second) window_bytes_ += bytes;
}

// Forgets what is due last when the window has grown to twice its size; the store has it.
void EventQueue::trim() {
  if (reading_) return;
  if (window_.size() <= 2 * limits::waiting_events_window && window_bytes_ <= 2 * limits::waiting_events_window_bytes) return;
  while (window_.size() > limits::waiting_events_window || (window_.size() > 1 && window_bytes_ > limits::waiting_events_window_bytes)) {
    auto last = std::prev(window_.end());
    window_bytes_ -= bytes_of(last->first, last->second);
    window_end_ = last->first;
    window_.erase(last);
  }
}

void EventQueue::start_reading() {
  reading_ = true;
  host_.spawn(read_on(shared_from_this()));
}

Task<void> EventQueue::read_on(std::shared_ptr<EventQueue> self) {
  while (!closed_) {
    Result<void> read = co_await read_window();
    if (closed_) break;
    if (read) {
      pump();
      break;
    }
    log::error("the events of a function could not be read", {{"function", name_.function}, {"reason", read.error().message}});
    co_await steady_until(shard_.world().clock.steady() + limits::event_window_retry);
  }
}

// Adds the next events behind the window to it, and those that were added there meanwhile.
Task<Result<void>> EventQueue::read_window() {
  co_await shard_.committed();  // what was added before the reading began is found by the scan
  store::Range range = keys_.events();
  range.begin = window_end_;
  const store::ScanOptions options = {.entries_max = limits::waiting_events_window, .bytes_max = limits::waiting_events_window_bytes};
  std::vector<store::Entry> entries = co_await shard_.world().store.scan(range, options);
  if (closed_) co_return {};
  for (store::Entry& entry : entries) {
    auto event = co_await wire::decode_record<AsyncEventRecord>(entry.value);
    remember(entry.key, std::move(event));
  }
  window_end_ = entries.empty() ? "" : store::key_after(entries.back().key);
  reading_ = false;
  for (auto& [key, event] : std::exchange(added_behind_, {})) {
    if (window_end_.empty() || key < window_end_) remember(std::move(key), std::move(event));
  }
  trim();
  co_return {};
}

bool EventQueue::has_due() const { return !window_.empty() && keys_.due_of(window_.begin()->first) <= now(); }

void EventQueue::pump() {
  while (!closed_ && trying_.size() < room_ && has_due() && now() >= hold_until_) start_first();
  if (closed_) return;
  if (!reading_ && !window_end_.empty() && window_.size() < limits::waiting_events_window / 2) start_reading();
  arm();
}

// One wake-up for what is due next, and one that makes room while what is due waits for what is being tried.
void EventQueue::arm() {
  if (window_.empty()) {
    wake_.reset();
    if (trying_.empty() && room_max_) room_ = std::min(limits::deliveries_first, *room_max_);
    return;
  }
  const Instant due = std::max(keys_.due_of(window_.begin()->first), hold_until_);
  if (due > now()) {
    if (wake_ && wake_at_ == due) return;
    wake_at_ = due;
    wake_ = shard_.world().timers.at(due, [this] {
      wake_.reset();
      pump();
    });
  } else if (room_max_ && room_ < *room_max_ && !more_room_) {
    more_room_ = shard_.executor().start_timer(shard_.world().clock.steady() + limits::delivery_added_every, [this] { add_room(); });
  }
}

void EventQueue::add_room() {
  more_room_.reset();
  if (has_due() && trying_.size() >= room_ && room_max_ && room_ < *room_max_) ++room_;
  pump();
}

void EventQueue::start_first() {
  auto node = window_.extract(window_.begin());
  window_bytes_ -= bytes_of(node.key(), node.mapped());
  trying_.insert(node.key());
  host_.spawn(deliver(shared_from_this(), std::move(node.key()), std::move(node.mapped())));
}

Task<void> EventQueue::deliver(std::shared_ptr<EventQueue> self, std::string key, AsyncEventRecord event) {
  co_await shard_.executor().yield();  // pump() goes through first: a delivery may end at once and pump again
  const std::optional<uint32_t> concurrency = co_await host_.concurrency_of(name_, event);
  co_await shard_.executor().enter();
  if (closed_) co_return;
  const bool is_first = !room_max_;
  room_max_ = std::clamp<size_t>(concurrency.value_or(limits::deliveries_max), 1, limits::deliveries_max);
  room_ = std::min(is_first ? limits::deliveries_first : room_, *room_max_);
  if (is_first) pump();
  const Verdict verdict = co_await attempt(event);
  co_await shard_.executor().enter();
  if (closed_) co_return;
  trying_.erase(key);
  settle(key, std::move(event), verdict);
  pump();
}

Task<Verdict> EventQueue::attempt(AsyncEventRecord& event) {
  Result<std::optional<std::string>> payload = co_await payload_of(event);
  if (!payload) {
    log::error("an event could not be read", {{"function", name_.function}, {"reason", payload.error().message}});
    co_return Verdict{.kind = Verdict::Kind::again, .due = now() + limits::back_off_first};
  }
  if (!*payload) {
    log::error("an event is dropped: pieces of it are missing", {{"function", name_.function}, {"request_id", event.request_id}});
    co_return Verdict{};
  }
  std::string inline_payload = std::exchange(event.payload, std::move(**payload));
  Verdict verdict = co_await host_.attempt(name_, event);
  event.payload = std::move(inline_payload);
  co_return verdict;
}

void EventQueue::settle(const std::string& key, AsyncEventRecord event, const Verdict& verdict) {
  if (verdict.kind == Verdict::Kind::unknown) return;
  shard_.batch().erase(key);
  if (verdict.is_refused) {
    room_ = std::max<size_t>(1, trying_.size());
    hold_until_ = now() + limits::back_off_first;
  }
  if (verdict.kind == Verdict::Kind::again) {
    put(verdict.due, std::move(event));
  } else if (event.pieces > 0) {
    shard_.batch().erase_range(keys_.pieces(event.request_id));
  }
}

Task<Result<std::optional<std::string>>> EventQueue::payload_of(const AsyncEventRecord& event) const {
  if (event.pieces == 0) co_return event.payload;
  co_await shard_.committed();  // whoever pumps may come before what was just added is there to be read
  std::string whole;
  for (int32_t piece = 0; piece < event.pieces; ++piece) {
    std::optional<std::string> part = co_await shard_.world().store.get(keys_.piece(event.request_id, piece));
    if (!part) co_return std::nullopt;
    whole += *part;
  }
  co_return whole;
}

}  // namespace outcrop::lambda
