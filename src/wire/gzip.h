// Bodies that clients compressed (Content-Encoding: gzip), inflated within a bound.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::wire {

// The plain bytes of a gzip file (RFC 1952), of all its members. Memory grows with what is actually inflated, so a
// small body that inflates to gigabytes costs at most `bytes_max`. Faults: RequestEntityTooLarge 413 above
// bytes_max; SerializationException 400 when the data is damaged, cut off or followed by something else.
Result<std::string> gunzip(std::string_view compressed, size_t bytes_max);

}  // namespace outcrop::wire
