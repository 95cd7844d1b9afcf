// Server: builds every part, wires them, and takes them down in the opposite order. Nothing else knows them all.
#pragma once
#include <memory>
#include <vector>

#include "base/result.h"
#include "net/server.h"
#include "server/config.h"

namespace outcrop::server {

class Server {
 public:
  // Gives a server that answers requests. `config` has a data directory and passed refusal(). Faults say in one
  // sentence what is wrong and what to do.
  static Result<std::unique_ptr<Server>> start(const Config& config);
  ~Server();  // after stop(), when start() gave it

  std::vector<net::Endpoint> endpoints() const;

  // Lets requests under way end, flushes the store and gives true; false when that did not happen within
  // limits.shutdown and a little, and the process can only be left. Once, on the thread that called start().
  bool stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace outcrop::server
