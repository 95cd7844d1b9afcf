// Tables from models and from the protocol vectors, which say the same in other words.
#include <fmt/format.h>

#include <array>
#include <map>

#include "base/check.h"
#include "wire/testing/dynamic_access.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace outcrop::wire::testing {

// The words of the two formats, in one order.
struct ShapeWords {
  std::string_view type, members, required, element, key, value, target, location, wire_name, flattened, timestamp, payload,
      idempotency_token, json_value, xml_attribute, xml_namespace, union_, document, sensitive;
};

constexpr ShapeWords model_words = {"t",  "mem", "req",     "el",        "k",    "v",  "s",     "loc", "name", "flat",
                                    "ts", "pay", "idemTok", "jsonvalue", "attr", "ns", "union", "doc", "sens"};
constexpr ShapeWords botocore_words = {
    "type",      "members",         "required", "member",           "key",       "value",        "shape",        "location", "locationName",
    "flattened", "timestampFormat", "payload",  "idempotencyToken", "jsonvalue", "xmlAttribute", "xmlNamespace", "union",    "document",
    "sensitive"};

class ShapeBuilder {
 public:
  ShapeBuilder(const json::Value& model, const ShapeWords& words) : model_(model), words_(words) {
    for (const json::Member& shape : model_.as_object()) set_.shapes_[std::string(shape.name())] = {.kind = kind_of(shape.value)};
    for (const json::Member& shape : model_.as_object()) fill(set_.shapes_.find(shape.name())->second, shape.name(), shape.value);
  }

  ShapeSet take() { return std::move(set_); }

 private:
  static bool is_on(const json::Value& at, std::string_view word) {
    const json::Value* value = at.find(word);
    return value && value->is_bool() && value->as_bool();
  }

  std::string_view text(const json::Value& at, std::string_view word, std::string_view otherwise = "") {
    const json::Value* value = at.find(word);
    if (!value || !value->is_string()) return otherwise;
    return set_.texts_.emplace_back(value->as_string());
  }

  Kind kind_of(const json::Value& shape) const {
    static const std::map<std::string_view, Kind> kinds = {
        {"boolean", Kind::boolean},  {"byte", Kind::byte},    {"short", Kind::short_},        {"integer", Kind::integer},
        {"long", Kind::long_},       {"float", Kind::float_}, {"double", Kind::double_},      {"string", Kind::string},
        {"character", Kind::string}, {"blob", Kind::blob},    {"timestamp", Kind::timestamp}, {"structure", Kind::structure},
        {"list", Kind::list},        {"map", Kind::map},
    };
    if (is_on(shape, words_.document)) return Kind::document;
    if (is_on(shape, words_.union_)) return Kind::union_;
    return kinds.at(shape.find(words_.type)->as_string());
  }

  static TimestampFormat format_of(std::string_view name) {
    if (name == "iso8601" || name == "date-time") return TimestampFormat::date_time;
    if (name == "unixTimestamp" || name == "epoch-seconds") return TimestampFormat::epoch_seconds;
    return name.empty() ? TimestampFormat::standard : TimestampFormat::http_date;
  }

  const Shape* target(const json::Value& reference) {
    auto at = set_.shapes_.find(reference.find(words_.target)->as_string());
    check(at != set_.shapes_.end(), "a shape refers to one that is not there");
    std::string_view format = text(reference, words_.timestamp);
    if (at->second.kind != Kind::timestamp || format.empty()) return &at->second;
    return &set_.variants_.emplace_back(Shape{.kind = Kind::timestamp, .timestamp = format_of(format)});
  }

  void fill(Shape& shape, std::string_view name, const json::Value& from) {
    shape.name = set_.texts_.emplace_back(name);
    shape.timestamp = format_of(text(from, words_.timestamp));
    shape.sensitive = is_on(from, words_.sensitive);
    shape.sparse = is_on(from, "sparse");
    shape.xml_name = text(from, words_.wire_name);
    shape.xml_namespace = xml_namespace_of(from);
    if (shape.is_structure()) return fill_structure(shape, from);
    if (shape.kind == Kind::list) fill_list(shape, *from.find(words_.element));
    if (shape.kind == Kind::map) fill_map(shape, *from.find(words_.key), *from.find(words_.value));
  }

  void fill_list(Shape& shape, const json::Value& element) {
    shape.element = target(element);
    shape.element_name = text(element, words_.wire_name, "member");
    for_kind(shape.element->kind, [&]<class T> {
      shape.list = shape.sparse ? &sparse_slot_list : &slot_list<T>;
      shape.presence = shape.sparse ? &slot_presence<T> : nullptr;
    });
  }

