// The limits of finding credentials, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::auth {

// Bytes of ~/.aws/config, of a token's file and of what an endpoint answers. Ours: each has a few KiB.
inline constexpr size_t credential_file_bytes_max = 1 << 20;
inline constexpr size_t credential_answer_bytes_max = 64 << 10;

// For each request to an endpoint of credentials. AWS's SDKs give instance metadata 1 s and containers 2 s to 5 s.
inline constexpr Milliseconds credential_request_timeout{5'000};
inline constexpr Milliseconds instance_request_timeout{2'000};

// How long before they end credentials are replaced (AWS SDKs and Tools reference guide: SDKs refresh 5 minutes before), and from when on
// they are not used any more.
inline constexpr Milliseconds credential_refresh_lead{300'000};
inline constexpr Milliseconds credential_reserve{10'000};
// After a refresh that failed, and after one that was no use. Ours.
inline constexpr Milliseconds credential_retry_pause{30'000};

}  // namespace outcrop::auth
