// The one validator: required, length, range, pattern and enum of every shape by table, in the order of the
// struct. How violations are worded is the service's policy (ServiceModel::validation).
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "wire/operation.h"

namespace outcrop::wire {

struct Violation {
  enum class Kind : uint8_t { required, length, range, pattern, enumeration };
  Kind kind;
  std::string path;      // AWS's form: "entries.1.member.messageBody", members in camel case, elements counted from 1
  const Member* member;  // the nearest member on the way; null for none
  const Shape* shape;    // of the value
  std::string value;     // as AWS shows it: "null" when missing, "[…]" for lists, hidden when sensitive
};

// What violates the model, in the order of the struct; at most `violations_max`.
std::vector<Violation> find_violations(const Shape& shape, const void* structure, const Missing& missing);

// "Member must not be null", "Member must have length less than or equal to 5", …
std::string constraint_text(const Violation& violation);
// "1 validation error detected: Value '…' at '…' failed to satisfy constraint: …"
std::string violations_text(std::span<const Violation> violations);

// Faults by the service's policy when `input` violates the model of `operation`.
Result<void> validate(const ServiceModel& service, const Operation& operation, const void* input, const Missing& missing);

}  // namespace outcrop::wire
