// What is left, as headers of an answer: of everything the request took of, what is nearest to its end, by unit, and in how many seconds
// all of it will be there again:
//
//   x-outcrop-ratelimit-remaining-requests: 199     x-outcrop-ratelimit-reset-requests: 1
//   x-outcrop-ratelimit-remaining-tokens: 186000    x-outcrop-ratelimit-reset-tokens: 5
//   x-outcrop-ratelimit-remaining-usd: 4.9712       x-outcrop-ratelimit-reset-usd: 43200
#pragma once
#include "net/http.h"
#include "services/bedrock-runtime/quota/share.h"

namespace outcrop::bedrock_runtime {

void tell_remaining(const Shares& shares, Instant now, net::Headers& headers);

// Whole seconds, rounded up.
int64_t seconds_until(Instant at, Instant now);

}  // namespace outcrop::bedrock_runtime
