// The Dialer of the machine's own network: resolves, then tries one address after the other.
#pragma once
#include "net/dialer.h"
#include "net/resolver.h"

namespace outcrop::net {

class RealDialer final : public Dialer {
 public:
  explicit RealDialer(Resolver& resolver) : resolver_(resolver) {}

  // At most limits::connect_attempts_max addresses; each but the last may take half of the time that is left, so that
  // a silent address leaves room for those behind it. (RFC 8305 overlaps its attempts; one that follows the other
  // reaches the same address, later, with one socket at a time.)
  Task<Result<std::unique_ptr<Stream>>> dial(EventLoop& loop, std::string host, uint16_t port, SteadyTime due,
                                             std::stop_token stop) override;

 private:
  Resolver& resolver_;
};

}  // namespace outcrop::net
