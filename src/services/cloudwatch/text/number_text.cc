#include "services/cloudwatch/text/number_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace outcrop::cloudwatch {

std::string number_text(double number) {
  if (number == 0) return std::signbit(number) ? "-0.0" : "0.0";
  if (!std::isfinite(number)) return std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  char text[64];
  const double size = std::fabs(number);
  const bool plain = size >= 1e-3 && size < 1e7;
  auto [end, problem] = std::to_chars(text, text + sizeof text, number, plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string digits(text, end);
  if (plain) return digits.find('.') == digits.npos ? digits + ".0" : digits;
  const size_t e = digits.find('e');
  std::string mantissa = digits.substr(0, e);
  if (mantissa.find('.') == mantissa.npos) mantissa += ".0";
  return fmt::format("{}E{}", mantissa, std::atoi(digits.c_str() + e + 1));
}

std::string time_text(Instant at) {
  std::string text = iso8601(std::chrono::floor<Seconds>(at));
  text.pop_back();
  return text + fmt::format(".{:03}+0000", ms_since_epoch(at) % 1000);
}

std::string short_time_text(int64_t time_s) {
  const std::chrono::sys_seconds at{Seconds(time_s)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(at - day);
  return fmt::format("{:02}/{:02}/{:02} {:02}:{:02}:{:02}", unsigned(date.day()), unsigned(date.month()), int(date.year()) % 100,
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace outcrop::cloudwatch
