// Values by name in the order in which names came, as events list headers and parameters: each name with its last value, and with all.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"

namespace outcrop::gateway {

class NamedValues {
 public:
  // Header names are the same in any case; they keep the one they came in first.
  enum class Case { sensitive, ignored };
  explicit NamedValues(Case names) : names_(names) {}

  void add(std::string_view name, std::string value);
  void set(std::string_view name, std::string value);
  // All of that name, or null.
  const std::vector<std::string>* find(std::string_view name) const;
  bool empty() const { return entries_.empty(); }

  // Calls visit(name, value) with the last value of each name.
  template <class F>
  void for_each_last(F visit) const {
    for (const Entry& entry : entries_) visit(std::string_view(entry.name), std::string_view(entry.values.back()));
  }
  void write_last_values(json::Writer& writer) const;
  void write_all_values(json::Writer& writer) const;

 private:
  struct Entry {
    std::string name;
    std::vector<std::string> values;
  };
  Entry& entry_of(std::string_view name);

  Case names_;
  std::vector<Entry> entries_;
};

}  // namespace outcrop::gateway
