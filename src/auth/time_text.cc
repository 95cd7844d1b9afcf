#include "auth/time_text.h"

#include <array>
#include <string>

#include "wire/date_text.h"

namespace outcrop::auth {

namespace {

std::optional<Instant> value_of(std::expected<Instant, wire::DateProblem> parsed) { return parsed ? std::optional(*parsed) : std::nullopt; }

}  // namespace

std::optional<Instant> parse_iso8601_basic(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  std::array<char, 20> extended = {};
  std::string_view shape = "0123-45-67T9a:bc:deZ";  // which character of the basic form stands where
  for (size_t i = 0; i < shape.size(); ++i) {
    char c = shape[i];
    extended[i] = c >= '0' && c <= '9' ? text[size_t(c - '0')] : c >= 'a' && c <= 'e' ? text[size_t(c - 'a' + 10)] : c;
  }
  return value_of(wire::parse_date_time({extended.data(), extended.size()}));
}

std::optional<Instant> parse_condition_date(std::string_view text) {
  if (text.size() < 5 || text[4] != '-') return value_of(wire::parse_epoch_seconds(text));
  std::string complete(text);
  bool lacks_time = text.size() == 10;
  if (lacks_time) complete += "T00:00:00Z";
  bool lacks_seconds = text.size() > 16 && text[10] == 'T' && text[16] != ':';
  if (lacks_seconds) complete.insert(16, ":00");
  return value_of(wire::parse_date_time(complete));
}

}  // namespace outcrop::auth
