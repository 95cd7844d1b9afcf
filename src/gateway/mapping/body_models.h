// BodyModels: which model the body of a route's message must be, by the key that a selection expression gives.
#pragma once
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "expr/json_schema.h"
#include "expr/selection_expression.h"

namespace outcrop::gateway {

class BodyModels {
 public:
  using Model = std::expected<expr::JsonSchema, std::string>;  // the error when its schema is none

  BodyModels() = default;
  BodyModels(const std::optional<std::string>& selection, std::map<std::string, Model, std::less<>> models);

  // That of the selected key, else that of "$default"; null when the body may be anything.
  const Model* find(const expr::SelectionSource& source) const;

 private:
  std::optional<expr::SelectionExpression> selection_;
  std::map<std::string, Model, std::less<>> models_;
};

}  // namespace outcrop::gateway
