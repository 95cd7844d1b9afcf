// Reads the instants that wire/date_text.h does not know: SigV4's basic form, and what policy conditions may hold.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.h"

namespace outcrop::auth {

// "20261122T191332Z", and nothing else.
std::optional<Instant> parse_iso8601_basic(std::string_view text);
// "2026-11-22", "2026-11-22T19:13Z", "2026-11-22T19:13:32.123+01:00" (W3C's profile of ISO 8601), or epoch seconds "1795374812".
std::optional<Instant> parse_condition_date(std::string_view text);

}  // namespace outcrop::auth
