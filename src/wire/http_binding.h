// HTTP bindings: members of inputs, outputs and errors that travel in labels of the path, parameters of the query,
// headers and the status instead of the body. What restJson and restXml share.
#pragma once
#include <cstdint>
#include <expected>
#include <string>

#include "net/http.h"
#include "wire/protocol.h"
#include "wire/shape.h"

namespace outcrop::wire {

// What is wrong with a bound value, for people: "The value 'x' of the header x-amz-max-parts is not an integer".
using BindingProblem = std::string;

// Fills the members of `structure` that are bound to labels, the query and headers; gives Missing::bit() of those that
// came. Labels are decoded one by one, so an ARN keeps its encoded slashes to itself. A map of query parameters
// holds all of them (what Smithy asks of servers), a map of headers has keys in lower case.
std::expected<uint64_t, BindingProblem> read_bindings(const Shape& shape, const Request& request, void* structure);

// Adds headers for the members bound to them, and sets the status from the member bound to it.
void write_bindings(const Shape& shape, const void* structure, net::ResponseHead& head);

// The position of the member that is the whole body; npos when there is none.
size_t payload_position(const Shape& shape);
inline constexpr size_t no_payload = static_cast<size_t>(-1);

bool has_body_members(const Shape& shape);

// Whether an answer of this status may have a body at all (RFC 9110 section 6.4.1).
inline bool status_allows_body(int status) { return status != 204 && status != 304; }

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type_of(const net::Headers& headers);

}  // namespace outcrop::wire
