// The limits of function URLs, each with its source. "Guide" is the AWS Lambda Developer Guide.
#pragma once
#include <cstddef>

namespace outcrop::lambda::limits {

inline constexpr size_t url_id_length = 32;               // of AWS's ids
inline constexpr size_t url_request_bytes_max = 6 << 20;  // Guide, "Lambda quotas": invocation payload; the body, and the event made of it
// Of the metadata of a streamed response, with the eight NULs behind it: what a client of AWS can rely on is that they are in the first
// 16 KB of what a function writes.
inline constexpr size_t response_metadata_bytes_max = 16 << 10;
inline constexpr size_t urls_listed_default = 50;  // API Reference, ListFunctionUrlConfigs: at most 50

}  // namespace outcrop::lambda::limits
