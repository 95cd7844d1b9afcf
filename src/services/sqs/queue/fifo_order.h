// The order of FIFO queues. Within a group messages are given out in the order they were sent, from the first on as
// long as they are ready: one in flight, delayed or on the move holds back all behind it.
#pragma once
#include <map>
#include <string>
#include <unordered_map>

#include "services/sqs/queue/delivery_order.h"

namespace outcrop::sqs {

class FifoOrder final : public DeliveryOrder {
 public:
  Group& group(std::string_view id) override;
  void added(Entry& entry) override;
  void changed(Entry& entry, Entry::State before, Instant now) override;
  void forgotten(Entry& entry, Instant now) override;
  Entry* next(const Take& take, Instant now) override;
  size_t ready() const override { return available_.size(); }

 private:
  void look_again(Group& group);

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::string, Group, Hash, std::equal_to<>> groups_;
  std::map<uint64_t, Group*> available_;  // groups whose first message is ready, by its sequence
};

}  // namespace outcrop::sqs
