// The order of standard queues: as messages become available, but tenants that use a disproportionate share of the
// consumers wait until no quiet tenant's message is ready (SQS Developer Guide, "How Amazon SQS fair queues work").
// A message without MessageGroupId is a tenant of its own, so without group ids nothing is reordered.
#pragma once
#include <string>
#include <unordered_map>

#include "services/sqs/queue/delivery_order.h"

namespace outcrop::sqs {

class StandardOrder final : public DeliveryOrder {
 public:
  Group& group(std::string_view id) override;
  void added(Entry& entry) override;
  void changed(Entry& entry, Entry::State before, Instant now) override;
  void forgotten(Entry& entry, Instant now) override;
  Entry* next(const Take& take, Instant now) override;
  size_t ready() const override { return quiet_.size() + noisy_.size(); }

  // A tenant is noisy when it holds more than a tenth of what is in flight, and at least 30 messages, or has had more
  // than a tenth of the consumers' recent time.
  bool is_noisy(Group* group, Instant now);
  bool is_noisy(std::string_view group, Instant now);
  // Whether noisy tenants' messages wait and no other message is ready.
  bool only_noisy_ready() const { return quiet_.empty() && !noisy_.empty(); }
  bool has_noisy_ready() const { return !noisy_.empty(); }

 private:
  void leave_flight(Entry& entry, Instant now);
  void drop_if_idle(Group& group, Instant now);

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::string, Group, Hash, std::equal_to<>> groups_;
  ReadyList quiet_;  // in the order of becoming available; may hold messages whose tenant has become noisy since
  ReadyList noisy_;  // put aside, in order
  size_t in_flight_ = 0;
  Group everybody_;  // the processing time of all
};

}  // namespace outcrop::sqs
