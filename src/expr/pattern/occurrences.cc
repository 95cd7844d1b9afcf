#include "expr/pattern/occurrences.h"

#include <algorithm>
#include <optional>
#include <set>

#include "expr/limits.h"

namespace outcrop::expr {
namespace {

// Where a member of that name leads from a node: a step for each piece between dots.
const PathNode* descend(const PathNode* node, std::string_view name) {
  while (true) {
    const size_t dot = name.find('.');
    auto child = node->children.find(name.substr(0, dot));
    if (child == node->children.end()) return nullptr;
    node = &child->second;
    if (dot == name.npos) return node;
    name.remove_prefix(dot + 1);
  }
}

void add_place(std::vector<uint32_t>& places, uint32_t place) {
  if (places.empty() || places.back() != place) places.push_back(place);
}

// Values behind an array's containers are recorded after those inside, at a place before theirs.
void put_in_order(std::vector<uint32_t>& places) {
  if (std::ranges::is_sorted(places)) return;
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
}

}  // namespace

Occurrences::Occurrences(const CompiledPattern& pattern, const json::Object& event) : pattern_(pattern), found_(pattern.fields.size()) {
  walk_object(pattern.root, event, 0);
  for (Found& found : found_) {
    put_in_order(found.matching);
    put_in_order(found.present);
  }
}

// Recursion is bounded by the depth of JSON.
void Occurrences::walk(const PathNode& node, const json::Value& value, uint32_t place) {
  if (value.is_object())
    walk_object(node, value.as_object(), place);
  else if (value.is_array())
    walk_array(node, value.as_array(), place);
  else
    record(node, value, place);
}

void Occurrences::walk_object(const PathNode& node, const json::Object& object, uint32_t place) {
  if (node.children.empty()) return;
  for (const json::Member& member : object)
    if (const PathNode* next = descend(&node, member.name())) walk(*next, member.value, place);
}

void Occurrences::walk_array(const PathNode& node, const json::Array& array, uint32_t place) {
  const uint32_t id = uint32_t(array_ends_.size());
  array_ends_.push_back(0);
  for (const json::Value& element : array) {
    uint32_t where = place;
    if (element.is_object() || element.is_array()) {
      where = uint32_t(places_.size());
      places_.push_back({.parent = place, .array = id});
    }
    walk(node, element, where);
  }
  array_ends_[id] = uint32_t(places_.size());
}

void Occurrences::record(const PathNode& node, const json::Value& value, uint32_t place) {
  if (node.fields.empty()) return;
  const EventScalar scalar(value);
  for (uint32_t id : node.fields) {
    const PatternField& field = pattern_.fields[id];
    Found& found = found_[id];
    if (field.absent_too) add_place(found.present, place);
    if (!found.matching.empty() && found.matching.back() == place) continue;
    if (std::ranges::any_of(field.alternatives, [&](const Alternative& alternative) { return alternative.matches(scalar); }))
      add_place(found.matching, place);
  }
}

namespace {

// A search through the fields in order, which chooses elements of arrays as it goes and takes choices back. What failed for
// the choices that later fields can see is remembered, so that arrays beside each other are not multiplied.
class Choice {
 public:
  Choice(const CompiledPattern& pattern, const std::vector<uint32_t>& fields, const Occurrences& occurrences, size_t& steps_left)
      : pattern_(pattern),
        fields_(fields),
        occurrences_(occurrences),
        steps_left_(steps_left),
        chosen_(occurrences.arrays()),
        last_field_(occurrences.arrays()) {
    if (occurrences_.arrays() == 0) return;
    for (uint32_t i = 0; i < fields_.size(); ++i) {
      note_arrays(occurrences_.matching(fields_[i]), i);
      note_arrays(occurrences_.present(fields_[i]), i);
    }
  }

