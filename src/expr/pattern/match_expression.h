// The alternatives of a field that are objects: {"prefix": "a"}, {"numeric": [">", 5]}, {"anything-but": {"wildcard": "*x"}}.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "expr/pattern/compiled_pattern.h"
#include "expr/pattern/pattern_reader.h"

namespace outcrop::expr {

// The sentence with the place where reading has come to; where reading failed, what failed there instead.
std::string refusal_at(const PatternReader& reader, std::string_view sentence);

class MatchExpression {
 public:
  explicit MatchExpression(PatternReader& reader) : reader_(reader) {}

  // Reads one whose '{' came last into the field's alternatives. False leaves a problem.
  bool read(PatternField& field);
  const std::string& problem() const { return problem_; }

 private:
  bool refuse(std::string_view sentence);
  bool refuse_without_place(std::string sentence);
  bool end_object(std::string_view sentence);

  bool read_named(std::string_view name, PatternField& field);
  bool read_string(std::string_view sentence);
  bool read_exactly(Alternative& alternative);
  bool read_affix(Part part, Alternative& alternative);
  bool read_affix_in_any_case(Part part, Alternative& alternative);
  bool read_any_case(Alternative& alternative);
  bool read_cidr(Alternative& alternative);
  bool read_wildcard(Alternative& alternative);
  bool read_exists(PatternField& field);

  bool read_numeric(Alternative& alternative);
  bool read_comparison(NumberRange& range);
  bool read_upper_bound(NumberRange& range, std::string from);
  bool read_number(std::string_view name, std::string& text);
  bool compare_with(std::string_view text, double& number);

  enum class Excluded : uint8_t { values, any_case, prefix, suffix, wildcard };
  bool read_anything_but(Alternative& alternative);
  bool read_excluded_kind(Excluded& kind);
  bool read_excluded_list(Excluded kind, Alternative& alternative);
  bool read_excluded_elements(Excluded kind, Alternative& alternative);
  bool add_excluded(Excluded kind, Alternative& alternative);
  bool add_excluded_value(Alternative& alternative);
  bool parse_excluded_wildcards(Alternative& alternative);

  PatternReader& reader_;
  std::string problem_;
};

}  // namespace outcrop::expr
