#include "gateway/mapping/body_models.h"

namespace outcrop::gateway {

BodyModels::BodyModels(const std::optional<std::string>& selection, std::map<std::string, Model, std::less<>> models)
    : models_(std::move(models)) {
  if (!selection) return;
  if (auto parsed = expr::SelectionExpression::parse(*selection)) selection_ = std::move(*parsed);
}

const BodyModels::Model* BodyModels::find(const expr::SelectionSource& source) const {
  if (models_.empty()) return nullptr;
  const std::optional<std::string> key = selection_ ? selection_->evaluate(source) : std::nullopt;
  auto at = key ? models_.find(*key) : models_.end();
  if (at == models_.end()) at = models_.find("$default");
  return at == models_.end() ? nullptr : &at->second;
}

}  // namespace outcrop::gateway
