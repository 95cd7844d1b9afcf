// Where the events of a function lie in its shard: shard = hash(account, region, "lambda", function). All keys begin with the shard's
// prefix, the service and the account, so that a reset of the account is one range.
//
//   e/REGION/FUNCTION/ DUE NUMBER ID    AsyncEventRecord, in the order in which they are tried
//   p/REGION/FUNCTION/ ID N             piece N of a long payload, which stays where it is when its event waits again
// DUE is in milliseconds and NUMBER tells apart what is due together, eight bytes each, big-endian; ID is the request's.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/time.h"
#include "core/shard.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

// Whose events a queue holds.
struct EventQueueName {
  Place place;
  std::string function;
  auto operator<=>(const EventQueueName& other) const {
    return std::tie(place.account, place.region, function) <=> std::tie(other.place.account, other.place.region, other.function);
  }
  bool operator==(const EventQueueName&) const = default;
};

class EventKeys {
 public:
  EventKeys(const Shard& shard, const EventQueueName& name);

  std::string event(Instant due, uint64_t number, std::string_view request_id) const;
  std::string piece(std::string_view request_id, int32_t n) const { return pieces_prefix(request_id) + char(n); }
  store::Range events() const { return store::Range::prefix(events_); }
  store::Range pieces(std::string_view request_id) const { return store::Range::prefix(pieces_prefix(request_id)); }
  Instant due_of(std::string_view event_key) const;

  // All that the service has in a shard, and whose queue a key there is of; none when it is no event's.
  static store::Range everything(const Shard& shard);
  static std::optional<EventQueueName> queue_of(const Shard& shard, std::string_view key);
  // What follows all keys of the same account that are of the kind that one there is of.
  static std::string behind_kind(const Shard& shard, std::string_view key);

 private:
  std::string pieces_prefix(std::string_view request_id) const { return pieces_ + std::string(request_id) + "/"; }

  std::string events_, pieces_;
};

}  // namespace outcrop::lambda
