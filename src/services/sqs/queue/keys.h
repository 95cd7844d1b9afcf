// Where a queue's records lie. All keys begin with the shard's prefix, the service and the account, so that a reset
// of the account is one range per shard; the queue's id, new for each queue created, keeps a name's successors apart.
//
//   q/REGION/NAME        QueueRecord; of a deleted queue for as long as its name must rest
//   m/ID c               QueueCounters
//   m/ID m SEQUENCE 0    StoredMessage; a long one has its contents in pieces
//   m/ID m SEQUENCE 1    MessageState, once it was received or came from another queue
//   m/ID p SEQUENCE N    piece N of the contents of a long message
//   m/ID d DUE SEQUENCE  standard queues: sent with a delay and not yet received, by the instant it becomes visible
//   m/ID g GROUP 0 SEQUENCE  standard queues: messages by group, for fair delivery
//   m/ID e SENT SEQUENCE came from another queue with the time it was sent there, by that time
//   m/ID x HASH          Deduplication
//   m/ID a ATTEMPT       ReceiveAttempt
//   m/ID t STARTED TASK  MoveTask
// Sequences and instants are eight bytes, big-endian.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "services/sqs/queue/queue_name.h"
#include "store/store.h"

namespace outcrop::sqs {

// Of the record that says that a queue exists, in its shard.
std::string queue_record_key(const std::string& shard_prefix, const QueueName& name);

class QueueKeys {
 public:
  static constexpr char message_part = '0', state_part = '1';

  // `id`: 8 bytes.
  QueueKeys(const std::string& shard_prefix, const QueueName& name, std::string_view id);

  std::string counters() const { return base_ + 'c'; }
  std::string message(uint64_t sequence) const { return numbered('m', sequence) + message_part; }
  std::string state(uint64_t sequence) const { return numbered('m', sequence) + state_part; }
  std::string piece(uint64_t sequence, uint8_t n) const { return numbered('p', sequence) + char(n); }
  std::string delayed(Instant due, uint64_t sequence) const { return timed('d', due, sequence); }
  std::string grouped(std::string_view group, uint64_t sequence) const;
  std::string sent_earlier(Instant sent, uint64_t sequence) const { return timed('e', sent, sequence); }
  std::string deduplication(std::string_view hash) const { return (base_ + 'x').append(hash); }
  std::string attempt(std::string_view id) const { return (base_ + 'a').append(id); }
  std::string task(Instant started, std::string_view id) const;

  // Sequences first <= s < end, with their states.
  store::Range messages(uint64_t first, uint64_t end) const { return {numbered('m', first), numbered('m', end)}; }
  store::Range pieces(uint64_t sequence) const { return {numbered('p', sequence), numbered('p', sequence + 1)}; }
  store::Range delayed_after(Instant due, uint64_t sequence) const;
  store::Range group(std::string_view group) const;
  // From the first group behind `group`, or from the first of all when it is empty.
  store::Range groups_after(std::string_view group) const;
  store::Range sent_earlier_until(Instant sent) const { return {base_ + 'e', timed('e', sent, UINT64_MAX)}; }
  store::Range all_of(char kind) const { return store::Range::prefix(base_ + kind); }
  store::Range everything() const { return store::Range::prefix(base_); }

  struct MessageKey {
    uint64_t sequence;
    char part;
  };
  MessageKey parse_message(std::string_view key) const;
  struct TimedKey {
    Instant at;
    uint64_t sequence;
  };
  TimedKey parse_timed(std::string_view key) const;
  struct GroupKey {
    std::string_view group;
    uint64_t sequence;
  };
  GroupKey parse_grouped(std::string_view key) const;
  // What follows the kind.
  std::string_view rest_of(std::string_view key) const { return key.substr(base_.size() + 1); }

 private:
  std::string numbered(char kind, uint64_t sequence) const;
  std::string timed(char kind, Instant at, uint64_t sequence) const;

  std::string base_;
};

}  // namespace outcrop::sqs
