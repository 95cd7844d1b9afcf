// Pages of what functions have: at most so many, going on behind a marker that is opaque to callers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "gen/lambda/errors.h"

namespace outcrop::lambda {

// The most a page of settings holds, and what it holds when nobody says (API reference, MaxItems of both lists).
inline constexpr size_t settings_page_max = 50;

inline size_t page_size(const std::optional<int32_t>& asked) { return asked ? size_t(*asked) : settings_page_max; }

// What the last entry of the page before is called; empty at the start. Fault: InvalidParameterValueException 400.
inline Result<std::string> read_marker(const std::optional<std::string>& marker) {
  if (!marker) return std::string();
  if (auto name = unbase64url(*marker); name && !name->empty()) return std::move(*name);
  return fail(invalid_parameter_value_exception("The provided marker is invalid."));
}

// Takes off what is beyond the page, and gives the marker of the next one when there is any.
template <class Stored>
std::optional<std::string> cut_to_page(std::vector<Stored>& entries, size_t most, std::string Stored::* name) {
  if (entries.size() <= most) return std::nullopt;
  entries.resize(most);
  return base64url(entries.back().*name);
}

}  // namespace outcrop::lambda
