// What a queue needs of the world around it: somebody who runs its background work and carries messages to the
// queues of other shards. The service is one; tests have their own.
#pragma once
#include "base/task.h"
#include "gen/records/sqs.h"
#include "services/sqs/queue/queue_name.h"
#include "store/store.h"

namespace outcrop::sqs {

// A message on its way from one queue into another.
struct Transfer {
  enum class Kind {
    dead_letter,  // keeps its id, its receive count and, into a standard queue, the time it was sent
    redrive,      // becomes a new message
  };
  Kind kind = Kind::dead_letter;
  StoredMessage message;
  MessageState state;
  // Erases the message where it comes from; commits with the write where it goes, so it is in one place at any time.
  store::WriteBatch erasure;
};

class QueueHost {
 public:
  virtual ~QueueHost() = default;

  // Starts background work, which ends by itself soon after the queue closes.
  virtual void spawn(Task<void> work) = 0;
  // Puts the message into the queue and returns when that is on disk. Faults with QueueDoesNotExist.
  virtual Task<Result<void>> carry(const QueueName& to, Transfer transfer) = 0;
};

}  // namespace outcrop::sqs