  // Whether the fields from the index-th on are satisfied with what is chosen.
  bool satisfies(uint32_t index) {
    if (index == fields_.size()) return true;
    if (steps_left_ == 0) return false;
    --steps_left_;
    const uint32_t field = fields_[index];
    if (pattern_.fields[field].absent_too && !next_consistent(occurrences_.present(field), 0)) return satisfies(index + 1);
    const std::vector<uint32_t>& places = occurrences_.matching(field);
    std::optional<size_t> at = next_consistent(places, 0);
    if (!at) return false;
    if (places.back() == 0) return satisfies(index + 1);  // outside of arrays: there is nothing to choose
    std::vector<uint32_t> key = key_of(index);
    if (failed_.contains(key)) return false;
    for (; at; at = next_consistent(places, *at + 1)) {
      const size_t before = trail_.size();
      choose(places[*at]);
      if (satisfies(index + 1)) return true;
      take_back(before);
    }
    failed_.insert(std::move(key));
    return false;
  }

 private:
  void note_arrays(const std::vector<uint32_t>& places, uint32_t index) {
    for (uint32_t place : places)
      for (; place != 0; place = occurrences_.place(place).parent) {
        uint32_t& last = last_field_[occurrences_.place(place).array];
        if (last == index + 1) break;  // and so have those around it
        last = index + 1;
      }
  }

  // The index of the first place from `at` on that lies in no element beside a chosen one.
  std::optional<size_t> next_consistent(const std::vector<uint32_t>& places, size_t at) const {
    while (at < places.size()) {
      uint32_t conflict = 0;  // the outermost
      for (uint32_t place = places[at]; place != 0; place = occurrences_.place(place).parent) {
        const uint32_t chosen = chosen_[occurrences_.place(place).array];
        if (chosen != 0 && chosen != place) conflict = place;
      }
      if (conflict == 0) return at;
      const uint32_t array = occurrences_.place(conflict).array;
      const uint32_t resume = conflict < chosen_[array] ? chosen_[array] : occurrences_.array_end(array);
      at = size_t(std::lower_bound(places.begin() + ptrdiff_t(at), places.end(), resume) - places.begin());
    }
    return std::nullopt;
  }

  void choose(uint32_t place) {
    for (; place != 0; place = occurrences_.place(place).parent) {
      uint32_t& chosen = chosen_[occurrences_.place(place).array];
      if (chosen != 0) break;  // and so are those around it
      chosen = place;
      trail_.push_back(place);
    }
  }

  void take_back(size_t to) {
    for (; trail_.size() > to; trail_.pop_back()) chosen_[occurrences_.place(trail_.back()).array] = 0;
  }

  // The field, and what is chosen in arrays that it or a later one has values in.
  std::vector<uint32_t> key_of(uint32_t index) const {
    std::vector<uint32_t> key;
    for (uint32_t place : trail_)
      if (last_field_[occurrences_.place(place).array] > index) key.push_back(place);
    std::ranges::sort(key);
    key.push_back(index);
    return key;
  }

  const CompiledPattern& pattern_;
  const std::vector<uint32_t>& fields_;
  const Occurrences& occurrences_;
  size_t& steps_left_;
  std::vector<uint32_t> chosen_;      // by array: a place in it, 0 for none
  std::vector<uint32_t> last_field_;  // by array: one more than the index of the last field with values in it
  std::vector<uint32_t> trail_;       // what was chosen, in order
  std::set<std::vector<uint32_t>> failed_;
};

}  // namespace

bool satisfied(const CompiledPattern& pattern, const Occurrences& occurrences) {
  size_t steps_left = limits::match_steps_max;
  return std::ranges::any_of(pattern.ways, [&](const std::vector<uint32_t>& fields) {
    const bool hopeless = std::ranges::any_of(
        fields, [&](uint32_t field) { return !pattern.fields[field].absent_too && occurrences.matching(field).empty(); });
    return !hopeless && Choice(pattern, fields, occurrences, steps_left).satisfies(0);
  });
}

}  // namespace outcrop::expr
