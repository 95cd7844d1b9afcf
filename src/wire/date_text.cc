// Reading and writing timestamps.
#include "wire/date_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "json/writer.h"

namespace outcrop::wire {

namespace {

constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> long_day_names = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

// Of the years 0001 to 9999, in seconds since 1970.
constexpr double epoch_seconds_min = -62135596800.0, epoch_seconds_max = 253402300800.0;

// Takes a text apart from its start; after a failure nothing more is taken.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : left_(text) {}

  bool literal(std::string_view wanted) {
    if (!left_.starts_with(wanted)) return ok_ = false;
    left_.remove_prefix(wanted.size());
    return true;
  }
  // Exactly `count` digits.
  int digits(size_t count) {
    if (left_.size() < count) return ok_ = false, 0;
    int value = 0;
    for (char c : left_.substr(0, count)) {
      if (c < '0' || c > '9') return ok_ = false, 0;
      value = value * 10 + (c - '0');
    }
    left_.remove_prefix(count);
    return value;
  }
  // Milliseconds of an optional ".123456".
  int fraction() {
    if (!left_.starts_with('.')) return 0;
    size_t end = left_.find_first_not_of("0123456789", 1);
    std::string_view figures = left_.substr(1, end == left_.npos ? left_.npos : end - 1);
    if (figures.empty()) ok_ = false;
    left_.remove_prefix(1 + figures.size());
    int ms = 0;
    for (size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < figures.size() ? figures[i] - '0' : 0);
    return ms;
  }
  unsigned month_name() {
    for (unsigned i = 0; i < month_names.size(); ++i)
      if (left_.starts_with(month_names[i])) return left_.remove_prefix(3), i + 1;
    return ok_ = false, 0u;
  }
  template <class Names>
  void any_of(const Names& names, size_t length) {
    for (std::string_view name : names)
      if (left_.starts_with(name.substr(0, length))) return left_.remove_prefix(std::min(length, name.size()));
    ok_ = false;
  }
  char take() {
    if (left_.empty()) return ok_ = false, '\0';
    char c = left_.front();
    left_.remove_prefix(1);
    return c;
  }
  char peek() const { return left_.empty() ? '\0' : left_.front(); }
  bool ended() const { return ok_ && left_.empty(); }
  void fail() { ok_ = false; }

 private:
  std::string_view left_;
  bool ok_ = true;
};

struct Fields {
  int year = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
  unsigned month = 0;

  std::optional<Instant> instant() const {
    std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(unsigned(day))};
    if (!date.ok() || year < 1 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second) +
           Milliseconds(ms);
  }
};

void scan_time(Scanner& scan, Fields& fields) {
  fields.hour = scan.digits(2);
  scan.literal(":");
  fields.minute = scan.digits(2);
  scan.literal(":");
  fields.second = scan.digits(2);
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Instant> parse_fixdate(std::string_view text) {
  Scanner scan(text);
  Fields fields;
  scan.any_of(long_day_names, 3);
  scan.literal(", ");
  fields.day = scan.digits(2);
  scan.literal(" ");
  fields.month = scan.month_name();
  scan.literal(" ");
  fields.year = scan.digits(4);
  scan.literal(" ");
  scan_time(scan, fields);
  fields.ms = scan.fraction();
  scan.literal(" GMT");
  return scan.ended() ? fields.instant() : std::nullopt;
}

// "Sunday, 06-Nov-94 08:49:37 GMT"; two digits of a year below 70 are of this century.
std::optional<Instant> parse_rfc850_date(std::string_view text) {
  Scanner scan(text);
  Fields fields;
  scan.any_of(long_day_names, std::string_view::npos);
  scan.literal(", ");
  fields.day = scan.digits(2);
  scan.literal("-");
  fields.month = scan.month_name();
  scan.literal("-");
  fields.year = scan.digits(2);
  fields.year += fields.year < 70 ? 2000 : 1900;
  scan.literal(" ");
  scan_time(scan, fields);
  scan.literal(" GMT");
  return scan.ended() ? fields.instant() : std::nullopt;
}

// "Sun Nov  6 08:49:37 1994"
std::optional<Instant> parse_asctime_date(std::string_view text) {
  Scanner scan(text);
  Fields fields;
  scan.any_of(long_day_names, 3);
  scan.literal(" ");
  fields.month = scan.month_name();
  scan.literal(" ");
  if (scan.peek() == ' ') {
    scan.take();
    fields.day = scan.digits(1);
  } else {
    fields.day = scan.digits(2);
  }
  scan.literal(" ");
  scan_time(scan, fields);
  scan.literal(" ");
  fields.year = scan.digits(4);
  return scan.ended() ? fields.instant() : std::nullopt;
}

}  // namespace

std::expected<Instant, DateProblem> parse_date_time(std::string_view text) {
  Scanner scan(text);
  Fields fields;
  fields.year = scan.digits(4);
  scan.literal("-");
  fields.month = unsigned(scan.digits(2));
  scan.literal("-");
  fields.day = scan.digits(2);
  if (char c = scan.take(); c != 'T' && c != 't') scan.fail();
  scan_time(scan, fields);
  fields.ms = scan.fraction();
  std::chrono::minutes offset(0);
  if (char zone = scan.take(); zone == '+' || zone == '-') {
    int hours = scan.digits(2);
    scan.literal(":");
    int minutes = scan.digits(2);
    if (hours > 23 || minutes > 59) scan.fail();
    offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (zone == '-') offset = -offset;
  } else if (zone != 'Z' && zone != 'z') {
    scan.fail();
  }
  std::optional<Instant> local = scan.ended() ? fields.instant() : std::nullopt;
  if (!local) return std::unexpected("expected a date and time like 2026-11-22T19:13:32Z");
  return *local - offset;
}

std::expected<Instant, DateProblem> parse_http_date(std::string_view text) {
  if (auto at = parse_fixdate(text)) return *at;
  if (auto at = parse_rfc850_date(text)) return *at;
  if (auto at = parse_asctime_date(text)) return *at;
  return std::unexpected("expected a date and time like Sun, 22 Nov 2026 19:13:32 GMT");
}

std::expected<Instant, DateProblem> parse_epoch_seconds(std::string_view text) {
  double seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || !(seconds >= epoch_seconds_min && seconds < epoch_seconds_max))
    return std::unexpected("expected seconds since 1970 like 1795374812.123");
  return instant_from_ms(std::llround(seconds * 1000));
}

std::expected<Instant, DateProblem> parse_timestamp(std::string_view text, TimestampFormat format) {
  switch (format) {
    case TimestampFormat::date_time:
      return parse_date_time(text);
    case TimestampFormat::http_date:
      return parse_http_date(text);
    case TimestampFormat::epoch_seconds:
      return parse_epoch_seconds(text);
    case TimestampFormat::standard:
      break;
  }
  check_failed("a timestamp format was not resolved", std::source_location::current());
}

std::string format_timestamp(Instant at, TimestampFormat format) {
  switch (format) {
    case TimestampFormat::date_time:
      return iso8601(at, true);
    case TimestampFormat::http_date:
      return http_date(at);
    case TimestampFormat::epoch_seconds: {
      std::string text;
      json::Writer(text).epoch_seconds(ms_since_epoch(at));
      return text;
    }
    case TimestampFormat::standard:
      break;
  }
  check_failed("a timestamp format was not resolved", std::source_location::current());
}

}  // namespace outcrop::wire
