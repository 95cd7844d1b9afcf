// Executions: how many invocations run at a time, for the metrics. Thread-safe.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

class Executions {
 public:
  // With the one that begins.
  struct Running {
    uint32_t of_function = 0, of_account = 0;
    uint32_t unreserved = 0;  // of the account's functions without reserved concurrency
  };

  // One that runs; its end is that of this object.
  class Execution {
   public:
    Execution(Executions& owner, std::string account, std::string function, bool is_reserved)
        : owner_(owner), account_(std::move(account)), function_(std::move(function)), is_reserved_(is_reserved) {}
    Execution(const Execution&) = delete;
    ~Execution() { owner_.end(*this); }

   private:
    friend class Executions;
    Executions& owner_;
    const std::string account_, function_;  // keys of the counts
    const bool is_reserved_;
  };

  std::unique_ptr<Execution> begin(const Place& place, const std::string& function, bool is_reserved, Running& running);

 private:
  struct OfAccount {
    uint32_t all = 0, unreserved = 0;
  };
  void end(const Execution& execution);

  std::mutex mutex_;
  std::map<std::string, OfAccount> accounts_;
  std::map<std::string, uint32_t> functions_;
};

}  // namespace outcrop::lambda
