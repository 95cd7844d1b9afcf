// JSON text into structs.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/encoding.h"
#include "base/time.h"
#include "json/reader.h"
#include "wire/date_text.h"
#include "wire/json_codec.h"
#include "wire/struct_reading.h"

namespace outcrop::wire {
namespace {

using json::Token;

// How AWS's services call the tokens and types of a value that does not fit.
std::string_view token_name(Token token, std::string_view text) {
  switch (token) {
    case Token::string:
      return "STRING_VALUE";
    case Token::true_value:
      return "TRUE_VALUE";
    case Token::false_value:
      return "FALSE_VALUE";
    default:
      return text.find_first_of(".eE") == std::string_view::npos ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  }
}

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "a Boolean";
    case Kind::byte:
      return "a Byte";
    case Kind::short_:
      return "a Short";
    case Kind::integer:
      return "an Integer";
    case Kind::long_:
      return "a Long";
    case Kind::float_:
      return "a Float";
    case Kind::double_:
      return "a Double";
    case Kind::timestamp:
      return "milliseconds since epoch";
    default:
      return "a String";
  }
}

// The integer nearest to zero of a JSON number, held within what the kind can hold: AWS's services cut fractions off
// and leave what is out of range to the validator.
int64_t integer_of(std::string_view text, int64_t least, int64_t most) {
  int64_t exact = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (problem == std::errc() && end == text.data() + text.size()) return std::clamp(exact, least, most);
  double nearest = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), nearest);
  if (read.ec == std::errc::result_out_of_range) {
    // Too small to matter, or larger than any double.
    bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    return tiny ? 0 : text.starts_with('-') ? least : most;
  }
  if (nearest <= static_cast<double>(least)) return least;
  if (nearest >= static_cast<double>(most)) return most;
  return static_cast<int64_t>(nearest);
}

class JsonReading : StructReading<JsonReading> {
 public:
  JsonReading(std::string_view text, JsonNames names, Missing& missing) : StructReading(missing), reader_(text), names_(names) {}

  Result<void> read(const Shape& shape, void* structure, uint64_t seen) {
    bool good = false;
    if (Token token = reader_.next(); token == Token::begin_object) {
      good = read_structure(shape, structure, Path(), 0, seen) && end_of_text();
    } else if (token == Token::begin_array) {
      good = refuse("Start of list found where not expected");
    }
    return outcome(good);
  }

  Result<void> read_any(const Shape& shape, void* value, const Path& path) {
    reader_.next();
    return outcome(read_value(shape, value, path, 0) && end_of_text());
  }

 private:
  friend StructReading;

  Result<void> outcome(bool good) {
    if (good) return {};
    return fail("SerializationException", 400, std::move(problem_));
  }

  // Both are the answer of whoever finds the text wrong: without a message when it is no JSON.
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool broken() { return false; }

  bool end_of_text() { return reader_.next() == Token::end || broken(); }

  bool belongs(const Member& member) const { return belongs_in_json(member, names_); }
  std::string_view name_of(const Member& member) const { return names_ == JsonNames::model ? member.name : member.wire_name; }

  Next next_key(const Path&) {
    const Token token = reader_.next();
    return token == Token::end_object ? Next::end : token == Token::name ? Next::value : Next::broken;
  }
  std::string_view key() const { return reader_.text(); }
  bool next_is_null() { return reader_.next() == Token::null; }
  bool skip_value() { return reader_.skip(); }
  Next next_element() {
    const Token token = reader_.next();
    if (token == Token::error) return Next::broken;
    return token == Token::end_array ? Next::end : token == Token::null ? Next::null : Next::value;
  }

  // The value whose first token was read last.
  bool read_value(const Shape& shape, void* value, const Path& path, int depth) {
    switch (shape.kind) {
      case Kind::document:
        return reader_.capture(*static_cast<json::Value*>(value)) || broken();
      case Kind::structure:
      case Kind::union_:
        return starts(Token::begin_object, "Expected null") && read_structure(shape, value, path, depth + 1);
      case Kind::list:
        return starts(Token::begin_array, "Expected list or null") && read_list(shape, value, path, depth);
      case Kind::map:
        return starts(Token::begin_object, "Expected map or null") && read_map(shape, value, path, depth);
      default:
        return read_scalar(shape, value);
    }
  }

  bool starts(Token wanted, std::string_view otherwise) {
    Token token = reader_.token();
    if (token == wanted) return true;
    if (token == Token::error) return broken();
    if (token == Token::begin_array) return refuse("Start of list found where not expected");
    if (token == Token::begin_object) return refuse("Start of structure or map found where not expected.");
    return refuse(std::string(otherwise));
  }

