#include "services/lambda/url/cors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/encoding.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view any = "*";

using Texts = std::optional<std::vector<std::string>>;

bool has(const Texts& list, std::string_view text) {
  return list && std::ranges::any_of(*list, [&](const std::string& one) { return ascii_equal_ignoring_case(one, text); });
}

// With credentials an asterisk is no wildcard to browsers: what was asked for is allowed by its name then.
std::string allowed(const Texts& list, std::string_view asked, bool with_credentials) {
  if (has(list, any)) return std::string(with_credentials ? asked : any);
  return list ? fmt::format("{}", fmt::join(*list, ",")) : "";
}

void add_unless_empty(net::Headers& headers, std::string_view name, std::string value) {
  if (!value.empty()) headers.add(std::string(name), std::move(value));
}

// Whether the origin of the request may see the answer.
bool add_origin(const CorsRecord& cors, const net::RequestHead& head, net::Headers& headers) {
  const std::string* origin = head.headers.find("origin");
  if (!origin) return false;
  const bool with_credentials = cors.allow_credentials.value_or(false);
  const bool any_origin = has(cors.allow_origins, any);
  if (!any_origin || with_credentials) headers.add("vary", "Origin");
  if (!any_origin && !has(cors.allow_origins, *origin)) return false;
  headers.add("access-control-allow-origin", any_origin && !with_credentials ? std::string(any) : *origin);
  if (with_credentials) headers.add("access-control-allow-credentials", "true");
  return true;
}

}  // namespace

bool is_preflight(const net::RequestHead& head) {
  return head.method == "OPTIONS" && head.headers.find("origin") && head.headers.find("access-control-request-method");
}

net::ResponseHead preflight_answer(const CorsRecord& cors, const net::RequestHead& head) {
  net::ResponseHead answer;
  if (!add_origin(cors, head, answer.headers)) return answer;
  const bool with_credentials = cors.allow_credentials.value_or(false);
  add_unless_empty(answer.headers, "access-control-allow-methods",
                   allowed(cors.allow_methods, head.headers.get("access-control-request-method"), with_credentials));
  add_unless_empty(answer.headers, "access-control-allow-headers",
                   allowed(cors.allow_headers, head.headers.get("access-control-request-headers"), with_credentials));
  if (cors.max_age) answer.headers.add("access-control-max-age", std::to_string(*cors.max_age));
  return answer;
}

void add_cors_headers(const CorsRecord& cors, const net::RequestHead& head, net::Headers& headers) {
  if (!add_origin(cors, head, headers)) return;
  if (cors.expose_headers)
    add_unless_empty(headers, "access-control-expose-headers", fmt::format("{}", fmt::join(*cors.expose_headers, ",")));
}

}  // namespace outcrop::lambda
