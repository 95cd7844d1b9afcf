#include "gateway/mapping/template_set.h"

namespace outcrop::gateway {

TemplateSet::TemplateSet(const std::optional<std::string>& selection, const std::optional<wire::Map<std::string>>& templates) {
  if (selection) {
    if (auto parsed = expr::SelectionExpression::parse(*selection)) selection_ = std::move(*parsed);
  }
  if (!templates) return;
  for (const auto& [key, text] : *templates) templates_.emplace(key, expr::VelocityTemplate::parse(text));
}

// A message has no media type; where nothing else fits it counts as JSON, which templates were once keyed by.
const TemplateSet::Template* TemplateSet::find(const expr::SelectionSource& source) const {
  const std::optional<std::string> key = selection_ ? selection_->evaluate(source) : std::nullopt;
  auto at = key ? templates_.find(*key) : templates_.end();
  for (std::string_view otherwise : {"$default", "application/json"}) {
    if (at == templates_.end()) at = templates_.find(otherwise);
  }
  return at == templates_.end() ? nullptr : &at->second;
}

}  // namespace outcrop::gateway
