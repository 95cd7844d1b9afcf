// JSON Pointer (RFC 6901): names one value within another, "/choices/0/message".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace outcrop::json {

class Pointer {
 public:
  // None for a text that is no pointer: one that does not begin with '/', or has a '~' before other than 0 and 1. The empty pointer
  // names the whole value.
  static std::optional<Pointer> parse(std::string_view text);

  // Null where `value` has nothing there.
  const Value* find(const Value& value) const;
  // Puts a copy of what `from` has there into `to`, an object, in the same place: what leads there is made, and elements before it are
  // null until they are put. Gives whether `from` has it.
  bool copy(const Value& from, Value& to) const;

  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  std::vector<std::string> tokens_;  // unescaped
};

}  // namespace outcrop::json
