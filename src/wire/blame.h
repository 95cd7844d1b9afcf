// Faults that do not say who is to blame, where their kin do: Lambda's errors have a Type, but some of those about concurrency.
#pragma once
#include <memory>
#include <utility>

#include "base/result.h"

namespace outcrop::wire {

class BlameUnsaid final : public FaultDetails::Held {
 public:
  std::unique_ptr<const Held> copy() const override { return std::make_unique<BlameUnsaid>(); }
};

// `fault` has no members beside its message.
inline Fault without_blame(Fault fault) {
  fault.details = FaultDetails(std::make_unique<BlameUnsaid>());
  return fault;
}

inline bool says_blame(const Fault& fault) { return dynamic_cast<const BlameUnsaid*>(fault.details.get()) == nullptr; }

}  // namespace outcrop::wire
