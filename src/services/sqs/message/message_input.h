// From what a sender says to a message: all checks that need no queue.
#pragma once
#include <optional>
#include <string>

#include "core/call.h"
#include "gen/records/sqs.h"
#include "gen/sqs/types.h"
#include "services/sqs/queue/queue.h"

namespace outcrop::sqs {

// What SendMessage and an entry of SendMessageBatch have in common.
struct MessageInput {
  std::string body;
  std::optional<int32_t> delay_seconds;
  std::optional<wire::Map<MessageAttributeValue>> attributes;
  std::optional<wire::Map<MessageSystemAttributeValue>> system_attributes;
  std::optional<std::string> deduplication_id, group_id;

  template <class T>
  static MessageInput of(T& given) {
    return {std::move(given.message_body),
            given.delay_seconds,
            std::move(given.message_attributes),
            std::move(given.message_system_attributes),
            std::move(given.message_deduplication_id),
            std::move(given.message_group_id)};
  }
};

// A message that only lacks its queue, and what its sender is told of it.
struct PreparedMessage {
  StoredMessage message;
  std::optional<Seconds> delay;
  size_t bytes = 0;  // body and attributes
  std::string body_md5;
  std::optional<std::string> attributes_md5, system_attributes_md5;
  std::string content_hash;  // FIFO queues, without a deduplication id: SHA-256 of the body, hex
};

Result<PreparedMessage> prepare_message(const Call& call, bool fifo, MessageInput input);

// The checks that depend on the queue's settings. Fills the deduplication id of content-based deduplication.
Result<void> check_against(const QueueSettings& settings, PreparedMessage& prepared);
// Whether the message is longer than the queue allows, with the words `invalid` for what its parameters are.
Result<void> check_size(const QueueSettings& settings, const PreparedMessage& prepared, std::string_view invalid);

// What FIFO queues number their messages with: 20 digits, increasing.
std::string sequence_number(uint64_t sequence);

}  // namespace outcrop::sqs
