// How violations of the model are worded: all of them in one text as most services do, but for the few that DynamoDB words by hand.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "gen/dynamodb/manifest.h"
#include "wire/validate.h"

namespace outcrop::dynamodb {

namespace {

using wire::Violation;
using enum wire::Violation::Kind;

constexpr std::array<std::string_view, 4> operations_on_tables = {"CreateTable", "DeleteTable", "DescribeTable", "UpdateTable"};
constexpr std::string_view requests_path = "requestItems";

// Alone, before all others; none: they are told together.
std::optional<std::string> own_words(std::string_view operation, const Violation& violation) {
  if (operation.starts_with("Batch") && violation.path == requests_path && violation.kind == length_min)
    return fmt::format("The requestItems parameter is required for {}", operation);
  if (std::ranges::find(operations_on_tables, operation) != operations_on_tables.end() && violation.path == "tableName" &&
      violation.kind == required)
    return "The parameter 'TableName' is required but was not present in the request";
  return std::nullopt;
}

// Of what one table is asked for in a batch: "requestItems.NAME.member…" as the parameter itself is spelt, or all of the parameter.
void word_batch(std::string_view operation, Violation& violation) {
  if (!violation.path.starts_with(requests_path) || violation.kind != length_max) return;
  if (operation == "BatchGetItem" && violation.path.ends_with(".member.keys")) {
    violation.path.replace(0, requests_path.size(), "RequestItems");
    violation.path.replace(violation.path.size() - 4, 4, "Keys");
    violation.value.clear();
  }
  if (operation == "BatchWriteItem" && violation.path.ends_with(".member") && violation.value.size() > 2) {
    const size_t name = requests_path.size() + 1;
    const std::string table = violation.path.substr(name, violation.path.size() - name - std::string_view(".member").size());
    violation.value = fmt::format("'{{{}={}}}'", table, violation.value.substr(1, violation.value.size() - 2));
    violation.path = requests_path;
    violation.constraint = fmt::format("Map value must satisfy constraint: [{}, Member must have length greater than or equal to {}]",
                                       violation.constraint, violation.shape->constraints->min);
  }
}

}  // namespace

Fault word_violations(const wire::Operation& operation, std::span<const Violation> violations) {
  for (const Violation& violation : violations) {
    if (std::optional<std::string> words = own_words(operation.name, violation)) return {"ValidationException", 400, std::move(*words)};
  }
  std::vector<Violation> worded(violations.begin(), violations.end());
  for (Violation& violation : worded) {
    word_batch(operation.name, violation);
    if (operation.name != "Query" || violation.path != "limit") continue;
    violation.path = "Limit";
    violation.value.clear();
  }
  return {"ValidationException", 400, wire::violations_text(worded)};
}

}  // namespace outcrop::dynamodb
