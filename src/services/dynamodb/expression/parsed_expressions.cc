#include "services/dynamodb/expression/parsed_expressions.h"

#include "services/dynamodb/expression/parser.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

Result<ConditionExpression> parse(std::string_view text, const ConditionExpression*) { return parse_condition(text); }
Result<UpdateExpression> parse(std::string_view text, const UpdateExpression*) { return parse_update(text); }
Result<ProjectionExpression> parse(std::string_view text, const ProjectionExpression*) { return parse_projection(text); }

}  // namespace

template <class Syntax>
Result<ParsedExpressions::Ref<Syntax>> ParsedExpressions::OfKind<Syntax>::get(std::string_view text) {
  {
    std::scoped_lock lock(mutex_);
    if (auto found = parsed_.find(text); found != parsed_.end()) return found->second;
  }
  Result<Syntax> made = parse(text, static_cast<const Syntax*>(nullptr));
  if (!made) return fail(std::move(made.error()));
  auto syntax = std::make_shared<const Syntax>(std::move(*made));
  std::scoped_lock lock(mutex_);
  if (parsed_.size() >= limits::parsed_expressions_max) parsed_.clear();
  parsed_.insert_or_assign(std::string(text), syntax);
  return syntax;
}

template class ParsedExpressions::OfKind<ConditionExpression>;
template class ParsedExpressions::OfKind<UpdateExpression>;
template class ParsedExpressions::OfKind<ProjectionExpression>;

}  // namespace outcrop::dynamodb
