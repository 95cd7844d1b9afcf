#include "inference/dialects/field.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <concepts>

#include "base/encoding.h"
#include "inference/dialects/limits.h"

namespace outcrop::inference {

namespace {

const json::Value nothing;

// What a value is called by the Java library that Bedrock checks bodies with.
std::string_view java_type(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return "Null";
    case json::Kind::boolean:
      return "Boolean";
    case json::Kind::number:
      return value.as_int64() ? "Integer" : "BigDecimal";
    case json::Kind::string:
      return "String";
    case json::Kind::array:
      return "JSONArray";
    case json::Kind::object:
      return "JSONObject";
  }
  return "";
}

std::string serde_type(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return fmt::format("boolean `{}`", value.as_bool());
    case json::Kind::number:
      return fmt::format("{} `{}`", value.as_int64() ? "integer" : "floating point", value.number_text());
    case json::Kind::string:
      return fmt::format("string \"{}\"", value.as_string());
    case json::Kind::array:
      return "sequence";
    case json::Kind::object:
      return "map";
  }
  return "";
}

// The three names of a type that was expected.
struct TypeNames {
  std::string_view java, pydantic, serde;
};
constexpr TypeNames string_names = {"String", "string", "a string"};
constexpr TypeNames integer_names = {"Integer", "integer", "i32"};
constexpr TypeNames number_names = {"Number", "number", "f32"};
constexpr TypeNames boolean_names = {"Boolean", "boolean", "a boolean"};
constexpr TypeNames array_names = {"JSONArray", "list", "a sequence"};
constexpr TypeNames object_names = {"JSONObject", "dictionary", "a map"};

const TypeNames& names_of(std::string_view java) {
  for (const TypeNames* names : {&string_names, &integer_names, &number_names, &boolean_names, &array_names}) {
    if (names->java == java) return *names;
  }
  return object_names;
}

size_t characters(std::string_view utf8) {
  return size_t(std::ranges::count_if(utf8, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

std::string quoted_alternatives(std::span<const std::string_view> values) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += i + 1 == values.size() ? " or " : ", ";
    text.append("'").append(values[i]).append("'");
  }
  return text;
}

}  // namespace

void Problems::add(std::string_view path, std::string_view text) {
  if (texts_.size() >= problems_max) return;
  if (wording_ == Wording::json_schema) {
    texts_.push_back(fmt::format("#{}: {}", path, text));
  } else {
    texts_.push_back(path.empty() ? std::string(text) : fmt::format("{}: {}", path, text));
  }
}

Fault Problems::fault() const {
  check(!none(), "a fault needs a problem");
  std::string message;
  switch (wording_) {
    case Wording::json_schema:
      message = fmt::format("Malformed input request: {}, please reformat your input and try again.", fmt::join(texts_, ""));
      break;
    case Wording::pydantic:
      message = texts_.front();
      break;
    case Wording::serde:
      message = "Failed to deserialize the JSON body into the target type: " + texts_.front();
      break;
  }
  return {"ValidationException", 400, std::move(message)};
}

const json::Value& Field::value() const { return value_ ? *value_ : nothing; }

std::string Field::path_to(std::string_view step) const {
  if (wording() == Wording::json_schema) return fmt::format("{}/{}", path_, step);
  return path_.empty() ? std::string(step) : fmt::format("{}.{}", path_, step);
}

Field Field::as(std::string_view alternative) const { return {value_, *problems_, path_to(alternative)}; }

void Field::missing(std::string_view name) const {
  switch (wording()) {
    case Wording::json_schema:
      return wrong(fmt::format("required key [{}] not found", name));
    case Wording::pydantic:
      return problems_->add(path_to(name), "Field required");
    case Wording::serde:
      return wrong(fmt::format("missing field `{}`", name));
  }
}

void Field::extra(std::string_view name) const {
  switch (wording()) {
    case Wording::json_schema:
      return wrong(fmt::format("extraneous key [{}] is not permitted", name));
    case Wording::pydantic:
      return problems_->add(path_to(name), "Extra inputs are not permitted");
    case Wording::serde:
      return wrong(fmt::format("unknown field `{}`", name));
  }
}

void Field::wrong_type(std::string_view expected) const {
  const TypeNames& names = names_of(expected);
  switch (wording()) {
    case Wording::json_schema:
      return wrong(fmt::format("expected type: {}, found: {}", names.java, java_type(*value_)));
    case Wording::pydantic:
      return wrong(fmt::format("Input should be a valid {}", names.pydantic));
    case Wording::serde:
      return wrong(fmt::format("invalid type: {}, expected {}", serde_type(*value_), names.serde));
  }
}

// Whether it is there and of that kind. A null stands for what is absent, except to a JSON Schema.
bool Field::expect(json::Kind kind, std::string_view type) const {
  if (!value_ || value_->kind() == kind) return value_ != nullptr;
  if (!value_->is_null() || wording() == Wording::json_schema) wrong_type(type);
  return false;
}

bool Field::object(Names required, Names optional) const {
  if (!expect(json::Kind::object, object_names.java)) return false;
  for (std::string_view name : required) {
    const json::Value* member = value_->find(name);
    if (!member || (member->is_null() && wording() != Wording::json_schema)) missing(name);
  }
  for (const json::Member& member : value_->as_object()) {
    if (!std::ranges::count(required, member.name()) && !std::ranges::count(optional, member.name())) extra(member.name());
  }
  return true;
}

