// Timestamps as text: the three formats of AWS's protocols, read strictly and written canonically.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "base/time.h"
#include "wire/shape.h"

namespace outcrop::wire {

// What is wrong with a text, for a message to people: "expected a date and time like 2026-11-22T19:13:32Z".
using DateProblem = std::string;

// All keep milliseconds (finer fractions are cut) and accept the years 0001 to 9999.

// RFC 3339: "2019-12-16T23:48:18Z", "2019-12-17T00:48:18.123+01:00".
std::expected<Instant, DateProblem> parse_date_time(std::string_view text);
// RFC 9110 section 5.6.7, all three forms, and fractions of a second as Smithy has them: "Sun, 02 Jan 2000 20:34:56.456 GMT".
std::expected<Instant, DateProblem> parse_http_date(std::string_view text);
// A decimal number of seconds since 1970: "1515531081.123", "1.515531081123E9", "-1".
std::expected<Instant, DateProblem> parse_epoch_seconds(std::string_view text);
// By format; `standard` is the caller's to resolve (checked).
std::expected<Instant, DateProblem> parse_timestamp(std::string_view text, TimestampFormat format);

// "2019-12-16T23:48:18Z", with ".123" when there are milliseconds; "Mon, 16 Dec 2019 23:48:18 GMT"; "1576540098.123".
std::string format_timestamp(Instant at, TimestampFormat format);

}  // namespace outcrop::wire
