#include "core/duration_text.h"

#include <array>
#include <charconv>

namespace outcrop {

namespace {

struct DurationUnit {
  std::string_view name;
  int64_t ms;
};
constexpr std::array<DurationUnit, 5> duration_units = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

}  // namespace

std::optional<Milliseconds> parse_duration(std::string_view text) {
  int64_t total = 0;
  size_t next_unit = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    int64_t number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || number < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(size_t(end - text.data()));
    const std::string_view name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    while (next_unit < duration_units.size() && duration_units[next_unit].name != name) ++next_unit;
    if (next_unit == duration_units.size()) return std::nullopt;
    int64_t part = 0;
    if (__builtin_mul_overflow(number, duration_units[next_unit].ms, &part) || __builtin_add_overflow(total, part, &total))
      return std::nullopt;
    text.remove_prefix(name.size());
    ++next_unit;
  }
  return Milliseconds(total);
}

}  // namespace outcrop
