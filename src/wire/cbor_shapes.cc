// Reading and writing structs as CBOR.
#include "wire/cbor_shapes.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "base/time.h"
#include "json/json.h"
#include "wire/cbor_reader.h"
#include "wire/cbor_writer.h"
#include "wire/struct_reading.h"

namespace outcrop::wire {
namespace {

constexpr uint64_t epoch_tag = 1;  // RFC 8949 section 3.4.2

// Whether a member stands in the CBOR of its structure: rpcv2Cbor knows no HTTP bindings.
bool belongs_in_cbor(const Member& member) {
  return member.location != Location::event_header && member.location != Location::event_payload && member.location != Location::stream;
}

class CborReading : StructReading<CborReading> {
 public:
  CborReading(std::string_view bytes, Missing& missing) : StructReading(missing), reader_(bytes) {}

  Result<void> read(const Shape& shape, void* structure) {
    reader_.next();
    if (expect(CborToken::begin_map, Path()) && read_structure(shape, structure, Path(), 0) && reader_.next() == CborToken::end) return {};
    return fail("SerializationException", 400, problem_.empty() ? "The body is not well-formed CBOR" : std::move(problem_));
  }

 private:
  friend StructReading;

  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool wrong_type(const Path& path) {
    if (reader_.token() == CborToken::error) return false;
    return refuse(fmt::format("The value at '{}' has a wrong type", path.text()));
  }
  bool expect(CborToken token, const Path& path) { return reader_.token() == token || wrong_type(path); }

  static bool belongs(const Member& member) { return belongs_in_cbor(member); }
  static std::string_view name_of(const Member& member) { return member.name; }

  Next next_key(const Path& path) {
    if (reader_.next() == CborToken::end_map) return Next::end;
    return expect(CborToken::text, path) ? Next::value : Next::broken;
  }
  std::string_view key() const { return reader_.string_value(); }
  bool next_is_null() { return reader_.next() == CborToken::null; }
  bool skip_value() { return reader_.next() != CborToken::error && reader_.skip(); }
  Next next_element() {
    const CborToken token = reader_.next();
    if (token == CborToken::error) return Next::broken;
    return token == CborToken::end_array ? Next::end : token == CborToken::null ? Next::null : Next::value;
  }

  // The value whose first token was read last.
  bool read_value(const Shape& shape, void* value, const Path& path, int depth) {
    switch (shape.kind) {
      case Kind::boolean:
        if (!expect(CborToken::boolean, path)) return false;
        *static_cast<bool*>(value) = reader_.boolean_value();
        return true;
      case Kind::byte:
        return read_integer<int8_t, int32_t>(value, path);
      case Kind::short_:
        return read_integer<int16_t, int32_t>(value, path);
      case Kind::integer:
        return read_integer<int32_t>(value, path);
      case Kind::long_:
        return read_integer<int64_t>(value, path);
      case Kind::float_:
        return read_real<float>(value, path);
      case Kind::double_:
        return read_real<double>(value, path);
      case Kind::string:
        return read_string(CborToken::text, value, path);
      case Kind::blob:
        return read_string(CborToken::bytes, value, path);
      case Kind::timestamp:
        return read_timestamp(value, path);
      case Kind::structure:
      case Kind::union_:
        return expect(CborToken::begin_map, path) && read_structure(shape, value, path, depth + 1);
      case Kind::list:
        return expect(CborToken::begin_array, path) && read_list(shape, value, path, depth);
      case Kind::map:
        return expect(CborToken::begin_map, path) && read_map(shape, value, path, depth);
      case Kind::document:
        return refuse(fmt::format("The document at '{}' has no form in CBOR", path.text()));
      case Kind::json_text:
      case Kind::stream:
        break;
    }
    return wrong_type(path);
  }

  bool read_string(CborToken token, void* value, const Path& path) {
    if (!expect(token, path)) return false;
    *static_cast<std::string*>(value) = reader_.string_value();
    return true;
  }

  // The whole number read last; none when it has a fraction or more than 63 bits and a sign.
  std::optional<int64_t> whole_number() const {
    const uint64_t number = reader_.unsigned_value();
    constexpr auto most = static_cast<uint64_t>(INT64_MAX);
    switch (reader_.token()) {
      case CborToken::unsigned_:
        if (number > most) return std::nullopt;
        return static_cast<int64_t>(number);
      case CborToken::negative:
        if (number > most) return std::nullopt;
        return -1 - static_cast<int64_t>(number);
      case CborToken::real: {
        const double real = reader_.real_value();
        if (!(std::abs(real) < 0x1p63) || real != std::trunc(real)) return std::nullopt;
        return static_cast<int64_t>(real);
      }
      default:
        return std::nullopt;
    }
  }

  template <class Stored, class Held = Stored>
  bool read_integer(void* value, const Path& path) {
    std::optional<int64_t> number = whole_number();
    if (!number) return wrong_type(path);
    if (*number < std::numeric_limits<Stored>::min() || *number > std::numeric_limits<Stored>::max())
      return refuse(fmt::format("The number at '{}' is out of range", path.text()));
    *static_cast<Held*>(value) = static_cast<Held>(*number);
    return true;
  }

