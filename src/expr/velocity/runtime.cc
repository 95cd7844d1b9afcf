#include "expr/velocity/runtime.h"

#include <algorithm>
#include <cmath>

#include "expr/java_text.h"

namespace outcrop::expr::velocity {
namespace {

constexpr size_t container_bytes = 128, element_bytes = 64, bytes_a_step = 256;

}  // namespace

void Runtime::refuse(TemplateError::Kind kind, std::string problem) {
  if (!error_) error_ = {kind, place_.line, place_.column, std::move(problem)};
}

bool Runtime::pay(size_t steps) {
  if (steps > steps_left_) refuse(TemplateError::Kind::too_much, "rendering takes too many steps");
  steps_left_ -= std::min(steps, steps_left_);
  return !is_over();
}

bool Runtime::pay_memory(size_t bytes) {
  if (bytes > memory_left_) refuse(TemplateError::Kind::too_much, "rendering takes too much memory");
  memory_left_ -= std::min(bytes, memory_left_);
  return pay(bytes / bytes_a_step);
}

Value Runtime::make_text(std::string text) {
  if (!pay_memory(text.size() + element_bytes)) return {};
  return std::make_shared<const std::string>(std::move(text));
}

List* Runtime::make_list() {
  pay_memory(container_bytes);
  return &lists_.emplace_back();
}

Map* Runtime::make_map() {
  pay_memory(container_bytes);
  return &maps_.emplace_back();
}

Value Runtime::make_iterator(List& list) {
  if (!pay_memory(container_bytes)) return {};
  return &iterators_.emplace_back(Iterator{&list});
}

bool Runtime::append(List& list, Value value) {
  if (!pay() || !pay_memory(element_bytes)) return false;
  list.elements.push_back(std::move(value));
  return true;
}

bool Runtime::put(Map& map, std::string_view name, Value value) {
  if (!pay() || !pay_memory(element_bytes + container_bytes + 2 * name.size())) return false;
  map.put(name, std::move(value));
  return true;
}

// As deep as JSON is, which the reader bounds. An integer beyond Java's long stays the text that it is.
Value Runtime::from_json(const json::Value& value) {
  if (!pay()) return {};
  switch (value.kind()) {
    case json::Kind::null:
      return {};
    case json::Kind::boolean:
      return value.as_bool();
    case json::Kind::string:
      return make_text(std::string(value.as_string()));
    case json::Kind::number: {
      const bool is_integer = value.number_text().find_first_of(".eE") == std::string_view::npos;
      const auto integer = is_integer ? value.as_int64() : std::nullopt;
      if (integer) return *integer;
      return is_integer ? make_text(std::string(value.number_text())) : Value(value.as_double().value_or(INFINITY));
    }
    case json::Kind::array: {
      List* list = make_list();
      list->of_json = true;
      for (const json::Value& element : value.as_array())
        if (!append(*list, from_json(element))) return {};
      return list;
    }
    case json::Kind::object: {
      Map* map = make_map();
      for (const json::Member& member : value.as_object())
        if (!put(*map, member.name(), from_json(member.value))) return {};
      return map;
    }
  }
  return {};
}

bool Runtime::is_too_deep(size_t depth) {
  if (depth > limits::value_depth_max) refuse(TemplateError::Kind::too_much, "lists and maps are nested too deep");
  return is_over();
}

json::Value Runtime::to_json(const Value& value, size_t depth) {
  if (is_too_deep(depth) || !pay() || value.is_null()) return {};
  if (auto* truth = value.as<bool>()) return *truth;
  if (auto* integer = value.as<int64_t>()) return *integer;
  if (auto* number = value.as<double>()) return std::isfinite(*number) ? json::Value::number(java_double(*number)) : json::Value();
  if (auto* list = value.as<List*>()) {
    json::Array elements;
    for (const Value& element : (*list)->elements) elements.push_back(to_json(element, depth + 1));
    return elements;
  }
  if (auto* map = value.as<Map*>()) {
    json::Object members;
    for (const auto& [name, member] : (*map)->members) members.set(name, to_json(member, depth + 1));
    return members;
  }
  const std::string text = text_of(value);
  return pay_memory(text.size()) ? json::Value(text) : json::Value();
}

std::string Runtime::text_of(const Value& value) {
  if (auto* text = value.text()) return *text;
  std::string out;
  append_text(out, value, 0);
  if (!pay_memory(out.size())) out.clear();
  return out;
}

void Runtime::append_text(std::string& out, const Value& value, size_t depth) {
  if (is_too_deep(depth) || !pay()) return;
  if (out.size() > limits::template_output_max) return refuse(TemplateError::Kind::too_much, "a text is too long");
  if (auto* truth = value.as<bool>()) {
    out += *truth ? "true" : "false";
  } else if (auto* integer = value.as<int64_t>()) {
    out += std::to_string(*integer);
  } else if (auto* number = value.as<double>()) {
    out += java_double(*number);
  } else if (auto* text = value.text()) {
    out += *text;
  } else if (auto* list = value.as<List*>()) {
    if ((*list)->of_json) return json::write(to_json(value, depth), out);
    out += '[';
    for (std::string_view separator; const Value& element : (*list)->elements) {
      out += std::exchange(separator, ", ");
      append_text(out, element, depth + 1);
    }
    out += ']';
  } else if (auto* map = value.as<Map*>()) {
    const bool is_entry = (*map)->is_entry;
    if (!is_entry) out += '{';
    for (std::string_view separator; const auto& [name, member] : (*map)->members) {
      out += std::exchange(separator, is_entry ? "=" : ", ");
      if (!is_entry) (out += name) += '=';
      append_text(out, member, depth + 1);
    }
    if (!is_entry) out += '}';
  } else if (auto* block = value.as<const Block*>()) {
    out += rendered(**block);
  } else if (value.is_null() && depth > 0) {
    out += "null";
  }
}

// Object.equals(), but that numbers are compared by what they are worth.
bool Runtime::equal(const Value& a, const Value& b, size_t depth) {
  if (is_too_deep(depth) || !pay()) return false;
  if (a.is_number() && b.is_number())
    return a.as<int64_t>() && b.as<int64_t>() ? *a.as<int64_t>() == *b.as<int64_t>() : a.number() == b.number();
  if (auto* text = a.text()) return b.text() && pay(text->size() / bytes_a_step) && *text == *b.text();
  if (auto *list = a.as<List*>(), *other = b.as<List*>(); list && other)
    return std::ranges::equal((*list)->elements, (*other)->elements,
                              [&](const Value& x, const Value& y) { return equal(x, y, depth + 1); });
  if (auto *map = a.as<Map*>(), *other = b.as<Map*>(); map && other)
    return (*map)->members.size() == (*other)->members.size() && std::ranges::all_of((*map)->members, [&](const Map::Member& member) {
             const Value* found = (*other)->find(member.name);
             return found && equal(member.value, *found, depth + 1);
           });
  return a.form == b.form;
}

}  // namespace outcrop::expr::velocity
