// Scalars as text: what XML elements, query parameters, headers, URI labels and query strings share.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "wire/shape.h"

namespace outcrop::wire {

// The text of a value that is no structure, list, map or document. Blobs are base64; `standard` is what
// TimestampFormat::standard means in that place.
std::string scalar_text(const Shape& shape, const void* value, TimestampFormat standard);

// The other way: `value` is of the shape's C++ type. What is wrong is told for people: "is not an integer".
// A string is taken as it is; that it is UTF-8 is the caller's to check.
std::expected<void, std::string> parse_scalar(std::string_view text, const Shape& shape, void* value, TimestampFormat standard);

}  // namespace outcrop::wire
