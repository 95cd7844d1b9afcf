#include "auth/time_text.h"

#include <array>
#include <charconv>

namespace outcrop::auth {

namespace {

struct DateFields {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  int offset_minutes = 0;

  std::optional<Instant> instant() const {
    std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)), std::chrono::day(unsigned(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute - offset_minutes) +
           Seconds(second) + Milliseconds(millisecond);
  }
};

// Takes fixed-width parts off the front of a text; once one does not fit, everything fails.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  int digits(size_t count) {
    if (rest_.size() < count) return reject();
    int value = 0;
    for (char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return reject();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  void expect(std::string_view literal) {
    if (!skip(literal)) reject();
  }
  std::string_view take(size_t count) {
    if (rest_.size() < count) return reject(), std::string_view();
    std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  // ".123": as milliseconds, further digits dropped.
  int fraction() {
    int value = 0, scale = 100, count = 0;
    for (; peek() >= '0' && peek() <= '9'; ++count, scale /= 10) {
      value += (peek() - '0') * scale;
      rest_.remove_prefix(1);
    }
    return count > 0 ? value : reject();
  }

 private:
  int reject() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

void read_zone(FieldReader& reader, DateFields& fields) {
  if (reader.skip("Z")) return;
  int sign = reader.peek() == '-' ? -1 : 1;
  reader.take(1);
  int hours = reader.digits(2);
  reader.skip(":");
  fields.offset_minutes = sign * (hours * 60 + reader.digits(2));
}

std::optional<Instant> parse_epoch_seconds(std::string_view text) {
  int64_t seconds = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  // Beyond the year 9999 it is no date, and the milliseconds would overflow.
  if (problem != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > 253402300799) return std::nullopt;
  return instant_from_ms(seconds * 1000);
}

}  // namespace

std::optional<Instant> parse_iso8601_basic(std::string_view text) {
  FieldReader reader(text);
  DateFields fields;
  fields.year = reader.digits(4), fields.month = reader.digits(2), fields.day = reader.digits(2);
  reader.expect("T");
  fields.hour = reader.digits(2), fields.minute = reader.digits(2), fields.second = reader.digits(2);
  reader.expect("Z");
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return fields.instant();
}

std::optional<Instant> parse_http_date(std::string_view text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  FieldReader reader(text);
  DateFields fields;
  reader.take(3);
  reader.expect(", ");
  fields.day = reader.digits(2);
  reader.expect(" ");
  std::string_view month = reader.take(3);
  size_t position = month.empty() ? std::string_view::npos : months.find(month);
  reader.expect(" ");
  fields.year = reader.digits(4);
  reader.expect(" ");
  fields.hour = reader.digits(2);
  reader.expect(":");
  fields.minute = reader.digits(2);
  reader.expect(":");
  fields.second = reader.digits(2);
  reader.expect(" GMT");
  if (!reader.ok() || !reader.at_end() || position == std::string_view::npos || position % 3 != 0) return std::nullopt;
  fields.month = int(position / 3) + 1;
  return fields.instant();
}

std::optional<Instant> parse_condition_date(std::string_view text) {
  if (text.size() < 5 || text[4] != '-') return parse_epoch_seconds(text);
  FieldReader reader(text);
  DateFields fields;
  fields.year = reader.digits(4);
  if (reader.skip("-")) fields.month = reader.digits(2);
  if (reader.skip("-")) fields.day = reader.digits(2);
  if (!reader.at_end()) {
    reader.expect("T");
    fields.hour = reader.digits(2);
    reader.expect(":");
    fields.minute = reader.digits(2);
    if (reader.skip(":")) fields.second = reader.digits(2);
    if (reader.skip(".")) fields.millisecond = reader.fraction();
    if (!reader.at_end()) read_zone(reader, fields);
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return fields.instant();
}

}  // namespace outcrop::auth
