// What execution logs must not show: API Gateway blanks signatures, API keys and tokens, and leaves the last six characters, by which their
// owner knows them.
#pragma once
#include <string>
#include <string_view>

#include "net/http.h"

namespace outcrop::gateway {

// "******************Qm7gT4"
std::string masked(std::string_view secret);

// "{Host=localhost:4566, Authorization=*********d063b3}"
std::string redacted(const net::Headers& headers);

// The same of a body that is JSON and has such fields as members, as functions are told of a handshake. Every other body stays.
std::string redacted(std::string_view body);

}  // namespace outcrop::gateway
