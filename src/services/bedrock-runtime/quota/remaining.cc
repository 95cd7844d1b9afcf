#include "services/bedrock-runtime/quota/remaining.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace outcrop::bedrock_runtime {

namespace {

struct UnitHeaders {
  Unit unit;
  std::string_view remaining, reset;
};

constexpr std::array<UnitHeaders, 3> unit_headers = {{
    {Unit::requests, "x-outcrop-ratelimit-remaining-requests", "x-outcrop-ratelimit-reset-requests"},
    {Unit::tokens, "x-outcrop-ratelimit-remaining-tokens", "x-outcrop-ratelimit-reset-tokens"},
    {Unit::usd, "x-outcrop-ratelimit-remaining-usd", "x-outcrop-ratelimit-reset-usd"},
}};

std::string amount_text(Unit unit, double amount) {
  if (unit == Unit::usd) return fmt::format("{:.4f}", amount);
  return fmt::format_int(int64_t(std::floor(amount))).str();
}

}  // namespace

int64_t seconds_until(Instant at, Instant now) { return std::chrono::ceil<Seconds>(at - now).count(); }

void tell_remaining(const Shares& shares, Instant now, net::Headers& headers) {
  for (const UnitHeaders& names : unit_headers) {
    Meter* scarcest = nullptr;
    double least = 0;
    for (const Share& share : shares) {
      if (share.meter->unit() != names.unit) continue;
      const double available = std::max(0.0, share.meter->available(now));
      if (scarcest && available >= least) continue;
      scarcest = share.meter;
      least = available;
    }
    if (!scarcest) continue;
    headers.set(names.remaining, amount_text(names.unit, least));
    headers.set(names.reset, fmt::format_int(seconds_until(scarcest->whole_at(now), now)).str());
  }
}

}  // namespace outcrop::bedrock_runtime
