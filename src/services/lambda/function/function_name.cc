// Names of functions, taken apart from the left: each part is optional but the name, and the longest reading counts, as in AWS's pattern.
#include "services/lambda/function/function_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/lambda/errors.h"

namespace outcrop::lambda {

namespace {

// Of names, as AWS shows it to who gave another.
constexpr std::string_view name_pattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?)"
    R"(([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

bool is_account(std::string_view text) { return text.size() == 12 && std::ranges::all_of(text, is_digit); }

// "us-east-1", "us-gov-west-1", "eusc-de-east-1".
bool is_region(std::string_view text) {
  if (text.starts_with("eusc-")) text.remove_prefix(5);
  if (text.size() < 2 || !is_lower(text[0]) || !is_lower(text[1])) return false;
  text.remove_prefix(2);
  if (text.starts_with("-gov-")) {
    text.remove_prefix(4);
  } else if (text.starts_with("-iso-") || (text.size() > 5 && text.starts_with("-iso") && is_lower(text[4]) && text[5] == '-')) {
    text.remove_prefix(text[4] == '-' ? 4 : 5);
  }
  if (text.size() < 4 || text.front() != '-' || text[text.size() - 2] != '-' || !is_digit(text.back())) return false;
  text = text.substr(1, text.size() - 3);
  return std::ranges::all_of(text, is_lower);
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_word(c) || c == '.'; });
}

bool is_qualifier(std::string_view text) {
  return text == latest || text == "$LATEST.PUBLISHED" || (!text.empty() && std::ranges::all_of(text, is_word));
}

// Takes the part before the next colon off, when there is one that `fits`.
template <class Fits>
std::optional<std::string_view> take(std::string_view& text, Fits fits) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || !fits(text.substr(0, colon))) return std::nullopt;
  const std::string_view part = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return part;
}

// "arn:aws:lambda:", "arn::lambda:".
void skip_service(std::string_view& text) {
  std::string_view rest = text;
  const auto is_partition = [](std::string_view part) {
    return part.empty() ||
           (part.starts_with("aws") && std::ranges::all_of(part, [](char c) { return is_word(c) && c != '_' && !is_digit(c); }));
  };
  if (!take(rest, [](std::string_view part) { return part == "arn"; })) return;
  if (!take(rest, is_partition)) return;
  if (take(rest, [](std::string_view part) { return part == "lambda"; })) text = rest;
}

struct NameParts {
  std::optional<std::string_view> region, account, qualifier;
  std::string_view name;
};

std::optional<NameParts> name_parts(std::string_view text) {
  NameParts parts;
  skip_service(text);
  parts.region = take(text, is_region);
  parts.account = take(text, is_account);
  take(text, [](std::string_view part) { return part == "function"; });
  const size_t colon = text.find(':');
  parts.name = text.substr(0, colon);
  if (colon != std::string_view::npos) parts.qualifier = text.substr(colon + 1);
  if (!is_name(parts.name) || (parts.qualifier && !is_qualifier(*parts.qualifier))) return std::nullopt;
  return parts;
}

}  // namespace

std::string FunctionName::arn() const { return fmt::format("arn:aws:lambda:{}:{}:function:{}", place.region, place.account, name); }

std::string FunctionName::qualified_arn() const { return qualifier ? arn() + ":" + *qualifier : arn(); }

Result<FunctionName> read_any_function_name(const Call& call, std::string_view text, const std::optional<std::string>& qualifier) {
  const std::optional<NameParts> parts = name_parts(text);
  if (!parts)
    return fail("ValidationException", 400,
                fmt::format("1 validation error detected: Value '{}' at 'functionName' failed to satisfy constraint: Member must satisfy "
                            "regular expression pattern: {}",
                            text, name_pattern));
  FunctionName name{{std::string(parts->account.value_or(call.account())), call.region}, std::string(parts->name)};
  if (parts->qualifier) name.qualifier = *parts->qualifier;
  if (parts->region && *parts->region != call.region)
    return fail(resource_not_found_exception(
        fmt::format("Functions from '{}' are not reachable in this region ('{}')", *parts->region, call.region)));
  if (name.qualifier && qualifier && *name.qualifier != *qualifier)
    return fail(invalid_parameter_value_exception("The derived qualifier from the function name does not match the specified qualifier."));
  if (qualifier) name.qualifier = qualifier;
  return name;
}

Result<FunctionName> read_function_name(const Call& call, std::string_view text, const std::optional<std::string>& qualifier) {
  Result<FunctionName> name = read_any_function_name(call, text, qualifier);
  if (!name || name->place.account == call.account()) return name;
  return fail("AccessDeniedException", 403,
              fmt::format("User: {} is not authorized to perform: lambda:{} on resource: {} because no resource-based policy allows the "
                          "lambda:{} action",
                          call.identity.arn, call.operation, name->qualified_arn(), call.operation));
}

}  // namespace outcrop::lambda