  bool read_scalar(const Shape& shape, void* value) {
    Token token = reader_.token();
    switch (token) {
      case Token::error:
        return broken();
      case Token::begin_array:
        return refuse("Start of list found where not expected");
      case Token::begin_object:
        return refuse("Start of structure or map found where not expected.");
      case Token::string:
        return read_string(shape, value);
      case Token::number:
        return read_number(shape, value);
      default:
        if (shape.kind != Kind::boolean) return refuse_token(shape);
        *static_cast<bool*>(value) = token == Token::true_value;
        return true;
    }
  }

  bool refuse_token(const Shape& shape) {
    if (shape.kind == Kind::blob) return refuse("only base-64-encoded strings are convertible to bytes");
    return refuse(fmt::format("{} can not be converted to {}", token_name(reader_.token(), reader_.text()), type_name(shape.kind)));
  }

  bool read_string(const Shape& shape, void* value) {
    switch (shape.kind) {
      case Kind::string:
        static_cast<std::string*>(value)->assign(reader_.text());
        return true;
      case Kind::blob:
        return read_blob(*static_cast<std::string*>(value));
      case Kind::float_:
      case Kind::double_: {
        std::string_view text = reader_.text();
        double number = std::numeric_limits<double>::quiet_NaN();
        if (text == "Infinity" || text == "-Infinity") {
          number = std::copysign(std::numeric_limits<double>::infinity(), text[0] == '-' ? -1 : 1);
        } else if (text != "NaN") {
          return refuse_token(shape);
        }
        set_real(shape, number, value);
        return true;
      }
      case Kind::timestamp: {
        if (shape.timestamp == TimestampFormat::standard || shape.timestamp == TimestampFormat::epoch_seconds) return refuse_token(shape);
        auto instant = parse_timestamp(reader_.text(), shape.timestamp);
        if (!instant) return refuse_token(shape);
        *static_cast<Instant*>(value) = *instant;
        return true;
      }
      default:
        return refuse_token(shape);
    }
  }

  bool read_blob(std::string& out) {
    std::string_view text = reader_.text();
    if (text.size() % 4 != 0)
      return refuse(fmt::format("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.size()));
    std::optional<std::string> bytes = unbase64(text);
    // The misspelling is AWS's.
    if (!bytes) return refuse("Invalid last non-pad Base64 character dectected");
    out = std::move(*bytes);
    return true;
  }

  static void set_real(const Shape& shape, double number, void* value) {
    if (shape.kind == Kind::float_)
      *static_cast<float*>(value) = static_cast<float>(number);
    else
      *static_cast<double*>(value) = number;
  }

  template <class Stored, class Held = Stored>
  bool set_integer(void* value) {
    *static_cast<Held*>(value) =
        static_cast<Held>(integer_of(reader_.text(), std::numeric_limits<Stored>::min(), std::numeric_limits<Stored>::max()));
    return true;
  }

  bool read_number(const Shape& shape, void* value) {
    switch (shape.kind) {
      case Kind::byte:
        return set_integer<int8_t, int32_t>(value);
      case Kind::short_:
        return set_integer<int16_t, int32_t>(value);
      case Kind::integer:
        return set_integer<int32_t>(value);
      case Kind::long_:
        return set_integer<int64_t>(value);
      case Kind::float_:
      case Kind::double_: {
        std::string_view text = reader_.text();
        double number = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
          bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
          number = tiny ? 0 : std::copysign(std::numeric_limits<double>::infinity(), text[0] == '-' ? -1 : 1);
        }
        set_real(shape, number, value);
        return true;
      }
      case Kind::timestamp: {
        if (shape.timestamp != TimestampFormat::standard && shape.timestamp != TimestampFormat::epoch_seconds) return refuse_token(shape);
        auto instant = parse_epoch_seconds(reader_.text());
        if (!instant) return refuse_token(shape);
        *static_cast<Instant*>(value) = *instant;
        return true;
      }
      default:
        return refuse_token(shape);
    }
  }

  json::Reader reader_;
  const JsonNames names_;
  std::string problem_;
};

}  // namespace

Result<void> read_json(const Shape& shape, std::string_view text, JsonNames names, void* structure, Missing& missing, uint64_t seen) {
  if (is_blank(text)) text = "{}";
  return JsonReading(text, names, missing).read(shape, structure, seen);
}

Result<void> read_json_value(const Shape& shape, std::string_view text, JsonNames names, void* value, Missing& missing, const Path& path) {
  return JsonReading(text, names, missing).read_any(shape, value, path);
}

Result<void> from_json(const Shape& shape, const json::Value& value, JsonNames names, void* structure, Missing& missing) {
  std::string text = json::write(value);
  return read_json(shape, text, names, structure, missing);
}

}  // namespace outcrop::wire
