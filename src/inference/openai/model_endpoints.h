// The servers that answer for one model, and which of them is asked next: the one with the fewest requests under way. One that failed is
// passed over for a while that doubles with each failure in a row (its circuit is open); then one request at a time may try it (half-open),
// and an answer makes it a server like the others. Where every circuit is open the one that closes first is asked all the same: a caller
// hears the server's own word rather than a guess. Thread-safe.
#pragma once
#include <bitset>
#include <mutex>
#include <optional>
#include <vector>

#include "base/time.h"
#include "inference/openai/limits.h"
#include "net/url.h"

namespace outcrop::inference {

class ModelEndpoints {
 public:
  // Which of them a request was sent to already.
  using Tried = std::bitset<limits::model_endpoints_max>;

  // One request under way at an endpoint, until it goes.
  class Lease {
   public:
    Lease(Lease&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), index_(other.index_), is_trial_(other.is_trial_) {}
    ~Lease();

    size_t index() const { return index_; }
    const net::Url& url() const { return owner_->states_[index_].url; }
    // It answers: whatever was held against it is forgotten. Says whether there was something.
    bool succeeded();
    // For how long it will be passed over.
    Milliseconds failed(SteadyTime now);

   private:
    friend ModelEndpoints;
    Lease(ModelEndpoints& owner, size_t index, bool is_trial) : owner_(&owner), index_(index), is_trial_(is_trial) {}

    ModelEndpoints* owner_;
    size_t index_;
    bool is_trial_;
  };

  // 1 to limits::model_endpoints_max.
  explicit ModelEndpoints(std::vector<net::Url> urls);

  // None when all were tried. Enters the endpoint in `tried`.
  std::optional<Lease> next(SteadyTime now, Tried& tried);

  size_t size() const { return states_.size(); }
  const net::Url& url(size_t index) const { return states_[index].url; }

 private:
  struct State {
    net::Url url;
    size_t under_way = 0;
    int failures = 0;       // in a row
    SteadyTime open_until;  // while there are failures
    bool on_trial = false;  // a request finds out whether it is well again
  };
  static bool may_be_asked(const State& state, SteadyTime now);

  std::mutex mutex_;
  std::vector<State> states_;  // guarded by mutex_, but for the URLs
  size_t turn_ = 0;            // guarded by mutex_: equals are asked in turn
};

}  // namespace outcrop::inference
