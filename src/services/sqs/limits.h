// The limits of SQS, each with its source. "Quotas" is the page of that name in the SQS Developer Guide, "API"
// the API Reference; the rest are our own.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::sqs::limits {

// Queues.
inline constexpr size_t queue_name_length_max = 80;         // Quotas, "Queue name"
inline constexpr int64_t delay_s_max = 900;                 // Quotas, "Message delay"
inline constexpr int64_t message_bytes_min = 1024;          // API, SetQueueAttributes: MaximumMessageSize
inline constexpr int64_t message_bytes_max = 1 << 20;       // Quotas, "Message size" (1 MiB since August 2025)
inline constexpr int64_t retention_s_min = 60;              // Quotas, "Message retention"
inline constexpr int64_t retention_s_max = 14 * 86400;      // likewise
inline constexpr int64_t wait_s_max = 20;                   // Quotas, "Long polling wait time"
inline constexpr int64_t visibility_timeout_s_max = 43200;  // Quotas, "Message visibility timeout"
inline constexpr int64_t data_key_reuse_s_min = 60;         // API, SetQueueAttributes: KmsDataKeyReusePeriodSeconds
inline constexpr int64_t data_key_reuse_s_max = 86400;      // likewise
inline constexpr int64_t receive_count_max = 1000;          // API: maxReceiveCount
inline constexpr size_t redrive_allow_sources_max = 10;     // API: RedriveAllowPolicy, sourceQueueArns
inline constexpr size_t tags_max = 50;                      // Quotas, "Queue tags"
inline constexpr size_t tag_key_length_max = 128;           // Developer Guide, "Cost allocation tags"
inline constexpr size_t tag_value_length_max = 256;         // likewise
inline constexpr size_t label_length_max = 80;              // API, AddPermission: Label
inline constexpr size_t permission_actions_max = 7;         // Quotas, "Policies"
inline constexpr size_t permission_statements_max = 20;     // likewise
inline constexpr size_t permission_principals_max = 50;     // likewise
inline constexpr size_t results_max = 1000;                 // API, ListQueues: MaxResults
inline constexpr Seconds name_reuse_wait{60};               // API, CreateQueue: QueueDeletedRecently
inline constexpr Seconds purge_wait{60};                    // API, PurgeQueue
inline constexpr Seconds attribute_propagation{60};         // API, SetQueueAttributes: "can take up to 60 seconds"

// Messages.
inline constexpr size_t attributes_max = 10;                // Quotas, "Message attributes"
inline constexpr size_t attribute_name_length_max = 256;    // Developer Guide, "Message attribute components"
inline constexpr size_t attribute_type_length_max = 256;    // likewise
inline constexpr size_t group_id_length_max = 128;          // API, SendMessage: MessageGroupId
inline constexpr size_t deduplication_id_length_max = 128;  // API, SendMessage: MessageDeduplicationId
inline constexpr size_t attempt_id_length_max = 128;        // API, ReceiveMessage: ReceiveRequestAttemptId
inline constexpr Seconds deduplication_interval{300};       // API, SendMessage
inline constexpr Seconds attempt_interval{300};             // API, ReceiveMessage
inline constexpr size_t batch_entries_max = 10;             // Quotas, "Message batch"
inline constexpr size_t batch_bytes_max = 1 << 20;          // Quotas, "Batch message size"
inline constexpr size_t batch_id_length_max = 80;           // API: BatchEntryId
inline constexpr int32_t receive_max = 10;                  // API, ReceiveMessage: MaxNumberOfMessages
inline constexpr size_t in_flight_max = 120'000;            // Quotas, "In-flight messages per queue", both kinds of queue
inline constexpr size_t fifo_look_ahead = 120'000;          // Developer Guide, "FIFO queue quotas": messages searched for groups

// Fair queues (Developer Guide, "How Amazon SQS fair queues work").
inline constexpr double noisy_share = 0.10;        // of what is in flight, or of recent processing time
inline constexpr size_t noisy_in_flight_min = 30;  // for the share of what is in flight to count

// Message move tasks.
inline constexpr int32_t moves_per_second_max = 500;  // API, StartMessageMoveTask
inline constexpr size_t move_tasks_listed_max = 10;   // API, ListMessageMoveTasks

// Our own.
inline constexpr size_t window_messages = 2048;        // of a standard queue's backlog that memory holds ready
inline constexpr size_t window_low = 512;              // refill below this
inline constexpr size_t delayed_window = 2048;         // of the delayed messages that are due next
inline constexpr size_t cached_bytes_max = 2 << 20;    // of message contents a queue keeps in memory
inline constexpr size_t inline_body_bytes_max = 4096;  // longer bodies have their own key and stay in the store until received
inline constexpr size_t quiet_groups_a_search = 64;    // whose messages one search beyond the window fetches
inline constexpr size_t quiet_messages_a_group = 16;   // likewise
inline constexpr Seconds processing_half_life{30};     // how fast the processing time of a group is forgotten
inline constexpr size_t idle_groups_max = 10'000;      // groups remembered only for their processing time
inline constexpr size_t waiters_max = 20'000;          // long polls waiting on one queue
inline constexpr Milliseconds redrive_retry{1000};     // after a move to a dead-letter queue failed
inline constexpr size_t move_batch = 100;              // messages a step of a move task moves at most
inline constexpr Milliseconds move_interval{100};      // between the steps of a move task with a rate

}  // namespace outcrop::sqs::limits
