// WaitingRoom: requests that wait for quota, and whose turn it is. Those of the priority tier go before the default's, those before
// flex; within a tier, tenants take turns, a request each, so that one who sends many does not keep the others waiting.
//
// A meter that lacks what the next in turn needs is spoken for: nobody who comes after takes of it, however little. Without that, small
// requests would keep large ones waiting for ever.
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "inference/provider.h"
#include "services/bedrock-runtime/quota/share.h"

namespace outcrop::bedrock_runtime {

struct Waiter {
  const Shares& shares;
  std::string line;  // those of a tenant for a model: they go in the order in which they came
  size_t rank = 0;   // of its tier: 0 goes first
  uint64_t bytes = 0;
};

class WaitingRoom {
 public:
  static constexpr size_t ranks = 3;
  static size_t rank_of(inference::ServiceTier tier);

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  // Whether another request of so many bytes may wait: limits::waiting_requests_max, waiting_bytes_max.
  bool has_room_for(uint64_t bytes) const;

  void enter(Waiter& waiter);
  void leave(Waiter& waiter);

  // Lets in whose turn it is, as long as everything they need is there: takes it, and they have left when `admitted` is called.
  void admit(Instant now, const std::function<void(Waiter&)>& admitted);

  // A meter that one who comes now, of that rank, may not take of; null when there is none. As of the last admit().
  Meter* spoken_for(const Shares& shares, size_t rank) const;

  // What those who come before the waiter, inside or about to enter, will take of a meter.
  double ahead_of(const Waiter& waiter, const Meter& meter) const;

 private:
  struct Line {
    std::string name;
    std::deque<Waiter*> waiters;
  };
  struct SpokenFor {
    Meter* meter;
    size_t rank;
  };

  void admit_rank(size_t rank, Instant now, const std::function<void(Waiter&)>& admitted);
  bool takes(const Waiter& waiter, Instant now);
  void left(const Waiter& waiter);

  std::array<std::list<Line>, ranks> lines_;  // in the order of their turns; none is empty
  std::vector<SpokenFor> spoken_for_;
  size_t size_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace outcrop::bedrock_runtime
