// Reading and writing scalars as text.
#include "wire/scalar_text.h"

#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/encoding.h"
#include "wire/date_text.h"

namespace outcrop::wire {

namespace {

using Parsed = std::expected<void, std::string>;

template <class Number>
std::string number_text(Number number) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

// As AWS's protocols have what is not finite.
template <class Real>
std::string real_text(Real number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number_text(number);
}

template <class Integer>
Parsed parse_integer(std::string_view text, Integer min, Integer max, void* value) {
  Integer number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = end == text.data() + text.size() && !text.empty();
  if (whole && error == std::errc::result_out_of_range) return std::unexpected("is out of range");
  if (!whole || error != std::errc()) return std::unexpected("is not an integer");
  if (number < min || number > max) return std::unexpected("is out of range");
  *static_cast<Integer*>(value) = number;
  return {};
}

template <class Real>
Parsed parse_real(std::string_view text, void* value) {
  Real number = 0;
  if (text == "NaN") {
    number = std::numeric_limits<Real>::quiet_NaN();
  } else if (text == "Infinity") {
    number = std::numeric_limits<Real>::infinity();
  } else if (text == "-Infinity") {
    number = -std::numeric_limits<Real>::infinity();
  } else {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // from_chars knows "inf" and "nan" too, which the protocols do not.
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::unexpected("is not a number");
  }
  *static_cast<Real*>(value) = number;
  return {};
}

}  // namespace

std::string scalar_text(const Shape& shape, const void* value, TimestampFormat standard) {
  switch (shape.kind) {
    case Kind::boolean:
      return *static_cast<const bool*>(value) ? "true" : "false";
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      return number_text(*static_cast<const int32_t*>(value));
    case Kind::long_:
      return number_text(*static_cast<const int64_t*>(value));
    case Kind::float_:
      return real_text(*static_cast<const float*>(value));
    case Kind::double_:
      return real_text(*static_cast<const double*>(value));
    case Kind::string:
      return *static_cast<const std::string*>(value);
    case Kind::blob:
      return base64(*static_cast<const std::string*>(value));
    case Kind::timestamp:
      return format_timestamp(*static_cast<const Instant*>(value),
                              shape.timestamp == TimestampFormat::standard ? standard : shape.timestamp);
    case Kind::document:
    case Kind::structure:
    case Kind::union_:
    case Kind::list:
    case Kind::map:
    case Kind::json_text:
    case Kind::stream:
      break;
  }
  check_failed("a value without a text form", std::source_location::current());
}

Parsed parse_scalar(std::string_view text, const Shape& shape, void* value, TimestampFormat standard) {
  switch (shape.kind) {
    case Kind::boolean:
      if (text != "true" && text != "false") return std::unexpected("is not true or false");
      *static_cast<bool*>(value) = text == "true";
      return {};
    case Kind::byte:
      return parse_integer<int32_t>(text, INT8_MIN, INT8_MAX, value);
    case Kind::short_:
      return parse_integer<int32_t>(text, INT16_MIN, INT16_MAX, value);
    case Kind::integer:
      return parse_integer<int32_t>(text, INT32_MIN, INT32_MAX, value);
    case Kind::long_:
      return parse_integer<int64_t>(text, INT64_MIN, INT64_MAX, value);
    case Kind::float_:
      return parse_real<float>(text, value);
    case Kind::double_:
      return parse_real<double>(text, value);
    case Kind::string:
      static_cast<std::string*>(value)->assign(text);
      return {};
    case Kind::blob: {
      std::optional<std::string> bytes = unbase64(text);
      if (!bytes) return std::unexpected("is not base64");
      *static_cast<std::string*>(value) = *std::move(bytes);
      return {};
    }
    case Kind::timestamp: {
      auto at = parse_timestamp(text, shape.timestamp == TimestampFormat::standard ? standard : shape.timestamp);
      if (!at) return std::unexpected("is not a timestamp: " + at.error());
      *static_cast<Instant*>(value) = *at;
      return {};
    }
    case Kind::document:
    case Kind::structure:
    case Kind::union_:
    case Kind::list:
    case Kind::map:
    case Kind::json_text:
    case Kind::stream:
      break;
  }
  check_failed("a value without a text form", std::source_location::current());
}

}  // namespace outcrop::wire
