// What Quotas knows of a request under way, and of one that waits. For the sources of Quotas alone.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/completion.h"
#include "services/bedrock-runtime/quota/quotas.h"

namespace outcrop::bedrock_runtime {

// A request's shares, and what turns its usage into a charge.
struct Quotas::Taken {
  Shares shares;
  Tariff tariff;
  Course* course = nullptr;                               // of its model
  std::vector<std::shared_ptr<Budgets::Tenant>> tenants;  // whose meters are among the shares
  int64_t input_tokens = 0;
  double reserved_tokens = 0;
  Instant at;
};

// A place in the waiting room. In the coroutine of who waits.
struct Quotas::Seat : Waiter {
  Seat(Taken taken_by, std::string line, size_t rank, uint64_t bytes)
      : Waiter{.shares = taken.shares, .line = std::move(line), .rank = rank, .bytes = bytes}, taken(std::move(taken_by)) {}

  Taken taken;
  const Meter* lacking = nullptr;                        // what it waits for
  std::optional<std::list<Taken>::iterator> place = {};  // among those under way, once it was admitted
  std::optional<Completion<Wake>::Setter> wake = {};
};

}  // namespace outcrop::bedrock_runtime
