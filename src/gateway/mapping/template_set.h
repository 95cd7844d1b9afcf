// Templates by the keys that a selection expression gives, compiled.
#pragma once
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "expr/selection_expression.h"
#include "expr/velocity.h"
#include "wire/map.h"

namespace outcrop::gateway {

class TemplateSet {
 public:
  TemplateSet() = default;
  TemplateSet(const std::optional<std::string>& selection, const std::optional<wire::Map<std::string>>& templates);

  using Template = std::expected<expr::VelocityTemplate, expr::TemplateError>;  // the error when it is none
  // That of the selected key, else that of "$default", else that of "application/json"; null when there is none of them.
  const Template* find(const expr::SelectionSource& source) const;
  bool empty() const { return templates_.empty(); }

 private:
  std::optional<expr::SelectionExpression> selection_;
  std::map<std::string, Template, std::less<>> templates_;
};

}  // namespace outcrop::gateway
