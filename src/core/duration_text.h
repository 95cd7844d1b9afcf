// Durations as people write them: "30d", "1h30m", "90s", "250ms".
#pragma once
#include <optional>
#include <string_view>

#include "base/time.h"

namespace outcrop {

// Whole numbers with a unit each (d, h, m, s, ms), units falling; none when it is anything else or exceeds 292 million years.
std::optional<Milliseconds> parse_duration(std::string_view text);

}  // namespace outcrop
