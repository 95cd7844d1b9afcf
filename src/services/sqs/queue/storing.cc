// How a queue writes its records and reads them back. A long message has its head under its own key, which scans of
// the backlog pass over quickly, and its whole record in pieces beside it.
#include "base/log.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/queue.h"
#include "wire/record.h"

namespace outcrop::sqs {
namespace {

// Leaves room for the record around a body of 1 MiB in few pieces.
constexpr size_t piece_bytes = 512 << 10;

// What memory needs to know of a message without its contents.
StoredMessage head_of(const StoredMessage& message, int32_t pieces) {
  StoredMessage head;
  head.message_id = message.message_id;
  head.body_md5 = message.body_md5;
  head.sender_id = message.sender_id;
  head.group_id = message.group_id;
  head.sent = message.sent;
  head.sent_earlier = message.sent_earlier;
  head.delayed_until = message.delayed_until;
  head.pieces = pieces;
  return head;
}

}  // namespace

// Notes in `message` how many pieces it has.
void Queue::put_message(uint64_t sequence, StoredMessage& message) {
  store::WriteBatch& writes = batch();
  std::string record = wire::encode_record(message);
  int32_t& pieces = message.pieces;
  if (record.size() <= limits::inline_body_bytes_max) {
    writes.put(keys_.message(sequence), record);
  } else {
    std::string_view rest = record;
    for (; !rest.empty(); rest.remove_prefix(std::min(piece_bytes, rest.size())))
      writes.put(keys_.piece(sequence, uint8_t(pieces++)), rest.substr(0, piece_bytes));
    writes.put(keys_.message(sequence), wire::encode_record(head_of(message, pieces)));
  }
  if (settings_.fifo) return;
  if (message.delayed_until) writes.put(keys_.delayed(*message.delayed_until, sequence), wire::encode_record(head_of(message, pieces)));
  if (message.group_id) writes.put(keys_.grouped(*message.group_id, sequence), "");
  if (message.sent_earlier) writes.put(keys_.sent_earlier(message.sent, sequence), "");
}

void Queue::put_state(const Entry& entry) {
  MessageState state;
  state.receive_count = entry.receive_count;
  state.first_received = entry.first_received;
  state.last_received = entry.last_received;
  state.visible_at = entry.visible_at;
  batch().put(keys_.state(entry.sequence), wire::encode_record(state));
}

void Queue::put_counters() {
  counters_changed_ = counting_ > 0;
  if (!counters_changed_) batch().put(keys_.counters(), wire::encode_record(counters_));
}

void Queue::erase_keys(const Entry& entry, store::WriteBatch& writes) const {
  writes.erase(keys_.message(entry.sequence));
  if (entry.has_state_record) writes.erase(keys_.state(entry.sequence));
  for (uint8_t piece = 0; piece < entry.pieces; ++piece) writes.erase(keys_.piece(entry.sequence, piece));
  if (entry.in_delayed_order) writes.erase(keys_.delayed(entry.visible_at, entry.sequence));
  if (entry.in_group_order) writes.erase(keys_.grouped(entry.group->id, entry.sequence));
  if (entry.sent_earlier) writes.erase(keys_.sent_earlier(entry.sent, entry.sequence));
}

Task<Result<std::unique_ptr<StoredMessage>>> Queue::fetch(uint64_t sequence) {
  store::Store& store = shard_.world().store;
  auto record = co_await store.get(keys_.message(sequence));
  if (!record) co_return nullptr;
  auto message = std::make_unique<StoredMessage>(co_await wire::decode_record<StoredMessage>(*record));
  if (message->pieces == 0) co_return message;
  std::string whole;
  for (int32_t piece = 0; piece < message->pieces; ++piece) {
    auto part = co_await store.get(keys_.piece(sequence, uint8_t(piece)));
    if (!part) co_return nullptr;  // deleted meanwhile
    whole += *part;
  }
  *message = co_await wire::decode_record<StoredMessage>(whole);
  co_return message;
}

// Reads the contents that were not in memory; what was deleted meanwhile falls out.
Task<Result<void>> Queue::fetch_contents(std::vector<Delivery>& deliveries) {
  for (Delivery& delivery : deliveries)
    if (!delivery.message) delivery.message = co_await fetch(delivery.sequence);
  std::erase_if(deliveries, [](const Delivery& delivery) { return !delivery.message; });
  co_return {};
}

}  // namespace outcrop::sqs
