// Finds what a JSONPath names in a document.
#pragma once
#include <vector>

#include "expr/path/path_query.h"

namespace outcrop::expr {

using PathNodes = std::vector<const json::Value*>;

class PathEvaluation {
 public:
  // `root` outlives the evaluation; steps pays for every value that is looked at, and is the caller's to share out.
  PathEvaluation(const json::Value& root, size_t& steps_left) : root_(root), steps_left_(steps_left) {}

  // In the order of the document. Once it was too much, what is found is not all.
  PathNodes select(const PathQuery& query, const json::Value& current);
  // With the function behind the path, if any; none when there is nothing there.
  std::optional<json::Value> value_of(const PathQuery& query, const json::Value& current);
  bool holds(const FilterCondition& condition, const json::Value& current);

  bool was_too_much() const { return too_much_; }

 private:
  bool pay(size_t steps = 1);
  void apply(const PathSegment& segment, const json::Value& node, PathNodes& found);
  void descend(const PathSegment& segment, const json::Value& node, PathNodes& found);
  void filter(const FilterSelector& selector, const json::Value& node, PathNodes& found);
  std::optional<json::Value> operand_value(const FilterOperand& operand, const json::Value& current);
  std::optional<json::Value> call_value(const FilterCall& call, const json::Value& current);
  bool call_holds(const FilterCall& call, const json::Value& current);
  bool exists(const FilterOperand& operand, const json::Value& current);
  bool compare(const FilterCondition& condition, const json::Value& current);
  bool expression_matches(const RegularExpression& expression, std::string_view text, bool whole);

  const json::Value& root_;
  size_t& steps_left_;
  bool too_much_ = false;
};

}  // namespace outcrop::expr
