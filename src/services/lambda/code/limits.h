// The limits of deployment packages, each with its source. "Quotas" is the page of that name in the Lambda Developer Guide.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::lambda::limits {

inline constexpr uint64_t zipped_bytes_max = 50 << 20;           // Quotas, "Deployment package": 50 MB zipped, in a request
inline constexpr uint64_t unzipped_bytes_max = 250 << 20;        // likewise: 250 MB unzipped
inline constexpr uint64_t code_storage_bytes_max = 75ull << 30;  // Quotas, "Storage for uploaded functions": 75 GB
inline constexpr size_t zip_entries_max = 100'000;               // ours: the files of a large node_modules, four times over
inline constexpr size_t zip_name_bytes_max = 1024;               // ours; Linux's own is 4096 with the directory before it
inline constexpr size_t zip_depth_max = 64;                      // of folders within folders; ours
inline constexpr size_t symbolic_link_bytes_max = 1024;          // of a link's target; ours
inline constexpr size_t inflated_part_bytes = 64 << 10;          // what is inflated before it is written; ours
inline constexpr Seconds code_location_life = Seconds(600);      // API Reference, GetFunction: the URL is valid for 10 minutes
inline constexpr size_t request_bytes_max = 70'167'211;          // of CreateFunction, as AWS says to who sends more

}  // namespace outcrop::lambda::limits
