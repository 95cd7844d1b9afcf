// The validator. Its texts are those that AWS's services answer with.
#include "wire/validate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "wire/limits.h"
#include "wire/pattern.h"
#include "wire/value_text.h"

namespace outcrop::wire {
namespace {

using Broken = Violation::Kind;

struct Breach {
  Broken kind;
  std::string text;  // "Member must have length less than or equal to 5"
};

std::string constraint_text(Broken kind, const Constraints& limits) {
  switch (kind) {
    case Broken::required:
      return "Member must not be null";
    case Broken::enumeration:
      return fmt::format("Member must satisfy enum value set: [{}]", fmt::join(limits.values, ", "));
    case Broken::pattern:
      return fmt::format("Member must satisfy regular expression pattern: {}", limits.pattern->text());
    case Broken::length_min:
      return fmt::format("Member must have length greater than or equal to {}", limits.min);
    case Broken::length_max:
      return fmt::format("Member must have length less than or equal to {}", limits.max);
    case Broken::value_min:
      if (limits.min == Constraints::no_min) return fmt::format("Member must have value greater than or equal to {}", limits.real_min);
      return fmt::format("Member must have value greater than or equal to {}", limits.min);
    case Broken::value_max:
      if (limits.max == Constraints::no_max) return fmt::format("Member must have value less than or equal to {}", limits.real_max);
      return fmt::format("Member must have value less than or equal to {}", limits.max);
  }
  return "";
}

// All limits of an element, key or value, as the collection's violation lists them.
std::string every_constraint(const Shape& shape) {
  const Constraints& limits = *shape.constraints;
  bool counts = shape.kind == Kind::string || shape.kind == Kind::blob;
  std::vector<std::string> texts;
  if (!limits.values.empty()) texts.push_back(constraint_text(Broken::enumeration, limits));
  if (limits.max != Constraints::no_max) texts.push_back(constraint_text(counts ? Broken::length_max : Broken::value_max, limits));
  if (limits.min != Constraints::no_min) texts.push_back(constraint_text(counts ? Broken::length_min : Broken::value_min, limits));
  if (limits.pattern) texts.push_back(constraint_text(Broken::pattern, limits));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

int64_t code_points(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; });
}

void check_length(int64_t length, const Constraints& limits, std::vector<Broken>& broken) {
  if (length < limits.min) broken.push_back(Broken::length_min);
  if (length > limits.max) broken.push_back(Broken::length_max);
}

template <class T>
void check_value(T value, T min, T max, std::vector<Broken>& broken) {
  // What is no number is within no range.
  if (!(value >= min)) broken.push_back(Broken::value_min);
  if (!(value <= max)) broken.push_back(Broken::value_max);
}

// Which limits of its own shape a value breaks, in the order in which AWS lists them.
std::vector<Broken> broken_limits(const Shape& shape, const void* value) {
  std::vector<Broken> broken;
  if (!shape.constraints) return broken;
  const Constraints& limits = *shape.constraints;
  switch (shape.kind) {
    case Kind::string: {
      const auto& text = *static_cast<const std::string*>(value);
      if (!limits.values.empty() && std::ranges::find(limits.values, text) == limits.values.end()) broken.push_back(Broken::enumeration);
      if (limits.pattern && !limits.pattern->matches(text)) broken.push_back(Broken::pattern);
      check_length(code_points(text), limits, broken);
      break;
    }
    case Kind::blob:
      check_length(static_cast<int64_t>(static_cast<const std::string*>(value)->size()), limits, broken);
      break;
    case Kind::list:
      check_length(static_cast<int64_t>(shape.list->size(value)), limits, broken);
      break;
    case Kind::map:
      check_length(static_cast<int64_t>(shape.map->size(value)), limits, broken);
      break;
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      check_value<int64_t>(*static_cast<const int32_t*>(value), limits.min, limits.max, broken);
      break;
    case Kind::long_:
      check_value<int64_t>(*static_cast<const int64_t*>(value), limits.min, limits.max, broken);
      break;
    case Kind::float_:
      check_value<double>(*static_cast<const float*>(value), limits.real_min, limits.real_max, broken);
      break;
    case Kind::double_:
      check_value<double>(*static_cast<const double*>(value), limits.real_min, limits.real_max, broken);
      break;
    default:
      break;
  }
  return broken;
}

// "Entries.0.MessageBody" as AWS writes it: "entries.1.member.messageBody".
std::string path_text(const Path& path) {
  if (path.step == Path::Step::root) return "";
  std::string before = path.parent ? path_text(*path.parent) : "";
  switch (path.step) {
    case Path::Step::member:
      if (!before.empty()) before += '.';
      return before + lower_camel(path.member->name);
    case Path::Step::element:
      return fmt::format("{}.{}.member", before, path.position + 1);
    default:
      return fmt::format("{}.{}.member", before, path.key);
  }
}

const Member* nearest_member(const Path& path) {
  for (const Path* at = &path; at; at = at->parent) {
    if (at->member) return at->member;
  }
  return nullptr;
}

bool is_simple(const Shape& shape) { return !shape.is_structure() && shape.kind != Kind::list && shape.kind != Kind::map; }

class InputWalk {
 public:
  explicit InputWalk(const Missing& missing) : missing_(missing) {}

