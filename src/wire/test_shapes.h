// Shape tables made at run time, for tests and fuzzing only: structures of botocore-like JSON become tables over one C++ type
// that can hold a value of any kind, so that published protocol vectors run through the real codecs.
#pragma once
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <memory>

#include "base/check.h"
#include "json/json.h"
#include "wire/date_text.h"
#include "wire/shape.h"

namespace outcrop::wire::testing {

struct TestStructure;

// A value of any kind; the codecs are given the address of the field that matches the shape.
struct TestValue {
  bool present = false;
  bool boolean = false;
  int32_t integer = 0;
  int64_t long_ = 0;
  float float_ = 0;
  double double_ = 0;
  std::string text;
  Instant instant;
  json::Value document;
  std::vector<TestValue> list;
  Map<TestValue> map;
  std::shared_ptr<TestStructure> structure;

  template <Kind kind>
  void* field();
};

// A structure is an array of values, one for each member.
struct TestStructure {
  static constexpr size_t members_max = 40;
  std::array<TestValue, members_max> members;
};

template <Kind kind>
void* TestValue::field() {
  switch (kind) {
    case Kind::boolean:
      return &boolean;
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      return &integer;
    case Kind::long_:
      return &long_;
    case Kind::float_:
      return &float_;
    case Kind::double_:
      return &double_;
    case Kind::string:
    case Kind::blob:
      return &text;
    case Kind::timestamp:
      return &instant;
    case Kind::document:
      return &document;
    case Kind::list:
      return &list;
    case Kind::map:
      return &map;
    case Kind::structure:
    case Kind::union_:
      if (!structure) structure = std::make_shared<TestStructure>();
      return structure.get();
  }
}

// The functions of shape.h for values of one kind.
struct TestAccess {
  Presence presence;
  ListAccess list;
  MapAccess map;
};

template <Kind kind>
inline constexpr TestAccess access_of = {
    .presence = {
        [](const void* holder) -> const void* {
          auto& value = *static_cast<TestValue*>(const_cast<void*>(holder));
          return value.present ? value.field<kind>() : nullptr;
        },
        [](void* holder) -> void* {
          auto& value = *static_cast<TestValue*>(holder);
          value = {.present = true};
          return value.field<kind>();
        },
    },
    .list = {
        [](const void* list) { return static_cast<const std::vector<TestValue>*>(list)->size(); },
        [](const void* list, size_t position) -> const void* {
          return (*static_cast<std::vector<TestValue>*>(const_cast<void*>(list)))[position].field<kind>();
        },
        [](void* list) -> void* { return static_cast<std::vector<TestValue>*>(list)->emplace_back().field<kind>(); },
    },
    .map = {
        [](const void* map) { return static_cast<const Map<TestValue>*>(map)->size(); },
        [](const void* map, size_t position) {
          auto& entry = static_cast<const Map<TestValue>*>(map)->at(position);
          return MapAccess::Entry{&entry.key, const_cast<TestValue&>(entry.value).field<kind>()};
        },
        [](void* map, std::string_view key) -> void* { return ((*static_cast<Map<TestValue>*>(map))[key] = TestValue()).field<kind>(); },
    },
};

inline const TestAccess& access_for(Kind kind) {
  static constexpr std::array table = {&access_of<Kind::boolean>,   &access_of<Kind::byte>,     &access_of<Kind::short_>,
                                       &access_of<Kind::integer>,   &access_of<Kind::long_>,    &access_of<Kind::float_>,
                                       &access_of<Kind::double_>,   &access_of<Kind::string>,   &access_of<Kind::blob>,
                                       &access_of<Kind::timestamp>, &access_of<Kind::document>, &access_of<Kind::structure>,
                                       &access_of<Kind::union_>,    &access_of<Kind::list>,     &access_of<Kind::map>};
  return *table[size_t(kind)];
}

// Makes tables of the "shapes" object of a botocore model. All members are optional.
class TestShapes {
 public:
  explicit TestShapes(json::Value shapes) : shapes_(std::move(shapes)) {}

  const Shape& shape(std::string_view name) { return shape(name, ""); }

 private:
  using Reference = const json::Value&;

  static std::string_view text(Reference of, std::string_view member, std::string_view otherwise = "") {
    const json::Value* value = of.find(member);
    return value && value->is_string() ? value->as_string() : otherwise;
  }
  static bool truth(Reference of, std::string_view member) {
    const json::Value* value = of.find(member);
    return value && value->is_bool() && value->as_bool();
  }
  static TimestampFormat timestamp_format(std::string_view name) {
    if (name == "iso8601") return TimestampFormat::date_time;
    if (name == "unixTimestamp") return TimestampFormat::epoch_seconds;
    if (name == "rfc822") return TimestampFormat::http_date;
    return TimestampFormat::standard;
  }
  static Kind kind_of(std::string_view type) {
    constexpr std::pair<std::string_view, Kind> kinds[] = {
        {"boolean", Kind::boolean},  {"byte", Kind::byte},    {"short", Kind::short_},        {"integer", Kind::integer},
        {"long", Kind::long_},       {"float", Kind::float_}, {"double", Kind::double_},      {"string", Kind::string},
        {"character", Kind::string}, {"blob", Kind::blob},    {"timestamp", Kind::timestamp}, {"structure", Kind::structure},
        {"list", Kind::list},        {"map", Kind::map}};
    for (auto [name, kind] : kinds)
      if (name == type) return kind;
    check_failed("a shape of an unknown type", std::source_location::current());
  }

  const Shape& referred(Reference reference) { return shape(text(reference, "shape"), text(reference, "timestampFormat")); }

