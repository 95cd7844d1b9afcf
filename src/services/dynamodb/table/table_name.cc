#include "services/dynamodb/table/table_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace outcrop::dynamodb {

namespace {

constexpr size_t table_name_bytes_max = 255;

Fault name_refused(std::string_view given, std::string_view constraint) {
  return {"ValidationException", 400,
          fmt::format("1 validation error detected: Value '{}' at 'tableName' failed to satisfy constraint: Member must {}", given,
                      constraint)};
}

bool is_name_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

}  // namespace

Result<std::string> read_table_name(const Call& call, std::string_view given) {
  const std::string own_prefix = fmt::format("arn:aws:dynamodb:{}:{}:table/", call.region, call.account());
  std::string_view name = given;
  if (given.starts_with("arn:")) {
    if (!given.starts_with(own_prefix))
      return fail("ValidationException", 400, fmt::format("The table {} is not of this account and Region.", given));
    name.remove_prefix(own_prefix.size());
  }
  if (name.empty()) return fail(name_refused(given, "have length greater than or equal to 1"));
  if (name.size() > table_name_bytes_max) return fail(name_refused(given, "have length less than or equal to 255"));
  if (!std::ranges::all_of(name, is_name_part)) return fail(name_refused(given, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"));
  return std::string(name);
}

}  // namespace outcrop::dynamodb
