// Fault and Result: how an expected failure travels. A Fault is an answer to the caller, named as AWS
// names it; bugs and broken machines are exceptions, caught once in the dispatcher.
#pragma once
#include <expected>
#include <memory>
#include <string>
#include <utility>

namespace outcrop {

// What a fault tells beside its message, of a type that only those know who make it and who write it to the wire
// (wire/error.h). One pointer, null mostly: results are everywhere, and few of them are such faults.
class FaultDetails {
 public:
  struct Held {
    virtual ~Held() = default;
    virtual std::unique_ptr<const Held> copy() const = 0;
  };

  FaultDetails() = default;
  explicit FaultDetails(std::unique_ptr<const Held> held) : held_(std::move(held)) {}
  FaultDetails(const FaultDetails& other) : held_(other.held_ ? other.held_->copy() : nullptr) {}
  FaultDetails(FaultDetails&&) noexcept = default;
  FaultDetails& operator=(FaultDetails other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  const Held* get() const { return held_.get(); }

 private:
  std::unique_ptr<const Held> held_;
};

struct Fault {
  std::string code;     // the AWS error name, e.g. "QueueDoesNotExist" (the model's shape name where one exists)
  int status = 400;     // HTTP status; below 500 the sender is at fault
  std::string message;  // for people; AWS's wording where AWS has one
  FaultDetails details = {};

  bool is_senders() const { return status < 500; }
};

template <class T = void>
using Result = std::expected<T, Fault>;

inline std::unexpected<Fault> fail(Fault fault) { return std::unexpected<Fault>(std::move(fault)); }
inline std::unexpected<Fault> fail(std::string code, int status, std::string message) {
  return std::unexpected<Fault>(Fault{std::move(code), status, std::move(message)});
}

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<std::expected<T, Fault>> = true;

}  // namespace outcrop
