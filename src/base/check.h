// Assertions on programmer errors. They hold in release builds too: a wrong state must not reach the disk.
#pragma once
#include <source_location>
#include <string_view>

namespace outcrop {

// Logs the text and the place, then aborts.
[[noreturn]] void check_failed(std::string_view text, std::source_location where);

// Aborts unless `holds`.
inline void check(bool holds, std::string_view text, std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    check_failed(text, where);
}

}  // namespace outcrop
