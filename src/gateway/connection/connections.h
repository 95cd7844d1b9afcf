// Connections: all WebSocket connections of this server, by their ids, for those who post to them, ask after them or end them.
#pragma once
#include <string>
#include <string_view>

#include "base/task.h"
#include "base/time.h"
#include "gateway/connection/connection_context.h"

namespace outcrop::gateway {

// Thread-safe.
class Connections {
 public:
  struct Info {
    ConnectionContext context;
    Instant last_active_at;
  };

  virtual ~Connections() = default;

  // Fault: GoneException 410.
  virtual Task<Result<Info>> get(std::string_view id) = 0;
  // Sends one text message; messages of one caller leave in the order of its calls. Returns when the connection has taken it in charge.
  // Faults: GoneException 410, PayloadTooLargeException 413, LimitExceededException 429 when the client takes too little.
  virtual Task<Result<void>> post(std::string_view id, std::string data) = 0;
  // Ends it as if the client had been told to go; $disconnect follows. Fault: GoneException 410.
  virtual Task<Result<void>> end(std::string_view id) = 0;
};

}  // namespace outcrop::gateway
