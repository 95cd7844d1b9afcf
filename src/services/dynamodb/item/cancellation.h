// How a transaction says why it was not carried out.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/dynamodb/errors.h"

namespace outcrop::dynamodb {

// One reason for each of its items, in their order; "None" where nothing stood in the way.
class Cancellation {
 public:
  explicit Cancellation(size_t items) : reasons_(items, CancellationReason{.code = "None"}) {}

  // Takes what a ConditionalCheckFailedException, a ValidationException or a ProvisionedThroughputExceededException says; anything else is
  // no reason but a fault of the whole.
  Result<void> add(size_t item, const Fault& fault);
  bool is_any() const { return is_any_; }
  // TransactionCanceledException 400.
  Fault fault() &&;

 private:
  std::vector<CancellationReason> reasons_;
  bool is_any_ = false;
};

// The items of a transaction are 4 MB together at the most.
Fault transaction_too_large();

// All items were in another transaction's way for too long.
Fault conflicted(size_t items);

}  // namespace outcrop::dynamodb
