// What conversations are refused with when a model cannot be told what they hold.
#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::inference {

inline std::unexpected<Fault> refused(std::string message) { return fail("ValidationException", 400, std::move(message)); }

// Whether documents of that format are text as they are.
inline bool is_text_format(std::string_view format) {
  constexpr std::array<std::string_view, 4> formats = {"txt", "md", "csv", "html"};
  return std::ranges::count(formats, format) > 0;
}

}  // namespace outcrop::inference
