#include "services/apigatewayv2/api/paging.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view token_prefix = "after/";  // tells a token of ours from any other text

Result<size_t> read_max_results(const std::string& text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0)
    return fail(bad_request_exception("Invalid value for maxResults: " + text));
  return std::min(number, limits::page_max);
}

}  // namespace

Result<PageOf> read_page(const std::optional<std::string>& max_results, const std::optional<std::string>& next_token) {
  PageOf page{.after = {}, .count = limits::page_default};
  if (max_results) {
    const Result<size_t> count = read_max_results(*max_results);
    if (!count) return fail(count.error());
    page.count = *count;
  }
  if (!next_token) return page;
  const std::string position = unbase64url(*next_token).value_or("");
  if (!position.starts_with(token_prefix) || position.size() == token_prefix.size())
    return fail(bad_request_exception("Invalid nextToken"));
  page.after = position.substr(token_prefix.size());
  return page;
}

std::string next_token_after(std::string_view id) { return base64url(std::string(token_prefix) + std::string(id)); }

}  // namespace outcrop::apigatewayv2
