#include "gateway/event/named_values.h"

#include <algorithm>

#include "base/encoding.h"

namespace outcrop::gateway {

NamedValues::Entry& NamedValues::entry_of(std::string_view name) {
  auto known = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return names_ == Case::ignored ? ascii_equal_ignoring_case(entry.name, name) : entry.name == name;
  });
  if (known != entries_.end()) return *known;
  return entries_.emplace_back(Entry{std::string(name), {}});
}

void NamedValues::add(std::string_view name, std::string value) { entry_of(name).values.push_back(std::move(value)); }

void NamedValues::set(std::string_view name, std::string value) {
  std::vector<std::string>& values = entry_of(name).values;
  values.clear();
  values.push_back(std::move(value));
}

const std::vector<std::string>* NamedValues::find(std::string_view name) const {
  auto known = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return names_ == Case::ignored ? ascii_equal_ignoring_case(entry.name, name) : entry.name == name;
  });
  return known == entries_.end() ? nullptr : &known->values;
}

void NamedValues::write_last_values(json::Writer& writer) const {
  writer.begin_object();
  for (const Entry& entry : entries_) {
    writer.name(entry.name);
    writer.string(entry.values.back());
  }
  writer.end_object();
}

void NamedValues::write_all_values(json::Writer& writer) const {
  writer.begin_object();
  for (const Entry& entry : entries_) {
    writer.name(entry.name);
    writer.begin_array();
    for (const std::string& value : entry.values) writer.string(value);
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace outcrop::gateway
