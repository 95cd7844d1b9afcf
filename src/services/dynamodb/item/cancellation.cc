#include "services/dynamodb/item/cancellation.h"

#include "wire/error.h"

namespace outcrop::dynamodb {

namespace {

Fault canceled(std::vector<CancellationReason>&& reasons) {
  std::string codes;
  for (const CancellationReason& reason : reasons) codes += (codes.empty() ? "" : ", ") + *reason.code;
  return TransactionCanceledException{
      .message = "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]",
      .cancellation_reasons = std::move(reasons)};
}

}  // namespace

Result<void> Cancellation::add(size_t item, const Fault& fault) {
  CancellationReason& reason = reasons_.at(item);
  if (fault.code == "ConditionalCheckFailedException") {
    reason.code = "ConditionalCheckFailed";
    if (const auto* failed = wire::error_in<ConditionalCheckFailedException>(fault)) reason.item = failed->item;
  } else if (fault.code == "ValidationException") {
    reason.code = "ValidationError";
  } else if (fault.code == "ProvisionedThroughputExceededException") {
    reason.code = "ProvisionedThroughputExceeded";
  } else {
    return fail(fault);
  }
  reason.message = fault.message;
  is_any_ = true;
  return {};
}

Fault Cancellation::fault() && { return canceled(std::move(reasons_)); }

Fault transaction_too_large() {
  return {"ValidationException", 400, "Collection size limits exceeded: the transaction is larger than 4 MB"};
}

Fault conflicted(size_t items) {
  return canceled(std::vector<CancellationReason>(
      items, CancellationReason{.code = "TransactionConflict", .message = "Transaction is ongoing for the item"}));
}

}  // namespace outcrop::dynamodb
