// Which message comes next: first come, first served with fairness between tenants (standard queues), or strict
// order within each message group (FIFO queues).
#pragma once
#include "services/sqs/queue/entry.h"

namespace outcrop::sqs {

// The messages one ReceiveMessage takes, as far as the order must know them.
struct Take {
  Group* group = nullptr;  // of the last message taken
  uint64_t sequence = 0;   // likewise
};

class DeliveryOrder {
 public:
  virtual ~DeliveryOrder() = default;

  // The group of that id, made when it is new; it stays while it has entries.
  virtual Group& group(std::string_view id) = 0;
  // An entry has come into memory, in any state.
  virtual void added(Entry& entry) = 0;
  // Its state has changed; `now` ends or begins its processing.
  virtual void changed(Entry& entry, Entry::State before, Instant now) = 0;
  // It leaves memory.
  virtual void forgotten(Entry& entry, Instant now) = 0;
  // The ready message to give out next in `take`, or null. The caller changes its state before it asks again.
  virtual Entry* next(const Take& take, Instant now) = 0;
  // Whether next() would give one; without effect.
  virtual size_t ready() const = 0;
};

}  // namespace outcrop::sqs
