// Names to addresses by the system's own rules (getaddrinfo), which block, and so on a pool's thread. Answers are
// remembered for a short while. Thread-safe.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "base/thread_pool.h"
#include "net/socket_address.h"

namespace outcrop::net {

class Resolver {
 public:
  // Blocks; the addresses have port 0. Fault: HostNotFound 502.
  using Lookup = std::function<Result<std::vector<SocketAddress>>(const std::string& name)>;
  static Result<std::vector<SocketAddress>> system_lookup(const std::string& name);

  Resolver(const Clock& clock, ThreadPool& pool, Lookup lookup = system_lookup)
      : clock_(clock), pool_(pool), shared_(std::make_shared<Shared>(std::move(lookup))) {}

  // The addresses of a name or of an address literal, with `port`, IPv6 and IPv4 in turn; never empty. Goes on on the
  // calling executor. Faults: HostNotFound 502, ConnectTimeout 504 at `due`, Cancelled 499: at once, whatever the
  // pool's thread still waits for.
  Task<Result<std::vector<SocketAddress>>> resolve(std::string host, uint16_t port, SteadyTime due, std::stop_token stop);

 private:
  struct Remembered {
    std::vector<SocketAddress> addresses;
    SteadyTime until;
  };
  // Outlives the resolver while a look-up that nobody waits for any more is still under way.
  struct Shared {
    explicit Shared(Lookup lookup) : lookup(std::move(lookup)) {}
    const Lookup lookup;
    std::atomic<size_t> under_way = 0;
  };

  std::optional<std::vector<SocketAddress>> recall(const std::string& name);
  void remember(const std::string& name, std::vector<SocketAddress> addresses);

  const Clock& clock_;
  ThreadPool& pool_;
  std::shared_ptr<Shared> shared_;
  std::mutex mutex_;
  std::unordered_map<std::string, Remembered> names_;  // guarded by mutex_
};

}  // namespace outcrop::net
