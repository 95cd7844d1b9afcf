// Where an event has values that a pattern's fields ask about, and whether fields are satisfied together.
//
// An event is flat to a pattern: paths and values. But values from an array's elements go together only when they come
// from the same element, at each level; that is what a Place is for.
#pragma once
#include <cstdint>
#include <vector>

#include "expr/pattern/compiled_pattern.h"
#include "json/json.h"

namespace outcrop::expr {

// An element of an array that is a container, and so could hold several values; values that are elements themselves are
// where their array is. Numbered in the order of the text, place 0 is outside of all arrays.
struct Place {
  uint32_t parent = 0;
  uint32_t array = 0;
};

class Occurrences {
 public:
  Occurrences(const CompiledPattern& pattern, const json::Object& event);

  // Places in order, each once.
  const std::vector<uint32_t>& matching(uint32_t field) const { return found_[field].matching; }
  const std::vector<uint32_t>& present(uint32_t field) const { return found_[field].present; }  // only if absent_too

  const Place& place(uint32_t place) const { return places_[place]; }
  uint32_t arrays() const { return uint32_t(array_ends_.size()); }
  uint32_t array_end(uint32_t array) const { return array_ends_[array]; }  // the place after the last one in it

 private:
  struct Found {
    std::vector<uint32_t> matching, present;
  };
  void walk(const PathNode& node, const json::Value& value, uint32_t place);
  void walk_object(const PathNode& node, const json::Object& object, uint32_t place);
  void walk_array(const PathNode& node, const json::Array& array, uint32_t place);
  void record(const PathNode& node, const json::Value& value, uint32_t place);

  const CompiledPattern& pattern_;
  std::vector<Found> found_;  // by field
  std::vector<Place> places_ = {{}};
  std::vector<uint32_t> array_ends_;
};

// Whether the fields of one of the pattern's ways are satisfied together: one value chosen for each so that no two come from
// different elements of one array.
bool satisfied(const CompiledPattern& pattern, const Occurrences& occurrences);

}  // namespace outcrop::expr
