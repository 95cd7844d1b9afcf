// The limits of functions, each with its source. "Quotas" is the page of that name in the Lambda Developer Guide.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::lambda::limits {

inline constexpr size_t function_name_max = 64;           // API Reference, CreateFunction: of the name alone
inline constexpr size_t environment_bytes_max = 4 << 10;  // Quotas, "Function environment variables"; of their JSON, as AWS measures
inline constexpr int32_t memory_mb_max = 10'240;          // Quotas, "Function memory allocation"
inline constexpr int32_t memory_mb_default = 128;         // API Reference, CreateFunction
inline constexpr int32_t timeout_s_default = 3;           // likewise
inline constexpr int32_t temporary_mb_default = 512;      // likewise
inline constexpr size_t tags_max = 50;                    // API Reference, TagResource
inline constexpr size_t page_of_functions_max = 50;       // API Reference, ListFunctions: a page has no more, whatever MaxItems says
inline constexpr size_t page_of_versions_max = 50;        // likewise
inline constexpr size_t page_of_aliases_max = 50;         // likewise
inline constexpr size_t known_functions_max = 4'096;      // whose versions invocations remember; ours, about 8 MiB
inline constexpr size_t scan_page = 1'000;                // entries of the store at once; ours

}  // namespace outcrop::lambda::limits