  std::optional<double> number() const {
    switch (reader_.token()) {
      case CborToken::real:
        return reader_.real_value();
      case CborToken::unsigned_:
        return static_cast<double>(reader_.unsigned_value());
      case CborToken::negative:
        return -1.0 - static_cast<double>(reader_.unsigned_value());
      default:
        return std::nullopt;
    }
  }

  template <class Real>
  bool read_real(void* value, const Path& path) {
    std::optional<double> real = number();
    if (!real) return wrong_type(path);
    *static_cast<Real*>(value) = static_cast<Real>(*real);
    return true;
  }

  bool read_timestamp(void* value, const Path& path) {
    if (!expect(CborToken::tag, path)) return false;
    if (reader_.unsigned_value() != epoch_tag) return wrong_type(path);
    reader_.next();
    std::optional<double> seconds = number();
    if (!seconds) return wrong_type(path);
    // To the end of the year 9999, which is as far as the other formats go.
    constexpr double seconds_max = 253'402'300'799;
    if (!(std::abs(*seconds) <= seconds_max)) return refuse(fmt::format("The timestamp at '{}' is out of range", path.text()));
    *static_cast<Instant*>(value) = instant_from_ms(std::llround(*seconds * 1000));
    return true;
  }

  CborReader reader_;
  std::string problem_;
};

// --- writing

class CborWriting {
 public:
  explicit CborWriting(CborWriter out) : out_(out) {}

  void write_structure(const Shape& shape, const void* structure) {
    out_.begin_open_map();
    write_members(shape, structure);
    out_.end_open();
  }

  void write_members(const Shape& shape, const void* structure) {
    for (const Member& member : shape.members) {
      if (!belongs_in_cbor(member)) continue;
      const void* value = member.get(structure);
      if (!value) continue;
      out_.text(member.name);
      write_value(*member.shape, value);
    }
  }

 private:
  void write_value(const Shape& shape, const void* value) {
    switch (shape.kind) {
      case Kind::boolean:
        return out_.boolean(value_as<bool>(value));
      case Kind::byte:
      case Kind::short_:
      case Kind::integer:
        return out_.integer(value_as<int32_t>(value));
      case Kind::long_:
        return out_.integer(value_as<int64_t>(value));
      case Kind::float_:
        return out_.single_real(value_as<float>(value));
      case Kind::double_:
        return out_.double_real(value_as<double>(value));
      case Kind::string:
        return out_.text(value_as<std::string>(value));
      case Kind::blob:
        return out_.bytes(value_as<std::string>(value));
      case Kind::timestamp:
        out_.tag(epoch_tag);
        return out_.double_real(static_cast<double>(ms_since_epoch(value_as<Instant>(value))) / 1000);
      case Kind::document:
        return write_document(value_as<json::Value>(value));
      case Kind::structure:
      case Kind::union_:
        return write_structure(shape, value);
      case Kind::list:
        out_.begin_array(shape.list->size(value));
        for (size_t i = 0, size = shape.list->size(value); i < size; ++i) write_holder(shape, shape.list->at(value, i));
        return;
      case Kind::map:
        out_.begin_map(shape.map->size(value));
        for (size_t i = 0, size = shape.map->size(value); i < size; ++i) {
          MapAccess::Entry entry = shape.map->at(value, i);
          out_.text(*entry.key);
          write_holder(shape, entry.value);
        }
        return;
      case Kind::json_text:
      case Kind::stream:
        break;
    }
  }

  void write_holder(const Shape& shape, const void* holder) {
    if (shape.sparse) holder = shape.presence->get(holder);
    if (holder)
      write_value(*shape.element, holder);
    else
      out_.null();
  }

  void write_document(const json::Value& document) {
    switch (document.kind()) {
      case json::Kind::null:
        return out_.null();
      case json::Kind::boolean:
        return out_.boolean(document.as_bool());
      case json::Kind::number:
        if (auto whole = document.as_int64()) return out_.integer(*whole);
        return out_.double_real(document.as_double().value_or(0));
      case json::Kind::string:
        return out_.text(document.as_string());
      case json::Kind::array:
        out_.begin_array(document.as_array().size());
        for (const json::Value& element : document.as_array()) write_document(element);
        return;
      case json::Kind::object:
        out_.begin_open_map();
        for (const json::Member& member : document.as_object()) {
          out_.text(member.name());
          write_document(member.value);
        }
        return out_.end_open();
    }
  }

  CborWriter out_;
};

}  // namespace

Result<void> read_cbor(const Shape& shape, std::string_view bytes, void* structure, Missing& missing) {
  constexpr std::string_view nothing = "\xa0";
  return CborReading(bytes.empty() ? nothing : bytes, missing).read(shape, structure);
}

void write_cbor(const Shape& shape, const void* structure, std::string& out) {
  CborWriting(CborWriter(out)).write_structure(shape, structure);
}

void write_cbor_members(const Shape& shape, const void* structure, CborWriter& out) { CborWriting(out).write_members(shape, structure); }

}  // namespace outcrop::wire