bool Field::open_object() const { return expect(json::Kind::object, object_names.java); }

Field Field::operator[](std::string_view name) const { return {value().find(name), *problems_, path_to(name)}; }

std::vector<Field> Field::elements(Range count) const {
  std::vector<Field> elements;
  if (!expect(json::Kind::array, array_names.java)) return elements;
  const json::Array& array = value_->as_array();
  check_count(array.size(), count);
  elements.reserve(array.size());
  for (size_t i = 0; i < array.size(); ++i) {
    std::string path = wording() == Wording::serde ? fmt::format("{}[{}]", path_, i) : path_to(std::to_string(i));
    elements.push_back(Field(&array[i], *problems_, std::move(path)));
  }
  return elements;
}

void Field::check_count(size_t count, Range range) const {
  const bool few = double(count)<range.min, many = double(count)> range.max;
  if (!few && !many) return;
  if (wording() == Wording::pydantic) {
    return wrong(fmt::format("List should have at {} {} items after validation, not {}", few ? "least" : "most",
                             few ? range.min : range.max, count));
  }
  wrong(fmt::format("expected {} item count: {}, found: {}", few ? "minimum" : "maximum", few ? range.min : range.max, count));
}

std::optional<std::string_view> Field::text(Range length) const {
  if (!expect(json::Kind::string, string_names.java)) return std::nullopt;
  const std::string_view text = value_->as_string();
  // No text has more characters than bytes.
  if (text.empty() ? length.min > 0 : double(text.size()) > length.max) check_length(characters(text), length);
  return text;
}

void Field::check_length(size_t count, Range range) const {
  const bool few = double(count)<range.min, many = double(count)> range.max;
  if (!few && !many) return;
  if (wording() == Wording::pydantic) {
    return wrong(fmt::format("String should have at {} {} characters", few ? "least" : "most", few ? range.min : range.max));
  }
  wrong(fmt::format("expected {}Length: {}, actual: {}", few ? "min" : "max", few ? range.min : range.max, count));
}

template <class Number>
void Field::check_range(Number number, Range range) const {
  const bool low = double(number)<range.min, high = double(number)> range.max;
  if (!low && !high) return;
  const double bound = low ? range.min : range.max;
  if (wording() != Wording::pydantic) {
    return wrong(fmt::format("{} is not {} or equal to {}", value_->number_text(), low ? "greater" : "less", bound));
  }
  if (std::floating_point<Number>) return wrong(fmt::format("range: {}..{}", range.min, range.max));
  wrong(fmt::format("Input should be {} than or equal to {}", low ? "greater" : "less", bound));
}

std::optional<int> Field::integer(Range range) const {
  if (!expect(json::Kind::number, integer_names.java)) return std::nullopt;
  const std::optional<int64_t> number = value_->as_int64();
  if (!number) return wrong_type(integer_names.java), std::nullopt;
  using Limits = std::numeric_limits<int>;
  check_range(*number, {std::max<double>(range.min, Limits::min()), std::min<double>(range.max, Limits::max())});
  return int(std::clamp<int64_t>(*number, Limits::min(), Limits::max()));
}

std::optional<double> Field::number(Range range) const {
  if (!expect(json::Kind::number, number_names.java)) return std::nullopt;
  const std::optional<double> number = value_->as_double();
  if (!number) return wrong_type(number_names.java), std::nullopt;
  check_range(*number, range);
  return number;
}

std::optional<bool> Field::boolean() const {
  if (!expect(json::Kind::boolean, boolean_names.java)) return std::nullopt;
  return value_->as_bool();
}

std::vector<std::string> Field::texts(Range count) const {
  std::vector<std::string> texts;
  for (const Field& element : elements(count)) {
    if (auto text = element.text()) texts.emplace_back(*text);
  }
  return texts;
}

std::optional<std::string> Field::bytes() const {
  const auto encoded = text();
  if (!encoded) return std::nullopt;
  std::optional<std::string> bytes = unbase64(*encoded);
  if (!bytes) wrong(wording() == Wording::json_schema ? "is not valid base64" : "Invalid base64 data");
  return bytes;
}

std::optional<std::string_view> Field::one_of(std::initializer_list<std::string_view> values) const {
  const auto given = text();
  if (!given || std::ranges::count(values, *given)) return given;
  switch (wording()) {
    case Wording::json_schema:
      wrong(fmt::format("{} is not a valid enum value", *given));
      break;
    case Wording::pydantic:
      wrong("Input should be " + quoted_alternatives({values.begin(), values.size()}));
      break;
    case Wording::serde:
      wrong(fmt::format("unknown variant `{}`, expected one of `{}`", *given, fmt::join(values, "`, `")));
      break;
  }
  return std::nullopt;
}

Fault above_maximum(std::string_view path, int number, int maximum) {
  Problems problems(Wording::json_schema);
  problems.add(path, fmt::format("{} is not less or equal to {}", number, maximum));
  return problems.fault();
}

Result<json::Value> parse_body(std::string_view text) {
  auto value = json::parse(text, {.values = body_values_max});
  if (value) return std::move(*value);
  return fail("ValidationException", 400, "Malformed input request, please reformat your input and try again.");
}

}  // namespace outcrop::inference
