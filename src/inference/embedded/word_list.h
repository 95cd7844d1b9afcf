// Short lists of words that rules go by.
#pragma once
#include <algorithm>
#include <span>
#include <string_view>

namespace outcrop::embedded {

inline bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace outcrop::embedded
