// The limits of the Bedrock control plane, each with its source.
#pragma once
#include <cstddef>

namespace outcrop::bedrock::limits {

// Of an account in a Region (AWS General Reference, Amazon Bedrock quotas: "Inference profiles per account", L-40EC9882).
inline constexpr size_t application_profiles_max = 1'000;

// Of a resource (API reference, TooManyTagsException).
inline constexpr size_t tags_max = 50;

// Of a page that doesn't say how long it may be. Ours: the most that may be asked for (API reference, ListInferenceProfiles).
inline constexpr size_t page_default = 1'000;

// What invocations remember of application profiles. Ours: about 1 MiB.
inline constexpr size_t cached_profiles_max = 4'096;

// Of a request: 50 tags of 128 and 256 characters, with room for what is to be refused. Ours.
inline constexpr size_t request_bytes_max = 1 << 20;

}  // namespace outcrop::bedrock::limits
