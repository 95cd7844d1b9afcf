// The servers that answer for one model, and which of them is asked next.
//
// Which: of those that are well, the one that has seen the request's prefix, as long as it is not much busier than the others
// (rendezvous hashing with bounded loads); for requests without one, that with the fewest under way.
//
// How many at a time: each has a window, which grows with each answer while it is made use of (by one until the server first pushes back,
// then by one a windowful), and halves when the server has too much (429, 503, a time-out); what was under way together halves it once.
// A request that finds no window open waits, those of a better class first and each class in its order, for a bounded time.
//
// When not: one that failed is passed over for a while that doubles with each failure in a row (its circuit is open); then one request at
// a time may try it (half-open), and an answer makes it a server like the others. Where every circuit is open the one that closes first is
// asked all the same: a caller hears the server's own word rather than a guess. One that said Retry-After is left alone for so long.
//
// Thread-safe.
#pragma once
#include <array>
#include <bitset>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/completion.h"
#include "base/task.h"
#include "base/time.h"
#include "inference/endpoints/limits.h"
#include "inference/provider.h"
#include "net/url.h"

namespace outcrop::inference {

// Who waits in front of whom.
enum class Admission { reserved, priority, standard, flex };
// By its tier; optimized latency waits as priority does.
Admission admission_of(Latency latency, ServiceTier tier);

struct EndpointsOptions {
  // as_listed: the first that is well, however busy it is: Regions, whose caches and distances differ.
  enum class Order { by_load, as_listed };
  Order order = Order::by_load;
  size_t window_max = limits::endpoint_window_max;
  Milliseconds place_wait = limits::place_wait_default;
};

class ModelEndpoints {
 public:
  // Which of them a request was sent to already.
  using Tried = std::bitset<limits::model_endpoints_max>;

  struct Wish {
    std::optional<uint64_t> prefix = std::nullopt;  // prefix_hash.h
    Admission admission = Admission::standard;
    SteadyTime deadline = SteadyTime::max();
    std::stop_token stop = {};
  };

  // One request under way at an endpoint, until it goes.
  class Lease {
   public:
    Lease(Lease&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), index_(other.index_), pushbacks_(other.pushbacks_), is_trial_(other.is_trial_) {}
    ~Lease();

    size_t index() const { return index_; }
    const net::Url& url() const { return owner_->states_[index_].url; }
    // It answers: whatever was held against it is forgotten. Says whether there was something.
    bool succeeded();
    // For how long it will be passed over.
    Milliseconds failed(SteadyTime now);
    // It has too much to do, and wants to be left alone for so long.
    void pushed_back(SteadyTime now, Milliseconds retry_after);

   private:
    friend ModelEndpoints;
    Lease(ModelEndpoints& owner, size_t index, uint64_t pushbacks, bool is_trial)
        : owner_(&owner), index_(index), pushbacks_(pushbacks), is_trial_(is_trial) {}

    ModelEndpoints* owner_;
    size_t index_;
    uint64_t pushbacks_;  // that there had been when it was given
    bool is_trial_;
  };

  // 1 to limits::model_endpoints_max.
  explicit ModelEndpoints(std::vector<net::Url> urls, const Clock& clock, EndpointsOptions options = {});

  // Waits for a place where none is free. None when all were tried; enters the endpoint in `tried`. Faults: ThrottlingException 429 when no
  // place became free in time, or too many wait; ConnectionClosed 499 when the caller goes.
  Task<Result<std::optional<Lease>>> next(Wish wish, Tried& tried);

  size_t size() const { return states_.size(); }
  const net::Url& url(size_t index) const { return states_[index].url; }

  struct Load {
    size_t under_way = 0;
    size_t window = 0;
    bool is_passed_over = false;
  };
  Load load(size_t index) const;
  size_t waiting() const;

 private:
  struct State {
    net::Url url;
    size_t under_way = 0;
    double window = limits::endpoint_window_first;
    uint64_t pushbacks = 0;  // that made the window smaller
    SteadyTime alone_until;  // by its Retry-After
    int failures = 0;        // in a row
    SteadyTime open_until;   // while there are failures
    bool on_trial = false;   // a request finds out whether it is well again

    bool is_free(SteadyTime now) const { return under_way < size_t(window) && alone_until <= now; }
    bool is_well(SteadyTime now) const { return failures == 0 || (open_until <= now && !on_trial); }
  };
  struct Place {
    size_t index;
    uint64_t pushbacks;
    bool is_trial;
  };
  struct Waiter {
    const Wish& wish;
    const Tried& tried;
    std::optional<Completion<std::optional<Place>>::Setter> setter;
  };
  using Waiters = std::list<Waiter*>;

  // All of these with the mutex held.
  std::optional<size_t> choose(const Wish& wish, const Tried& tried, SteadyTime now);
  std::optional<size_t> best_of(const Wish& wish, const Tried& candidates);
  std::optional<Place> take(const Wish& wish, const Tried& tried, SteadyTime now);
  bool somebody_is_before(Admission admission) const;
  SteadyTime left_alone_until(const Tried& tried) const;
  SteadyTime next_change(const Tried& tried, SteadyTime now) const;
  void serve_waiting(SteadyTime now);
  void wake_waiting();
  void grow(State& state);

  Lease lease_of(const Place& place, Tried& tried);
  Task<Result<std::optional<Lease>>> wait(const Wish& wish, Tried& tried);
  Task<std::optional<Place>> next_word(Waiter& waiter, SteadyTime due);

  const Clock& clock_;
  const EndpointsOptions options_;
  mutable std::mutex mutex_;
  std::vector<State> states_;       // guarded by mutex_, but for the URLs
  std::array<Waiters, 4> waiting_;  // guarded by mutex_; by admission
  size_t waiting_count_ = 0;        // guarded by mutex_
  size_t turn_ = 0;                 // guarded by mutex_: equals are asked in turn
};

}  // namespace outcrop::inference
