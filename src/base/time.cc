#include "base/time.h"

#include <fmt/format.h>

#include <array>

namespace outcrop {

namespace {

constexpr std::array<const char*, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct CalendarTime {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Milliseconds> time;
  unsigned weekday;

  explicit CalendarTime(Instant at) : CalendarTime(at, std::chrono::floor<std::chrono::days>(at)) {}
  CalendarTime(Instant at, std::chrono::sys_days day) : date(day), time(at - day), weekday(std::chrono::weekday(day).c_encoding()) {}

  int year() const { return int(date.year()); }
  unsigned month() const { return unsigned(date.month()); }
  unsigned day() const { return unsigned(date.day()); }
};

}  // namespace

Instant RealClock::wall() const { return real_wall(); }
Instant RealClock::real_wall() const { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }
SteadyTime RealClock::steady() const { return std::chrono::steady_clock::now(); }

std::string iso8601(Instant at, bool with_ms) {
  CalendarTime c(at);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year(), c.month(), c.day(), c.time.hours().count(),
                                 c.time.minutes().count(), c.time.seconds().count());
  if (with_ms && c.time.subseconds().count() != 0) text += fmt::format(".{:03}", c.time.subseconds().count());
  return text + "Z";
}

std::string iso8601_basic(Instant at) {
  CalendarTime c(at);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year(), c.month(), c.day(), c.time.hours().count(), c.time.minutes().count(),
                     c.time.seconds().count());
}

std::string http_date(Instant at) {
  CalendarTime c(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names[c.weekday], c.day(), month_names[c.month() - 1], c.year(),
                     c.time.hours().count(), c.time.minutes().count(), c.time.seconds().count());
}

}  // namespace outcrop
