// Tables over slots: the accessors, random values, and parameters of vectors.
#include "wire/testing/dynamic.h"

#include <fmt/format.h>

#include <cmath>

#include "base/check.h"
#include "wire/testing/dynamic_access.h"

namespace outcrop::wire::testing {
namespace {

template <class T>
T& placed(void* value) {
  return *static_cast<T*>(value);
}

std::string random_text(Random& random) {
  static constexpr std::string_view pieces[] = {"a", "B", "7", " ", "\"", "\\", "/", "é", "日", "😀", "\n", "&", "<", "%", "+", "=", "."};
  std::string text;
  for (uint64_t left = random.below(12); left > 0; --left) text += pieces[random.below(std::size(pieces))];
  return text;
}

int64_t random_integer(Random& random, int bits) {
  int shift = static_cast<int>(random.below(static_cast<uint64_t>(bits)));
  return static_cast<int64_t>(random.next()) >> (64 - bits + shift);
}

json::Value random_document(Random& random, int depth) {
  switch (random.below(depth > 3 ? 4 : 6)) {
    case 0:
      return json::Value(nullptr);
    case 1:
      return json::Value(random.below(2) == 0);
    case 2:
      return json::Value(random_integer(random, 64));
    case 3:
      return json::Value(random_text(random));
    case 4: {
      json::Array array;
      for (uint64_t left = random.below(3); left > 0; --left) array.push_back(random_document(random, depth + 1));
      return json::Value(std::move(array));
    }
    default: {
      json::Object object;
      for (uint64_t left = random.below(3); left > 0; --left) object.set(random_text(random), random_document(random, depth + 1));
      return json::Value(std::move(object));
    }
  }
}

void fill_value(const Shape& shape, void* value, Random& random, int depth);

void fill_structure(const Shape& shape, void* structure, Random& random, int depth) {
  size_t alternatives = shape.members.size();
  if (shape.kind == Kind::union_ && alternatives > 0) {
    const Member& member = shape.members[random.below(alternatives)];
    fill_value(*member.shape, member.emplace(structure), random, depth);
    return;
  }
  for (const Member& member : shape.members) {
    if (member.is(Member::required) || random.below(static_cast<uint64_t>(depth) + 2) == 0)
      fill_value(*member.shape, member.emplace(structure), random, depth);
  }
}

void fill_entries(const Shape& shape, void* collection, Random& random, int depth) {
  for (uint64_t left = depth > 5 ? 0 : random.below(4); left > 0; --left) {
    void* holder = shape.kind == Kind::list ? shape.list->append(collection) : shape.map->insert(collection, random_text(random));
    if (shape.sparse) {
      if (random.below(3) == 0) continue;
      holder = shape.presence->emplace(holder);
    }
    fill_value(*shape.element, holder, random, depth + 1);
  }
}

void fill_value(const Shape& shape, void* value, Random& random, int depth) {
  check(depth < 200, "a shape requires itself");
  switch (shape.kind) {
    case Kind::boolean:
      placed<bool>(value) = random.below(2) == 0;
      return;
    case Kind::byte:
      placed<int32_t>(value) = static_cast<int32_t>(random_integer(random, 8));
      return;
    case Kind::short_:
      placed<int32_t>(value) = static_cast<int32_t>(random_integer(random, 16));
      return;
    case Kind::integer:
      placed<int32_t>(value) = static_cast<int32_t>(random_integer(random, 32));
      return;
    case Kind::long_:
      placed<int64_t>(value) = random_integer(random, 64);
      return;
    case Kind::float_:
      placed<float>(value) = static_cast<float>(random_integer(random, 20)) / 8;
      return;
    case Kind::double_:
      placed<double>(value) = static_cast<double>(random_integer(random, 50)) / 1024;
      return;
    case Kind::string:
      placed<std::string>(value) = random_text(random);
      return;
    case Kind::blob: {
      std::string bytes(random.below(9), '\0');
      random.fill(std::as_writable_bytes(std::span(bytes)));
      placed<std::string>(value) = std::move(bytes);
      return;
    }
    case Kind::timestamp: {
      // Whole seconds from 1970 to 2100: what every format keeps.
      placed<Instant>(value) = instant_from_ms(static_cast<int64_t>(random.below(4'102'444'800)) * 1000);
      return;
    }
    case Kind::document: {
      // null is how an absent one is written.
      json::Value document = random_document(random, 0);
      placed<json::Value>(value) = document.is_null() ? json::Value(true) : std::move(document);
      return;
    }
    case Kind::structure:
    case Kind::union_:
      return fill_structure(shape, value, random, depth + 1);
    case Kind::list:
    case Kind::map:
      return fill_entries(shape, value, random, depth);
    case Kind::json_text:
    case Kind::stream:
      break;
  }
}

// The shortest text that gives it back, as a float or as a double.
template <class Real>
json::Value real_parameter(Real number) {
  if (std::isnan(number)) return json::Value("NaN");
  if (std::isinf(number)) return json::Value(number < 0 ? "-Infinity" : "Infinity");
  return json::Value::number(fmt::format("{}", number));
}

json::Value parameter_of(const Shape& shape, const void* value) {
  auto held = [&](const void* holder) {
    if (shape.sparse) holder = shape.presence->get(holder);
    return holder ? parameter_of(*shape.element, holder) : json::Value(nullptr);
  };
  switch (shape.kind) {
    case Kind::boolean:
      return json::Value(*static_cast<const bool*>(value));
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      return json::Value(*static_cast<const int32_t*>(value));
    case Kind::long_:
      return json::Value(*static_cast<const int64_t*>(value));
    case Kind::float_:
      return real_parameter(*static_cast<const float*>(value));
    case Kind::double_:
      return real_parameter(*static_cast<const double*>(value));
    case Kind::string:
    case Kind::blob:
      return json::Value(*static_cast<const std::string*>(value));
    case Kind::timestamp: {
      // Written exactly, so that equal instants are equal numbers.
      int64_t ms = ms_since_epoch(*static_cast<const Instant*>(value));
      return ms % 1000 == 0 ? json::Value(ms / 1000) : json::Value(static_cast<double>(ms) / 1000);
    }
    case Kind::document:
      return *static_cast<const json::Value*>(value);
    case Kind::structure:
    case Kind::union_:
      return to_parameters(shape, value);
    case Kind::list: {
      json::Array array;
      for (size_t i = 0, size = shape.list->size(value); i < size; ++i) array.push_back(held(shape.list->at(value, i)));
      return json::Value(std::move(array));
    }
    case Kind::json_text:
    case Kind::stream:
      break;
    case Kind::map: {
      json::Object object;
      for (size_t i = 0, size = shape.map->size(value); i < size; ++i) {
        MapAccess::Entry entry = shape.map->at(value, i);
        object.set(*entry.key, held(entry.value));
      }
      return json::Value(std::move(object));
    }
  }
  return json::Value(nullptr);
}

double real_of(const json::Value& parameter) {
  if (!parameter.is_string()) return parameter.as_double().value();
  if (parameter.as_string() == "NaN") return NAN;
  return parameter.as_string() == "-Infinity" ? -INFINITY : INFINITY;
}

void set_parameters(const Shape& shape, void* structure, const json::Value& parameters);

void set_parameter(const Shape& shape, void* value, const json::Value& parameter) {
  auto set_held = [&](void* holder, const json::Value& held) {
    if (shape.sparse) {
      if (held.is_null()) return;
      holder = shape.presence->emplace(holder);
    }
    set_parameter(*shape.element, holder, held);
  };
  switch (shape.kind) {
    case Kind::boolean:
      placed<bool>(value) = parameter.as_bool();
      return;
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      placed<int32_t>(value) = static_cast<int32_t>(parameter.as_int64().value());
      return;
    case Kind::long_:
      placed<int64_t>(value) = parameter.as_int64().value();
      return;
    case Kind::float_:
      placed<float>(value) = static_cast<float>(real_of(parameter));
      return;
    case Kind::double_:
      placed<double>(value) = real_of(parameter);
      return;
    case Kind::string:
    case Kind::blob:
      placed<std::string>(value) = parameter.is_string() ? std::string(parameter.as_string()) : json::write(parameter);
      return;
    case Kind::timestamp: {
      double seconds = parameter.as_double().value();
      placed<Instant>(value) = instant_from_ms(std::llround(seconds * 1000));
      return;
    }
    case Kind::document:
      placed<json::Value>(value) = parameter;
      return;
    case Kind::structure:
    case Kind::union_:
      return set_parameters(shape, value, parameter);
    case Kind::list:
      for (const json::Value& element : parameter.as_array()) set_held(shape.list->append(value), element);
      return;
    case Kind::json_text:
    case Kind::stream:
      return;
    case Kind::map:
      for (const json::Member& entry : parameter.as_object()) set_held(shape.map->insert(value, entry.name()), entry.value);
      return;
  }
}

void set_parameters(const Shape& shape, void* structure, const json::Value& parameters) {
  for (const Member& member : shape.members) {
    const json::Value* parameter = parameters.find(member.name);
    if (parameter && !parameter->is_null()) set_parameter(*member.shape, member.emplace(structure), *parameter);
  }
}

}  // namespace

Dynamic random_structure(const Shape& shape, Random& random, int depth) {
  Dynamic structure;
  fill_structure(shape, &structure, random, depth);
  return structure;
}

json::Value to_parameters(const Shape& shape, const void* structure) {
  json::Object object;
  for (const Member& member : shape.members) {
    if (const void* value = member.get(structure)) object.set(member.name, parameter_of(*member.shape, value));
  }
  return json::Value(std::move(object));
}

Dynamic from_parameters(const Shape& shape, const json::Value& parameters) {
  Dynamic structure;
  set_parameters(shape, &structure, parameters);
  return structure;
}

}  // namespace outcrop::wire::testing
