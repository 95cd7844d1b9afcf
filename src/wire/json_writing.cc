// Structs into JSON text.
#include "base/encoding.h"
#include "base/time.h"
#include "wire/date_text.h"
#include "wire/json_codec.h"

namespace outcrop::wire {
namespace {

class JsonWriting {
 public:
  JsonWriting(JsonNames names, json::Writer& out) : out_(out), names_(names) {}

  void write_structure(const Shape& shape, const void* structure) {
    out_.begin_object();
    write_members(shape, structure);
    out_.end_object();
  }

  void write_members(const Shape& shape, const void* structure) {
    for (const Member& member : shape.members) {
      if (!belongs_in_json(member, names_)) continue;
      const void* value = member.get(structure);
      if (!value) continue;
      out_.name(names_ == JsonNames::model ? member.name : member.wire_name);
      write_value(*member.shape, value);
    }
  }

  void write_value(const Shape& shape, const void* value) {
    switch (shape.kind) {
      case Kind::boolean:
        return out_.boolean(value_as<bool>(value));
      case Kind::byte:
      case Kind::short_:
      case Kind::integer:
        return out_.number(value_as<int32_t>(value));
      case Kind::long_:
        return out_.number(value_as<int64_t>(value));
      case Kind::float_:
        return out_.number(value_as<float>(value));
      case Kind::double_:
        return out_.number(value_as<double>(value));
      case Kind::string:
        return out_.string(value_as<std::string>(value));
      case Kind::blob:
        return out_.string(base64(value_as<std::string>(value)));
      case Kind::timestamp:
        return write_timestamp(shape.timestamp, value_as<Instant>(value));
      case Kind::document:
        return out_.value(value_as<json::Value>(value));
      case Kind::json_text:
        return out_.raw(value_as<JsonText>(value).text);
      case Kind::structure:
      case Kind::union_:
        return write_structure(shape, value);
      case Kind::list:
        return write_list(shape, value);
      case Kind::map:
        return write_map(shape, value);
      case Kind::stream:
        break;
    }
  }

 private:
  void write_timestamp(TimestampFormat format, Instant at) {
    if (format == TimestampFormat::standard || format == TimestampFormat::epoch_seconds)
      out_.epoch_seconds(ms_since_epoch(at));
    else
      out_.string(format_timestamp(at, format));
  }

  void write_holder(const Shape& shape, const void* holder) {
    if (shape.sparse) holder = shape.presence->get(holder);
    if (holder)
      write_value(*shape.element, holder);
    else
      out_.null();
  }

  void write_list(const Shape& shape, const void* list) {
    out_.begin_array();
    for (size_t i = 0, size = shape.list->size(list); i < size; ++i) write_holder(shape, shape.list->at(list, i));
    out_.end_array();
  }

  void write_map(const Shape& shape, const void* map) {
    out_.begin_object();
    for (size_t i = 0, size = shape.map->size(map); i < size; ++i) {
      MapAccess::Entry entry = shape.map->at(map, i);
      out_.name(*entry.key);
      write_holder(shape, entry.value);
    }
    out_.end_object();
  }

  json::Writer& out_;
  const JsonNames names_;
};

}  // namespace

void write_json(const Shape& shape, const void* structure, JsonNames names, json::Writer& out) {
  JsonWriting(names, out).write_structure(shape, structure);
}

void write_json_members(const Shape& shape, const void* structure, JsonNames names, json::Writer& out) {
  JsonWriting(names, out).write_members(shape, structure);
}

void write_json_value(const Shape& shape, const void* value, JsonNames names, json::Writer& out) {
  JsonWriting(names, out).write_value(shape, value);
}

Result<json::Value> to_json(const Shape& shape, const void* structure, JsonNames names) {
  std::string text;
  json::Writer writer(text);
  write_json(shape, structure, names, writer);
  auto value = json::parse(text);
  if (!value) return fail("InternalFailure", 500, "The answer is nested too deeply");
  return std::move(*value);
}

}  // namespace outcrop::wire
