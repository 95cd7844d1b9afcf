// Dialer: how a byte stream to a host and port comes about. The World's seam for the network: tests dial pipes, or
// nothing at all.
#pragma once
#include <memory>
#include <stop_token>

#include "base/task.h"
#include "net/event_loop.h"
#include "net/stream.h"

namespace outcrop::net {

class Dialer {
 public:
  virtual ~Dialer() = default;

  // A connected stream that lives on `loop`, on whose thread this is called. `host` is a name or an address without
  // brackets. Faults: HostNotFound 502, ConnectionRefused 502, ConnectionFailed 502, ConnectTimeout 504 at `due`,
  // Cancelled 499 as soon as `stop` is stopped, on any thread.
  virtual Task<Result<std::unique_ptr<Stream>>> dial(EventLoop& loop, std::string host, uint16_t port, SteadyTime due,
                                                     std::stop_token stop) = 0;
};

}  // namespace outcrop::net
