// Disjoint ranges in a map by their begin.
#include "store/range_set.h"

namespace outcrop::store {

RangeSet::Ends::const_iterator RangeSet::first_ending_after(std::string_view key) const {
  auto at = end_of_.upper_bound(key);
  if (at != end_of_.begin() && std::prev(at)->second > key) --at;
  return at;
}

void RangeSet::add(const Range& range) {
  if (range.empty()) return;
  Range joined = range;
  auto at = first_ending_after(range.begin);
  if (at != end_of_.begin() && std::prev(at)->second == range.begin) --at;
  while (at != end_of_.end() && at->first <= joined.end) {
    joined.begin = std::min(joined.begin, at->first);
    joined.end = std::max(joined.end, at->second);
    at = end_of_.erase(at);
  }
  end_of_.emplace(std::move(joined.begin), std::move(joined.end));
}

bool RangeSet::contains(std::string_view key) const {
  auto at = first_ending_after(key);
  return at != end_of_.end() && at->first <= key;
}

std::vector<Range> RangeSet::gaps(const Range& range) const {
  std::vector<Range> gaps;
  std::string begin = range.begin;
  for (auto at = first_ending_after(begin); at != end_of_.end() && at->first < range.end; ++at) {
    if (begin < at->first) gaps.push_back({begin, at->first});
    begin = at->second;
  }
  if (begin < range.end) gaps.push_back({std::move(begin), range.end});
  return gaps;
}

std::vector<Range> RangeSet::ranges() const {
  std::vector<Range> ranges;
  for (const auto& [begin, end] : end_of_) ranges.push_back({begin, end});
  return ranges;
}

}  // namespace outcrop::store
