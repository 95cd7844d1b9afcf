// How long a reader still waits for the bytes of a body: waiting spends it, and what arrives gives it back, up to where it
// began (ServerOptions::body_timeout, body_bytes_per_second_min).
#pragma once
#include <algorithm>

#include "net/server.h"

namespace outcrop::net {

class BodyPatience {
 public:
  explicit BodyPatience(const ServerOptions& options) : options_(options), left_(options.body_timeout) {}

  // When a wait that begins then is over.
  SteadyTime end_of_wait(SteadyTime began) const { return began + left_; }

  void charge(SteadyTime::duration waited, size_t bytes_came) {
    SteadyTime::duration most = options_.body_timeout, earned = most;
    if (size_t rate = options_.body_bytes_per_second_min) earned = std::chrono::microseconds(bytes_came * 1'000'000 / rate);
    left_ = std::min(left_ - waited + earned, most);
  }

 private:
  const ServerOptions& options_;
  SteadyTime::duration left_;
};

}  // namespace outcrop::net
