// The one validator: required, length, range, pattern and enum of every shape by table, in the order of the
// struct. How violations are worded is the service's policy (ServiceModel::validation).
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "wire/operation.h"

namespace outcrop::wire {

struct Violation {
  enum class Kind : uint8_t { required, enumeration, pattern, length_min, length_max, value_min, value_max };
  Kind kind;
  std::string path;        // as AWS writes it: "entries.1.member.messageBody"
  const Member* member;    // the nearest on the way; null for none
  const Shape* shape;      // whose limit it is: for a list of strings, and a map, that of the element, key or value
  std::string offender;    // the value that violates, as text; empty when missing or sensitive
  std::string constraint;  // "Member must not be null", "Map keys must satisfy constraint: [Member must have …]"
  std::string value;       // of what is at the path, as AWS shows it: "'abc'", "'[a, b]'", "null"; empty when sensitive
};

// What violates the model, in the order of the struct; at most limits::violations_max.
std::vector<Violation> find_violations(const Shape& shape, const void* structure, const Missing& missing);

// "2 validation errors detected: Value 'abc' at 'name' failed to satisfy constraint: Member must …; Value null at …"
std::string violations_text(std::span<const Violation> violations);

// Faults by the service's policy when `input` violates the model of `operation`.
Result<void> validate(const ServiceModel& service, const Operation& operation, const void* input, const Missing& missing);

}  // namespace outcrop::wire
