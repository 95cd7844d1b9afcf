// Units as one byte of a key. The numbers are on disk: new units go to the end.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace outcrop::cloudwatch {

inline constexpr std::string_view unit_names[] = {
    "None",
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
};

using Unit = uint8_t;

inline constexpr std::optional<Unit> unit_of(std::string_view name) {
  for (size_t i = 0; i < std::size(unit_names); ++i)
    if (unit_names[i] == name) return Unit(i);
  return std::nullopt;
}

}  // namespace outcrop::cloudwatch
