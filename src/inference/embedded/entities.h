// Dates, amounts, numbers, names, addresses and paths in a text, found by hand-written scanners in one pass each: what "when",
// "who" and "how many" ask for, and what fields are filled with.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

enum class EntityKind : uint8_t { email, url, path, date, time, amount, number, name, quotation };

// Bytes [begin, end) of the text.
struct Entity {
  uint32_t begin = 0, end = 0;
  EntityKind kind = EntityKind::number;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

// In order of their begin; at most facts_per_kind_max of a kind. Those of one kind do not overlap; a date's numbers are numbers too.
std::vector<Entity> entities(std::string_view text);

// A date's text as YYYY-MM-DD; empty when it does not name a day. "3/4/2024" is read as March 4th, as AWS's home does.
std::string iso_date(std::string_view date);
// A number's text without grouping: "1,024" → "1024", "twelve" → "12"; empty when it is none.
std::string plain_number(std::string_view number);

}  // namespace outcrop::embedded
