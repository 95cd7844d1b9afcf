// Values as text for messages.
#include "wire/value_text.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/time.h"
#include "json/json.h"

namespace outcrop::wire {
namespace {

void append_value(const Shape& shape, const void* value, std::string& out);

void append_held(const Shape& shape, const void* holder, std::string& out) {
  if (shape.sparse) holder = shape.presence->get(holder);
  if (holder)
    append_value(*shape.element, holder, out);
  else
    out += "null";
}

void append_structure_text(const Shape& shape, const void* structure, std::string& out) {
  out.append(shape.name).append("(");
  const char* separator = "";
  for (const Member& member : shape.members) {
    out.append(separator).append(lower_camel(member.name)).append("=");
    separator = ", ";
    const void* value = member.get(structure);
    if (value)
      append_value(*member.shape, value, out);
    else
      out += "null";
  }
  out += ')';
}

void append_value(const Shape& shape, const void* value, std::string& out) {
  if (shape.sensitive) {
    out += "***Sensitive Data Redacted***";
    return;
  }
  switch (shape.kind) {
    case Kind::boolean:
      out += value_as<bool>(value) ? "true" : "false";
      return;
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      out += std::to_string(value_as<int32_t>(value));
      return;
    case Kind::long_:
      out += std::to_string(value_as<int64_t>(value));
      return;
    case Kind::float_:
      out += fmt::format("{}", value_as<float>(value));
      return;
    case Kind::double_:
      out += fmt::format("{}", value_as<double>(value));
      return;
    case Kind::string:
      out += value_as<std::string>(value);
      return;
    case Kind::blob:
      out += base64(value_as<std::string>(value));
      return;
    case Kind::timestamp:
      out += iso8601(value_as<Instant>(value), true);
      return;
    case Kind::document:
      json::write(value_as<json::Value>(value), out);
      return;
    case Kind::structure:
    case Kind::union_:
      append_structure_text(shape, value, out);
      return;
    case Kind::list:
      out += '[';
      for (size_t i = 0, size = shape.list->size(value); i < size; ++i) {
        if (i > 0) out += ", ";
        append_held(shape, shape.list->at(value, i), out);
      }
      out += ']';
      return;
    case Kind::json_text:
    case Kind::stream:
      return;
    case Kind::map:
      out += '{';
      for (size_t i = 0, size = shape.map->size(value); i < size; ++i) {
        MapAccess::Entry entry = shape.map->at(value, i);
        if (i > 0) out += ", ";
        out.append(*entry.key).append("=");
        append_held(shape, entry.value, out);
      }
      out += '}';
      return;
  }
}

}  // namespace

std::string value_text(const Shape& shape, const void* value) {
  std::string out;
  append_value(shape, value, out);
  return out;
}

std::string lower_camel(std::string_view name) {
  std::string out(name);
  if (!out.empty()) out[0] = ascii_lower(out[0]);
  return out;
}

}  // namespace outcrop::wire
