#include "services/lambda/url/configuration.h"

#include "gen/lambda/errors.h"

namespace outcrop::lambda {

namespace {

Fault no_url_owner(std::string_view qualifier) {
  return {"ValidationException", 400,
          fmt::format("1 validation error detected: Value '{}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular "
                      "expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
                      qualifier)};
}

}  // namespace

Result<FunctionName> read_url_owner(const Call& call, std::string_view text, const std::optional<std::string>& qualifier) {
  Result<FunctionName> name = read_function_name(call, text, qualifier);
  if (!name || !name->qualifier) return name;
  if (*name->qualifier == latest || is_version_number(*name->qualifier)) return fail(no_url_owner(*name->qualifier));
  return name;
}

CorsRecord stored_cors(Cors cors) {
  return {.allow_credentials = cors.allow_credentials,
          .allow_headers = std::move(cors.allow_headers),
          .allow_methods = std::move(cors.allow_methods),
          .allow_origins = std::move(cors.allow_origins),
          .expose_headers = std::move(cors.expose_headers),
          .max_age = cors.max_age};
}

Cors shown_cors(const CorsRecord& cors) {
  return {.allow_credentials = cors.allow_credentials,
          .allow_headers = cors.allow_headers,
          .allow_methods = cors.allow_methods,
          .allow_origins = cors.allow_origins,
          .expose_headers = cors.expose_headers,
          .max_age = cors.max_age};
}

std::string shown_url(const Call& call, const FunctionUrl& url) {
  constexpr std::string_view below_localhost = ".localhost";
  const size_t host_begin = call.endpoint.find("://") + 3;
  const std::string_view scheme = std::string_view(call.endpoint).substr(0, host_begin);
  const std::string_view authority = std::string_view(call.endpoint).substr(host_begin);
  const size_t port_begin = std::min(authority.rfind(':'), authority.size());
  if (authority.substr(0, port_begin).ends_with(below_localhost)) {
    return fmt::format("{}{}.lambda-url.{}{}{}/", scheme, url.record.id, url.function.place.region, below_localhost,
                       authority.substr(port_begin));
  }
  return fmt::format("{}{}{}/", call.endpoint, UrlAddress::path_prefix, url.record.id);
}

std::string shown_time(Instant at) { return iso8601(at, /* with_ms */ true); }

FunctionUrlConfig shown_config(const Call& call, const FunctionUrl& url) {
  FunctionUrlConfig config{.function_url = shown_url(call, url),
                           .function_arn = url.function.qualified_arn(),
                           .creation_time = shown_time(url.record.created_at),
                           .last_modified_time = shown_time(url.record.modified_at),
                           .auth_type = url.record.auth_type,
                           .invoke_mode = url.record.invoke_mode};
  if (url.record.cors) config.cors = shown_cors(*url.record.cors);
  return config;
}

}  // namespace outcrop::lambda