  void structure(const Shape& shape, const void* structure, const Path& path) {
    for (const Member& member : shape.members) {
      if (full()) return;
      Path here = path.child(member);
      if (member.is(Member::required) && is_missing(here)) {
        add({Broken::required, constraint_text(Broken::required, {})}, *member.shape, nullptr, *member.shape, nullptr, here);
      } else if (const void* value = member.get(structure)) {
        this->value(*member.shape, value, here);
      }
    }
  }

  std::vector<Violation> found;

 private:
  bool full() const { return found.size() >= limits::violations_max; }

  bool is_missing(const Path& path) const {
    return !missing_.paths.empty() && std::ranges::find(missing_.paths, path.text()) != missing_.paths.end();
  }

  void value(const Shape& shape, const void* value, const Path& path) {
    for (Broken kind : broken_limits(shape, value))
      add({kind, constraint_text(kind, *shape.constraints)}, shape, value, shape, value, path);
    if (shape.is_structure()) return structure(shape, value, path);
    if (shape.kind == Kind::list) return list(shape, value, path);
    if (shape.kind == Kind::map) return map(shape, value, path);
  }

  // What is wrong with a simple element is said of its list, once.
  void list(const Shape& shape, const void* list, const Path& path) {
    const Shape& element = *shape.element;
    if (is_simple(element) && !element.constraints) return;
    for (size_t i = 0, size = shape.list->size(list); i < size && !full(); ++i) {
      const void* value = held(shape, shape.list->at(list, i));
      if (!value) continue;
      if (!is_simple(element)) {
        this->value(element, value, path.element(i));
      } else if (said(element, value, "Member must satisfy constraint: ", shape, list, path)) {
        return;
      }
    }
  }

  void map(const Shape& shape, const void* map, const Path& path) {
    bool simple = is_simple(*shape.element);
    bool keys_said = !shape.key || !shape.key->constraints;
    bool values_said = simple && !shape.element->constraints;
    for (size_t i = 0, size = shape.map->size(map); i < size && !full() && !(keys_said && values_said); ++i) {
      MapAccess::Entry entry = shape.map->at(map, i);
      if (!keys_said) keys_said = said(*shape.key, entry.key, "Map keys must satisfy constraint: ", shape, map, path);
      const void* value = held(shape, entry.value);
      if (!value) continue;
      if (!simple)
        this->value(*shape.element, value, path.value(*entry.key));
      else if (!values_said)
        values_said = said(*shape.element, value, "Map value must satisfy constraint: ", shape, map, path);
    }
  }

  static const void* held(const Shape& shape, const void* holder) { return shape.sparse ? shape.presence->get(holder) : holder; }

  // Adds a violation of `holder`, the collection, when `value` in it breaks a limit.
  bool said(const Shape& shape, const void* value, std::string_view what, const Shape& holder, const void* collection, const Path& path) {
    std::vector<Broken> broken = broken_limits(shape, value);
    if (broken.empty()) return false;
    add({broken.front(), std::string(what) + every_constraint(shape)}, shape, value, holder, collection, path);
    return true;
  }

  void add(Breach breach, const Shape& shape, const void* offender, const Shape& at, const void* shown, const Path& path) {
    bool hidden = shape.sensitive || at.sensitive;
    found.push_back({
        .kind = breach.kind,
        .path = path_text(path),
        .member = nearest_member(path),
        .shape = &shape,
        .offender = offender && !hidden ? value_text(shape, offender) : "",
        .constraint = std::move(breach.text),
        .value = !shown   ? "null"
                 : hidden ? ""
                          : "'" + value_text(at, shown) + "'",
    });
  }

  const Missing& missing_;
};

}  // namespace

std::vector<Violation> find_violations(const Shape& shape, const void* structure, const Missing& missing) {
  InputWalk walk(missing);
  walk.structure(shape, structure, Path());
  return std::move(walk.found);
}

std::string violations_text(std::span<const Violation> violations) {
  std::string out = fmt::format("{} validation error{} detected: ", violations.size(), violations.size() == 1 ? "" : "s");
  for (const Violation& violation : violations) {
    if (&violation != violations.data()) out += "; ";
    out += fmt::format("Value{}{} at '{}' failed to satisfy constraint: {}", violation.value.empty() ? "" : " ", violation.value,
                       violation.path, violation.constraint);
  }
  return out;
}

Result<void> validate(const ServiceModel& service, const Operation& operation, const void* input, const Missing& missing) {
  std::vector<Violation> found = find_violations(*operation.input, input, missing);
  if (found.empty()) return {};
  std::span<const Violation> all = found;
  switch (service.validation) {
    case Validation::own:
      return fail(service.word_violations(operation, all));
    case Validation::first:
      all = all.first(1);
      break;
    case Validation::collected:
      break;
  }
  return fail("ValidationException", 400, violations_text(all));
}

}  // namespace outcrop::wire
