#include "base/log_time.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace outcrop {

std::string log_time(Instant at) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<Seconds>(at - day));
  return fmt::format("{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000", unsigned(date.day()), months[unsigned(date.month()) - 1], int(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace outcrop
