// Fault and Result: how an expected failure travels. A Fault is an answer to the caller, named as AWS
// names it; bugs and broken machines are exceptions, caught once in the dispatcher.
#pragma once
#include <expected>
#include <string>
#include <utility>

namespace outcrop {

struct Fault {
  std::string code;     // the AWS error name, e.g. "QueueDoesNotExist" (the model's shape name where one exists)
  int status = 400;     // HTTP status; below 500 the sender is at fault
  std::string message;  // for people; AWS's wording where AWS has one

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
