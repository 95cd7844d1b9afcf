#include "net/client_fault.h"

#include <algorithm>
#include <array>

namespace outcrop::net {

namespace {

constexpr std::array<std::string_view, 10> unsent = {
    "InvalidRequest",   "PoolExhausted",  "PoolTimeout",  "HostNotFound",          "ConnectionRefused",
    "ConnectionFailed", "ConnectTimeout", "ProxyRefused", "TlsVerificationFailed", "TlsHandshakeFailed",
};
constexpr std::array<std::string_view, 5> answered = {
    "AnsweredEarly", "ReadTimeout", "IncompleteResponse", "MalformedResponse", "ResponseTooLarge",
};

}  // namespace

RequestProgress progress_of(const Fault& fault) {
  if (std::ranges::find(unsent, fault.code) != unsent.end()) return RequestProgress::unsent;
  if (std::ranges::find(answered, fault.code) != answered.end()) return RequestProgress::answered;
  return RequestProgress::unanswered;
}

}  // namespace outcrop::net
