#include "expr/json_path.h"

#include <algorithm>

#include "expr/path/parse_path.h"
#include "expr/path/select_nodes.h"

namespace outcrop::expr {
namespace {

constexpr std::string_view spent = "the path looks at too many values";

// "$.a['b', 'c']": the names, when the path ends in several and is singular but for them.
std::optional<PathQuery> before_names(const PathQuery& query) {
  if (query.segments.empty() || query.function != PathFunction::none) return std::nullopt;
  const PathSegment& last = query.segments.back();
  const bool all_names =
      std::ranges::all_of(last.selectors, [](const auto& selector) { return std::holds_alternative<NameSelector>(selector); });
  if (last.descendants || last.selectors.size() < 2 || !all_names) return std::nullopt;
  PathQuery before = query;
  before.segments.pop_back();
  return before.is_singular() ? std::optional(std::move(before)) : std::nullopt;
}

std::optional<json::Value> members_named(const PathSegment& names, const json::Value& object) {
  json::Object found;
  for (const PathSelector& selector : names.selectors) {
    const std::string& name = std::get<NameSelector>(selector).name;
    if (const json::Value* member = object.find(name)) found.set(name, *member);
  }
  return json::Value(std::move(found));
}

}  // namespace

std::expected<JsonPath, std::string> JsonPath::parse(std::string_view text) {
  auto query = parse_path(text);
  if (!query) return std::unexpected(std::move(query.error()));
  return JsonPath(std::make_shared<const PathQuery>(std::move(*query)));
}

bool JsonPath::is_definite() const { return query_->is_singular(); }

std::expected<std::vector<const json::Value*>, std::string> JsonPath::select(const json::Value& document, size_t& steps_left) const {
  PathEvaluation evaluation(document, steps_left);
  PathNodes found = evaluation.select(*query_, document);
  if (evaluation.was_too_much()) return std::unexpected(std::string(spent));
  return found;
}

std::expected<std::optional<json::Value>, std::string> JsonPath::read(const json::Value& document, size_t& steps_left) const {
  PathEvaluation evaluation(document, steps_left);
  std::optional<json::Value> found;
  if (const auto before = before_names(*query_)) {
    const PathNodes objects = evaluation.select(*before, document);
    if (!objects.empty() && objects.front()->is_object()) found = members_named(query_->segments.back(), *objects.front());
  } else {
    found = evaluation.value_of(*query_, document);
  }
  if (evaluation.was_too_much()) return std::unexpected(std::string(spent));
  return found;
}

std::expected<std::optional<json::Value>, std::string> JsonPath::read(const json::Value& document) const {
  size_t steps_left = limits::path_steps_max;
  return read(document, steps_left);
}

}  // namespace outcrop::expr
