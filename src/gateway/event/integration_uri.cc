#include "gateway/event/integration_uri.h"

#include "base/arn.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view variable_begin = "${stageVariables.", variable_end = "}";
constexpr std::string_view functions_path = "path/2015-03-31/functions/", invocations = "/invocations";

}  // namespace

std::string with_stage_variables(std::string_view text, const ServedStage& stage) {
  std::string expanded;
  while (true) {
    const size_t begin = text.find(variable_begin);
    const size_t end = begin == text.npos ? text.npos : text.find(variable_end, begin);
    if (end == text.npos) break;
    expanded += text.substr(0, begin);
    const std::string_view name = text.substr(begin + variable_begin.size(), end - begin - variable_begin.size());
    if (const std::string* value = stage.record.variables.find(name)) expanded += *value;
    text.remove_prefix(end + variable_end.size());
  }
  expanded += text;
  return expanded;
}

std::optional<std::string> function_in_uri(std::string_view uri) {
  const std::optional<Arn> arn = parse_arn(uri);
  if (!arn || arn->service != "apigateway" || arn->account != "lambda") return std::nullopt;
  std::string_view path = arn->resource;
  if (!path.starts_with(functions_path) || !path.ends_with(invocations)) return std::nullopt;
  path.remove_prefix(functions_path.size());
  path.remove_suffix(invocations.size());
  if (!path.starts_with("arn:")) return std::nullopt;
  return std::string(path);
}

}  // namespace outcrop::gateway
