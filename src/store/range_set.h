// RangeSet: a union of key ranges, kept as disjoint ones. What a transaction has erased by range.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace outcrop::store {

class RangeSet {
 public:
  void add(const Range& range);
  bool contains(std::string_view key) const;
  // The parts of `range` that are not in the set, in order.
  std::vector<Range> gaps(const Range& range) const;
  // The disjoint ranges, in order.
  std::vector<Range> ranges() const;
  bool empty() const { return end_of_.empty(); }

 private:
  using Ends = std::map<std::string, std::string, std::less<>>;
  Ends::const_iterator first_ending_after(std::string_view key) const;

  Ends end_of_;  // begin → end
};

}  // namespace outcrop::store