  void fill_map(Shape& shape, const json::Value& key, const json::Value& value) {
    shape.key = target(key);
    shape.element = target(value);
    shape.key_name = text(key, words_.wire_name, "key");
    shape.element_name = text(value, words_.wire_name, "value");
    for_kind(shape.element->kind, [&]<class T> {
      shape.map = shape.sparse ? &sparse_slot_map : &slot_map<T>;
      shape.presence = shape.sparse ? &slot_presence<T> : nullptr;
    });
  }

  void fill_structure(Shape& shape, const json::Value& from) {
    std::vector<Member>& members = set_.members_.emplace_back();
    const json::Value* given = from.find(words_.members);
    if (given) {
      for (const json::Member& member : given->as_object()) members.push_back(member_of(from, member, members.size()));
    }
    check(members.size() <= Dynamic::members_max, "a structure has more members than Dynamic has slots");
    shape.members = members;
    shape.unknown_offset = offsetof(Dynamic, unknown_members);
  }

  Member member_of(const json::Value& owner, const json::Member& from, size_t position) {
    Member member{.name = set_.texts_.emplace_back(from.name()), .shape = target(from.value)};
    const json::Value& inner = *model_.find(from.value.find(words_.target)->as_string());
    bool flat = is_on(from.value, words_.flattened) || is_on(inner, words_.flattened);
    member.wire_name = text(from.value, words_.wire_name, member.name);
    // Models name the elements of a flattened list by the list; the vectors, as Smithy has it, by the member.
    bool named_by_list = flat && member.shape->kind == Kind::list && &words_ == &model_words;
    if (named_by_list) member.wire_name = text(*inner.find(words_.element), words_.wire_name, member.wire_name);
    member.presence = for_kind(member.shape->kind, []<class T> { return &slot_presence<T>; });
    member.offset = static_cast<uint32_t>(offsetof(Dynamic, members) + position * sizeof(Slot));
    member.id = static_cast<uint16_t>(position + 1);
    member.location = location_of(owner, from);
    member.xml_namespace = xml_namespace_of(from.value);
    const std::array<std::pair<uint8_t, bool>, 5> flags = {{
        {Member::required, is_required(owner, from.name())},
        {Member::flattened, flat},
        {Member::idempotency_token, is_on(from.value, words_.idempotency_token)},
        {Member::json_value, is_on(from.value, words_.json_value)},
        {Member::xml_attribute, is_on(from.value, words_.xml_attribute)},
    }};
    for (auto [flag, on] : flags) member.flags |= on ? flag : 0;
    return member;
  }

  std::string_view xml_namespace_of(const json::Value& from) {
    const json::Value* given = from.find(words_.xml_namespace);
    if (!given || !given->is_object()) return text(from, words_.xml_namespace);
    std::string_view prefix = text(*given, "prefix");
    return set_.texts_.emplace_back(fmt::format("{}{}{}", prefix, prefix.empty() ? "" : "=", text(*given, "uri")));
  }

  bool is_required(const json::Value& owner, std::string_view name) const {
    const json::Value* required = owner.find(words_.required);
    if (!required) return false;
    return std::ranges::any_of(required->as_array(), [&](const json::Value& value) { return value.as_string() == name; });
  }

  Location location_of(const json::Value& owner, const json::Member& member) {
    static const std::map<std::string_view, Location> locations = {
        {"header", Location::header}, {"headers", Location::headers},        {"querystring", Location::query},
        {"uri", Location::path},      {"statusCode", Location::status_code},
    };
    if (text(owner, words_.payload) == member.name()) return Location::payload;
    auto at = locations.find(text(member.value, words_.location));
    return at == locations.end() ? Location::body : at->second;
  }

  const json::Value& model_;
  const ShapeWords& words_;
  ShapeSet set_;
};

ShapeSet ShapeSet::from_model(const json::Value& shapes) { return ShapeBuilder(shapes, model_words).take(); }
ShapeSet ShapeSet::from_botocore(const json::Value& shapes) { return ShapeBuilder(shapes, botocore_words).take(); }

const Shape& ShapeSet::at(std::string_view name) const {
  auto found = shapes_.find(name);
  check(found != shapes_.end(), "no such shape");
  return found->second;
}

std::vector<std::string> ShapeSet::structures() const {
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes_) {
    if (shape.is_structure()) names.push_back(name);
  }
  return names;
}

}  // namespace outcrop::wire::testing
