// The limits of Bedrock Runtime, each with its source.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::bedrock_runtime::limits {

// Of a request: Bedrock's own bound of an InvokeModel body is 25,000,000 bytes (the model of its interface); documents and images of a
// conversation come in base64.
inline constexpr size_t request_bytes_max = 25'000'000;

// What is reserved for the answer of a model whose longest answer nobody has established. Ours: the longest of many models.
inline constexpr int64_t output_tokens_max_unknown = 4096;

// What a stream has put out is followed by its quota every so often: AWS says "periodically". Ours: a second or so of a fast model.
inline constexpr int64_t pieces_between_adjustments = 64;

// What a request may wait for its turn at the most. Ours: about what clients and what lies between keep an idle request open for.
inline constexpr Milliseconds wait_max{300'000};
// What a request of the flex tier waits without having said. Ours: boto3 gives up after 60 s of silence, other clients later.
inline constexpr Milliseconds flex_wait{55'000};
// Requests that wait at a time, and the bytes of their bodies, which are held all the while. Ours; what came before them is counted by
// the server's budget of bodies, which is of the same size.
inline constexpr size_t waiting_requests_max = 1000;
inline constexpr uint64_t waiting_bytes_max = 64 << 20;

// A forecast that was too hopeful is looked at again after this at the earliest; what others give back is noticed at once. Ours.
inline constexpr Milliseconds look_interval_min{50};

// Longer times are not told in Retry-After: the SDK for JavaScript sleeps as long as it says before it tries again. Ours.
inline constexpr Seconds retry_after_max{60};

// Over how long the present use of a quota is averaged, for its forecast. Ours: most quotas' period.
inline constexpr Seconds usage_memory{60};

// Tenants of a budget that are kept at a time. Ours: 10,000 are about 5 MiB.
inline constexpr size_t budget_tenants_max = 10'000;
// Of a tenant's name, which a header may tell. Ours.
inline constexpr size_t tenant_bytes_max = 256;
// Beginnings of prompts whose caching is remembered, of all accounts; the one that was used longest ago goes first. Ours: some 5 MB.
inline constexpr size_t cached_prefixes_max = 20'000;

// Content blocks before a cache point at whose ends a cached beginning is looked for ("approximately 20": Bedrock User Guide, "Prompt
// caching for faster model inference").
inline constexpr size_t cache_look_back = 20;

}  // namespace outcrop::bedrock_runtime::limits