  const Shape& shape(std::string_view name, std::string_view timestamp) {
    std::string key = std::string(name) + "/" + std::string(timestamp);
    if (auto known = made_.find(key); known != made_.end()) return *known->second;
    Reference model = *shapes_.find(name);
    Shape& made = tables_.emplace_back(Shape{.kind = kind_of(text(model, "type")), .name = name});
    made_[key] = &made;
    if (truth(model, "union")) made.kind = Kind::union_;
    if (truth(model, "document")) made.kind = Kind::document;
    if (timestamp.empty()) timestamp = text(model, "timestampFormat");
    made.timestamp = timestamp_format(timestamp);
    if (made.kind == Kind::list) {
      Reference member = *model.find("member");
      made.element = &referred(member);
      made.element_name = text(member, "locationName", "member");
      made.list = &access_for(made.element->kind).list;
    } else if (made.kind == Kind::map) {
      made.key = &shapes::string;
      made.key_name = text(*model.find("key"), "locationName", "key");
      made.element = &referred(*model.find("value"));
      made.element_name = text(*model.find("value"), "locationName", "value");
      made.map = &access_for(made.element->kind).map;
    } else if (made.is_structure()) {
      made.members = members(model);
    }
    return made;
  }

  std::span<const Member> members(Reference model) {
    std::vector<Member>& made = members_.emplace_back();
    uint32_t offset = offsetof(TestStructure, members);
    check(model.find("members")->as_object().size() <= TestStructure::members_max, "a test structure has too many members");
    for (const json::Member& entry : model.find("members")->as_object()) {
      Reference reference = entry.value;
      Reference target = *shapes_.find(text(reference, "shape"));
      const Shape& shape = referred(reference);
      bool flattened = truth(reference, "flattened") || truth(target, "flattened");
      made.push_back(
          {.name = entry.name(),
           .wire_name = text(reference, "locationName", entry.name()),
           .shape = &shape,
           .presence = &access_for(shape.kind).presence,
           .offset = offset,
           .flags = uint8_t((flattened ? Member::flattened : 0) | (truth(reference, "xmlAttribute") ? Member::xml_attribute : 0))});
      offset += uint32_t(sizeof(TestValue));
    }
    return made;
  }

  json::Value shapes_;
  std::deque<Shape> tables_;
  std::deque<std::vector<Member>> members_;
  std::map<std::string, const Shape*> made_;
};

// A value of any shape as the vectors write it: timestamps are epoch seconds, blobs text, what is not finite "NaN" and so on.
inline json::Value shown(const Shape& shape, const void* value) {
  auto real = [](double number) -> json::Value {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    return number;
  };
  switch (shape.kind) {
    case Kind::boolean:
      return *static_cast<const bool*>(value);
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      return *static_cast<const int32_t*>(value);
    case Kind::long_:
      return *static_cast<const int64_t*>(value);
    case Kind::float_:
      return real(*static_cast<const float*>(value));
    case Kind::double_:
      return real(*static_cast<const double*>(value));
    case Kind::string:
    case Kind::blob:
      return *static_cast<const std::string*>(value);
    case Kind::timestamp:
      return json::Value::number(format_timestamp(*static_cast<const Instant*>(value), TimestampFormat::epoch_seconds));
    case Kind::document:
      return *static_cast<const json::Value*>(value);
    case Kind::list: {
      json::Array array;
      for (size_t i = 0; i < shape.list->size(value); ++i) array.push_back(shown(*shape.element, shape.list->at(value, i)));
      return array;
    }
    case Kind::map: {
      json::Object object;
      for (size_t i = 0; i < shape.map->size(value); ++i) {
        MapAccess::Entry entry = shape.map->at(value, i);
        object.set(*entry.key, shown(*shape.element, entry.value));
      }
      return object;
    }
    case Kind::structure:
    case Kind::union_: {
      json::Object object;
      for (const Member& member : shape.members)
        if (const void* held = member.get(value)) object.set(member.name, shown(*member.shape, held));
      return object;
    }
  }
}

// The other way.
inline void fill(const Shape& shape, const json::Value& from, void* value) {
  auto real = [&]() -> double {
    if (from.is_number()) return *from.as_double();
    return from == json::Value("NaN") ? NAN : from == json::Value("Infinity") ? INFINITY : -INFINITY;
  };
  switch (shape.kind) {
    case Kind::boolean:
      *static_cast<bool*>(value) = from.as_bool();
      break;
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      *static_cast<int32_t*>(value) = int32_t(*from.as_int64());
      break;
    case Kind::long_:
      *static_cast<int64_t*>(value) = *from.as_int64();
      break;
    case Kind::float_:
      *static_cast<float*>(value) = float(real());
      break;
    case Kind::double_:
      *static_cast<double*>(value) = real();
      break;
    case Kind::string:
    case Kind::blob:
      *static_cast<std::string*>(value) = from.as_string();
      break;
    case Kind::timestamp:
      *static_cast<Instant*>(value) = *parse_epoch_seconds(from.number_text());
      break;
    case Kind::document:
      *static_cast<json::Value*>(value) = from;
      break;
    case Kind::list:
      for (const json::Value& element : from.as_array()) fill(*shape.element, element, shape.list->append(value));
      break;
    case Kind::map:
      for (const json::Member& entry : from.as_object()) fill(*shape.element, entry.value, shape.map->insert(value, entry.name()));
      break;
    case Kind::structure:
    case Kind::union_:
      for (const Member& member : shape.members)
        if (const json::Value* held = from.find(member.name)) fill(*member.shape, *held, member.emplace(value));
      break;
  }
}

}  // namespace outcrop::wire::testing
