// The codec of records: see record.h for the format.
#include "wire/record.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "base/time.h"
#include "json/json.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

constexpr char record_format = 1;
enum class Coding : uint8_t { varint, fixed, bytes };

Coding coding_of(const Shape& shape) {
  switch (shape.kind) {
    case Kind::boolean:
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
    case Kind::long_:
    case Kind::timestamp:
      return Coding::varint;
    case Kind::float_:
    case Kind::double_:
      return Coding::fixed;
    default:
      return Coding::bytes;
  }
}

uint64_t zigzag(int64_t value) { return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63); }
int64_t unzigzag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

// --- writing

void append_varint(std::string& out, uint64_t value) {
  char buffer[10];
  size_t size = 0;
  while (value >= 0x80) {
    buffer[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  buffer[size++] = static_cast<char>(value);
  out.append(buffer, size);
}

int64_t integer_value(const Shape& shape, const void* value) {
  switch (shape.kind) {
    case Kind::boolean:
      return value_as<bool>(value);
    case Kind::long_:
      return value_as<int64_t>(value);
    case Kind::timestamp:
      return ms_since_epoch(value_as<Instant>(value));
    default:
      return value_as<int32_t>(value);
  }
}

void append_sized(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out.append(bytes);
}

void append_structure(const Shape& shape, const void* structure, std::string& out);
void append_entry(const Shape& shape, const void* value, std::string& out);

// An element or a map's value; null only where the shape is sparse.
void append_holder(const Shape& shape, const void* holder, std::string& out) {
  if (shape.sparse) {
    holder = shape.presence->get(holder);
    out.push_back(holder ? 1 : 0);
  }
  if (holder) append_entry(*shape.element, holder, out);
}

void append_contents(const Shape& shape, const void* value, std::string& out) {
  switch (shape.kind) {
    case Kind::document:
      json::write(value_as<json::Value>(value), out);
      break;
    case Kind::structure:
    case Kind::union_:
      append_structure(shape, value, out);
      break;
    case Kind::list: {
      size_t size = shape.list->size(value);
      append_varint(out, size);
      for (size_t i = 0; i < size; ++i) append_holder(shape, shape.list->at(value, i), out);
      break;
    }
    default: {
      size_t size = shape.map->size(value);
      append_varint(out, size);
      for (size_t i = 0; i < size; ++i) {
        MapAccess::Entry entry = shape.map->at(value, i);
        append_sized(out, *entry.key);
        append_holder(shape, entry.value, out);
      }
    }
  }
}

void append_entry(const Shape& shape, const void* value, std::string& out) {
  switch (coding_of(shape)) {
    case Coding::varint:
      return append_varint(out, zigzag(integer_value(shape, value)));
    case Coding::fixed: {
      double number = shape.kind == Kind::float_ ? value_as<float>(value) : value_as<double>(value);
      static_assert(std::endian::native == std::endian::little);
      char buffer[8];
      std::memcpy(buffer, &number, 8);
      out.append(buffer, 8);
      return;
    }
    case Coding::bytes:
      break;
  }
  if (shape.kind == Kind::string || shape.kind == Kind::blob) return append_sized(out, value_as<std::string>(value));
  // The length is known afterwards: one byte is kept for it, which is enough for most.
  size_t start = out.size();
  out.push_back(0);
  append_contents(shape, value, out);
  size_t length = out.size() - start - 1;
  if (length < 0x80) {
    out[start] = static_cast<char>(length);
    return;
  }
  std::string prefix;
  append_varint(prefix, length);
  out.replace(start, 1, prefix);
}

// About what a structure takes, so that a record is mostly written into memory that was allocated once.
size_t expected_size(const Shape& shape, const void* structure) {
  size_t size = 16;
  for (const Member& member : shape.members) {
    const void* value = member.get(structure);
    if (!value) continue;
    bool is_text = member.shape->kind == Kind::string || member.shape->kind == Kind::blob;
    size += is_text ? value_as<std::string>(value).size() + 4 : 16;
  }
  return size;
}

void append_structure(const Shape& shape, const void* structure, std::string& out) {
  for (const Member& member : shape.members) {
    const void* value = member.get(structure);
    if (!value) continue;
    append_varint(out, static_cast<uint64_t>(member.id) << 2 | static_cast<uint64_t>(coding_of(*member.shape)));
    append_entry(*member.shape, value, out);
  }
  if (shape.unknown_offset != Shape::keeps_none) {
    out += value_as<std::string>(static_cast<const char*>(structure) + shape.unknown_offset);
  }
}

// --- reading

class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool structure(const Shape& shape, void* structure, int depth) {
    if (depth > limits::record_depth_max) return false;
    size_t expected = 0;  // members mostly come in the order of the table
    while (at_ != end_) {
      const char* start = at_;
      uint64_t tag;
      if (!varint(tag)) return false;
      const Member* member = find(shape, tag >> 2, expected);
      auto coding = static_cast<Coding>(tag & 3);
      if (!member) {
        if (!skip(coding)) return false;
        keep_unknown(shape, structure, {start, at_});
      } else if (coding != coding_of(*member->shape) || !entry(*member->shape, member->emplace(structure), depth)) {
        return false;
      }
    }
    return true;
  }

 private:
  static const Member* find(const Shape& shape, uint64_t id, size_t& expected) {
    size_t count = shape.members.size();
    for (size_t i = 0; i < count; ++i) {
      size_t position = expected + i < count ? expected + i : expected + i - count;
      if (shape.members[position].id == id) {
        expected = position + 1 == count ? 0 : position + 1;
        return &shape.members[position];
      }
    }
    return nullptr;
  }

  static void keep_unknown(const Shape& shape, void* structure, std::string_view bytes) {
    if (shape.unknown_offset == Shape::keeps_none) return;
    reinterpret_cast<std::string*>(static_cast<char*>(structure) + shape.unknown_offset)->append(bytes);
  }

  bool varint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
      auto byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 63 || byte <= 1;
    }
    return false;
  }

  bool sized(std::string_view& bytes) {
    uint64_t length;
    if (!varint(length) || length > static_cast<uint64_t>(end_ - at_)) return false;
    bytes = {at_, static_cast<size_t>(length)};
    at_ += length;
    return true;
  }

  bool fixed(double& number) {
    if (end_ - at_ < 8) return false;
    std::memcpy(&number, at_, 8);
    at_ += 8;
    return true;
  }

  bool skip(Coding coding) {
    uint64_t ignored_integer;
    double ignored_number;
    std::string_view ignored_bytes;
    switch (coding) {
      case Coding::varint:
        return varint(ignored_integer);
      case Coding::fixed:
        return fixed(ignored_number);
      case Coding::bytes:
        return sized(ignored_bytes);
    }
    return false;
  }

  bool entry(const Shape& shape, void* value, int depth) {
    switch (coding_of(shape)) {
      case Coding::varint: {
        uint64_t raw;
        return varint(raw) && set_integer(shape, unzigzag(raw), value);
      }
      case Coding::fixed: {
        double number;
        if (!fixed(number)) return false;
        if (shape.kind == Kind::float_)
          *static_cast<float*>(value) = static_cast<float>(number);
        else
          *static_cast<double*>(value) = number;
        return true;
      }
      case Coding::bytes:
        break;
    }
    std::string_view bytes;
    if (!sized(bytes)) return false;
    if (shape.kind == Kind::string || shape.kind == Kind::blob) {
      static_cast<std::string*>(value)->assign(bytes);
      return true;
    }
    return RecordReader(bytes).contents(shape, value, bytes, depth + 1);
  }

  static bool set_integer(const Shape& shape, int64_t number, void* value) {
    switch (shape.kind) {
      case Kind::boolean:
        *static_cast<bool*>(value) = number != 0;
        return number == 0 || number == 1;
      case Kind::long_:
        *static_cast<int64_t*>(value) = number;
        return true;
      case Kind::timestamp:
        *static_cast<Instant*>(value) = instant_from_ms(number);
        return true;
      default:
        *static_cast<int32_t*>(value) = static_cast<int32_t>(number);
        return number == static_cast<int32_t>(number);
    }
  }

  bool contents(const Shape& shape, void* value, std::string_view text, int depth) {
    if (shape.is_structure()) return structure(shape, value, depth);
    if (depth > limits::record_depth_max) return false;
    if (shape.kind == Kind::document) {
      auto document = json::parse(text);
      if (document) *static_cast<json::Value*>(value) = std::move(*document);
      return document.has_value();
    }
    uint64_t count;
    // An entry takes at least one byte, except structures without members, which take their length.
    if (!varint(count) || count > static_cast<uint64_t>(end_ - at_)) return false;
    for (; count > 0; --count) {
      void* holder;
      if (shape.kind == Kind::list) {
        holder = shape.list->append(value);
      } else {
        std::string_view key;
        if (!sized(key)) return false;
        holder = shape.map->insert(value, key);
      }
      if (shape.sparse) {
        if (at_ == end_) return false;
        if (*at_++ == 0) continue;
        holder = shape.presence->emplace(holder);
      }
      if (!entry(*shape.element, holder, depth)) return false;
    }
    return at_ == end_;
  }

  const char* at_;
  const char* end_;
};

}  // namespace

void append_record(const Shape& shape, const void* record, std::string& out) {
  out.reserve(out.size() + expected_size(shape, record));
  out.push_back(record_format);
  append_structure(shape, record, out);
}

Result<void> read_record(const Shape& shape, std::string_view bytes, void* record) {
  if (bytes.empty()) return fail("InternalFailure", 500, fmt::format("An empty value was found where a {} belongs", shape.name));
  if (bytes[0] != record_format) {
    return fail("InternalFailure", 500, fmt::format("A {} of record format {} was written by a newer release", shape.name, int{bytes[0]}));
  }
  if (!RecordReader(bytes.substr(1)).structure(shape, record, 0)) {
    return fail("InternalFailure", 500, fmt::format("A stored {} of {} bytes is corrupt", shape.name, bytes.size()));
  }
  return {};
}

}  // namespace outcrop::wire
