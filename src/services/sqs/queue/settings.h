// What a queue's attributes mean. Stored are the texts a caller set, checked and normalised; an absent one has its default.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/policy_document.h"
#include "base/result.h"
#include "gen/records/sqs.h"
#include "services/sqs/queue/queue_name.h"

namespace outcrop::sqs {

using Attributes = wire::Map<std::string>;

struct RedrivePolicy {
  QueueName target;
  int64_t max_receive_count = 0;
};

struct RedriveAllowPolicy {
  enum class Permission { allow_all, deny_all, by_queue };
  Permission permission = Permission::allow_all;
  std::vector<std::string> source_arns;

  bool allows(std::string_view source_arn) const;
};

enum class DeduplicationScope { queue, message_group };

struct QueueSettings {
  bool fifo = false;
  bool content_based_deduplication = false;
  DeduplicationScope deduplication_scope = DeduplicationScope::queue;
  Seconds delay{0}, visibility_timeout{30}, wait{0}, retention{345600};
  int64_t message_bytes_max = 0;
  std::optional<RedrivePolicy> redrive;
  RedriveAllowPolicy redrive_allow;
  std::optional<auth::PolicyDocument> policy;

  static QueueSettings of(const QueueName& name, const QueueRecord& record);
};

// The value in force, also of an attribute that was never set; none when the queue has no such value.
std::optional<std::string> attribute_of(const Attributes& attributes, std::string_view name, bool fifo);

// Whether GetQueueAttributes knows the name ("All" apart).
bool is_attribute_name(std::string_view name);
// All settable names that are shown, in the order of AWS's answers.
const std::vector<std::string_view>& shown_attributes();

// What CreateQueue stores of `given`; faults as AWS does when a name is unknown or a value wrong.
Result<Attributes> attributes_to_create(const QueueName& name, const Attributes& given);
// Changes `attributes` to what SetQueueAttributes makes of them.
Result<void> change_attributes(const QueueName& name, Attributes& attributes, const Attributes& given);
// The name of the first of `given` whose value differs from that of an existing queue.
std::optional<std::string> differing_attribute(const QueueName& name, const Attributes& existing, const Attributes& given);

// Faults with what AWS says of a policy it cannot read. `own_account` is the queue's.
Result<RedrivePolicy> parse_redrive_policy(std::string_view text, std::string_view own_account);
Result<RedriveAllowPolicy> parse_redrive_allow_policy(std::string_view text);

}  // namespace outcrop::sqs
