// "wildcard" of event patterns: '*' stands for any bytes, also none; "\*" and "\\" for themselves.
#pragma once
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::expr {

class Wildcard {
 public:
  // The error is AWS's sentence.
  static std::expected<Wildcard, std::string> parse(std::string_view text);

  // In time of at most the product of both lengths; in memory of none.
  bool matches(std::string_view text) const;

 private:
  friend class WildcardTree;
  explicit Wildcard(std::vector<std::string> parts) : parts_(std::move(parts)) {}

  std::vector<std::string> parts_;  // what stands between the asterisks; one more than there are of these
};

// Whether wildcards of one field are too much for AWS, which refuses them by the number of their beginnings that a value
// could be in at once, counted for every alternative of the field that is still in reach from there. An alternative may have
// several wildcards ("anything-but").
bool too_complex(std::span<const std::vector<const Wildcard*>> alternatives);

}  // namespace outcrop::expr
