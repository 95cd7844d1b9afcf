// What memory knows of one message: its place, its state and, while there is room, its contents. Entries exist for
// what is in flight and for a bounded window of what is next; everything else is only in the store.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/time.h"
#include "gen/records/sqs.h"

namespace outcrop::sqs {

struct Group;
class ReadyList;

struct Entry {
  enum class State : uint8_t {
    ready,      // can be received
    delayed,    // becomes ready at visible_at
    in_flight,  // was received; becomes ready at visible_at
    moving,     // is on its way into another queue
  };

  uint64_t sequence = 0;
  State state = State::ready;
  bool has_state_record = false;
  bool in_delayed_order = false;
  bool in_group_order = false;
  bool sent_earlier = false;
  uint8_t pieces = 0;  // of the contents of a long message
  int32_t receive_count = 0;
  Instant sent{}, visible_at{}, first_received{}, last_received{};
  Group* group = nullptr;                   // none without a MessageGroupId
  std::unique_ptr<StoredMessage> contents;  // null: in the store
  size_t contents_bytes = 0;                // as counted in the cache

  // For the list the entry is in, when it is in one.
  ReadyList* list = nullptr;
  Entry *before = nullptr, *after = nullptr;

  bool is_waiting() const { return state == State::delayed || state == State::in_flight; }
};

// A doubly linked list through the entries: constant-time removal from anywhere.
class ReadyList {
 public:
  void push_back(Entry& entry);
  void remove(Entry& entry);
  Entry* front() const { return first_; }
  bool empty() const { return !first_; }
  size_t size() const { return size_; }

 private:
  Entry *first_ = nullptr, *last_ = nullptr;
  size_t size_ = 0;
};

// The messages of one MessageGroupId: of a FIFO queue what is delivered in order, of a standard queue one tenant.
struct Group {
  std::string id;
  size_t entries = 0;  // in memory, of any state
  size_t in_flight = 0;

  // Standard queues: consumers' time spent on it, decaying; as of `processing_at`.
  double processing_ms = 0;
  Instant processing_at{};

  // FIFO queues: all its entries in memory, in order; whether it is among the groups that can deliver.
  std::map<uint64_t, Entry*> ordered;
  bool is_available = false;
};

}  // namespace outcrop::sqs
