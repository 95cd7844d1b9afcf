#include "services/dynamodb/expression/placeholders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

Fault placeholders_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

bool is_placeholder(std::string_view key, char mark) {
  auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return key.size() > 1 && key.front() == mark && std::ranges::all_of(key.substr(1), is_part);
}

template <class Map>
Result<void> check_keys(const Map& map, std::string_view parameter, char mark) {
  if (map.empty()) return fail(placeholders_refused(fmt::format("{} must not be empty", parameter)));
  for (const auto& [key, value] : map) {
    if (!is_placeholder(key, mark))
      return fail(placeholders_refused(fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", parameter, key)));
  }
  return {};
}

template <class Map>
size_t place_of(const Map& map, std::string_view key) {
  return size_t(std::ranges::find(map, key, [](const auto& entry) -> std::string_view { return entry.key; }) - map.begin());
}

template <class Map>
Result<void> check_used(const Map& map, const std::vector<bool>& used, std::string_view parameter) {
  std::vector<std::string_view> unused;
  for (size_t i = 0; i < map.size(); ++i) {
    if (!used[i]) unused.push_back(map.at(i).key);
  }
  if (unused.empty()) return {};
  return fail(
      placeholders_refused(fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", parameter, fmt::join(unused, ", "))));
}

constexpr std::string_view names_parameter = "ExpressionAttributeNames", values_parameter = "ExpressionAttributeValues";

}  // namespace

Result<Placeholders> Placeholders::read(Names names, Values values) {
  Placeholders read;
  if (names) {
    if (auto checked = check_keys(*names, names_parameter, '#'); !checked) return fail(std::move(checked.error()));
    read.names_ = std::move(*names);
  }
  if (values) {
    if (auto checked = check_keys(*values, values_parameter, ':'); !checked) return fail(std::move(checked.error()));
    for (auto& [key, value] : *values) {
      Result<Value> made = read_value(std::move(value));
      if (!made)
        return fail(
            placeholders_refused(fmt::format("{} contains invalid value: {} for key {}", values_parameter, made.error().message, key)));
      read.values_[key] = std::move(*made);
    }
  }
  read.names_used_.resize(read.names_.size());
  read.values_used_.resize(read.values_.size());
  return read;
}

const std::string* Placeholders::name(std::string_view placeholder) {
  const size_t place = place_of(names_, placeholder);
  if (place == names_.size()) return nullptr;
  names_used_[place] = true;
  return &names_.at(place).value;
}

const Value* Placeholders::value(std::string_view placeholder) {
  const size_t place = place_of(values_, placeholder);
  if (place == values_.size()) return nullptr;
  values_used_[place] = true;
  return &values_.at(place).value;
}

Result<void> Placeholders::check_all_used() const {
  if (auto checked = check_used(names_, names_used_, names_parameter); !checked) return checked;
  return check_used(values_, values_used_, values_parameter);
}

}  // namespace outcrop::dynamodb
