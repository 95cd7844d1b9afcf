// Errors that have members beside their message (DynamoDB's ConditionalCheckFailedException shows the item): structs that
// modelgen writes into a service's errors.h. Each becomes a Fault wherever one is wanted, and keeps its members in there for
// the protocols to write by their table, also where it ends an event stream:
//
//   co_return fail(ConditionalCheckFailedException{.message = "The conditional request failed", .item = …});
#pragma once
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "wire/shape.h"

namespace outcrop::wire {

// What a Fault's details are: a struct of the error. Its first member is the message, which the fault has too.
struct ErrorDetails : FaultDetails::Held {
  explicit ErrorDetails(const Shape& of) : shape(of) {}
  virtual const void* structure() const = 0;
  std::span<const Member> members_beside_message() const { return shape.members.subspan(1); }

  const Shape& shape;
};

// Null for a fault that has only its message.
inline const ErrorDetails* details_of(const Fault& fault) { return dynamic_cast<const ErrorDetails*>(fault.details.get()); }

template <class Error>
class HeldError final : public ErrorDetails {
 public:
  HeldError(const Shape& shape, Error error) : ErrorDetails(shape), error_(std::move(error)) {}
  const void* structure() const override { return &error_; }
  std::unique_ptr<const Held> copy() const override { return std::make_unique<HeldError>(shape, error_); }

 private:
  Error error_;
};

template <class Error>
Fault fault_of(std::string code, int status, Error error) {
  std::string message = error.message;
  return {std::move(code), status, std::move(message), FaultDetails(std::make_unique<HeldError<Error>>(Error::shape, std::move(error)))};
}

// The error a fault was made of, for callers inside the server; null when it is another one.
template <class Error>
const Error* error_in(const Fault& fault) {
  const ErrorDetails* details = details_of(fault);
  return details && &details->shape == &Error::shape ? static_cast<const Error*>(details->structure()) : nullptr;
}

// How an error's message sits in its struct: an empty one is none.
inline constexpr Presence message_of_error = {
    [](const void* holder) -> const void* { return static_cast<const std::string*>(holder)->empty() ? nullptr : holder; },
    [](void* holder) { return holder; },
};

}  // namespace outcrop::wire
