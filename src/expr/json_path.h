// JSONPath: names values within a JSON document, "$.orders[?(@.total > 100)].id". API Gateway's templates and selection expressions and
// Step Functions ask with it.
//
// The language is RFC 9535's, with what AWS's services take beyond it because they read with Jayway's library:
//  - names behind a dot may hold what ends no name ("$.detail-type", "$.@id"), and "$.['a']" is "$['a']";
//  - a path may end in length(), size(), keys(), min(), max(), avg(), sum(), stddev(), first() or last();
//  - filters know "=~ /expression/i", in, nin, contains, subsetof, anyof, noneof, size and empty, and lists as literals.
// Paths of one document never reach another, and no path holds a thread: every evaluation has a bound.
#pragma once
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/limits.h"
#include "json/json.h"

namespace outcrop::expr {

struct PathQuery;

// Immutable, so that threads may share it; copies share what they are made of.
class JsonPath {
 public:
  // The error says what is wrong and where: "position 7: a name is expected".
  static std::expected<JsonPath, std::string> parse(std::string_view text);

  // Whether it names one value at most, whatever the document: no wildcard, descendants, slice, filter or union.
  bool is_definite() const;

  // What the path finds, in the order of the document; without the function behind it. Valid as long as the document is.
  // `steps_left` pays for the values that are looked at; when it is spent that is the error.
  std::expected<std::vector<const json::Value*>, std::string> select(const json::Value& document, size_t& steps_left) const;

  // What Jayway reads: of a definite path its value, or none; of others a list of all that was found, which may be empty; of names in
  // one bracket at its end an object of those that are there; what the function behind it gives.
  std::expected<std::optional<json::Value>, std::string> read(const json::Value& document, size_t& steps_left) const;
  std::expected<std::optional<json::Value>, std::string> read(const json::Value& document) const;

 private:
  explicit JsonPath(std::shared_ptr<const PathQuery> query) : query_(std::move(query)) {}

  std::shared_ptr<const PathQuery> query_;
};

}  // namespace outcrop::expr
