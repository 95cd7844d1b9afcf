#include "services/apigatewayv2/parts/authorizer_parameters.h"

#include "base/arn.h"
#include "gateway/event/integration_uri.h"
#include "gateway/guard/identity_source.h"
#include "services/apigatewayv2/api/wording.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view request_type = "REQUEST";

std::unexpected<Fault> refuse_authorizer(std::string message) { return fail(bad_request_exception(std::move(message))); }

Result<void> check_credentials(const std::optional<std::string>& credentials) {
  if (!credentials) return {};
  const std::optional<Arn> arn = parse_arn(*credentials);
  if (arn && arn->service == "iam" && arn->resource.starts_with("role/")) return {};
  return refuse_authorizer("Invalid ARN specified in the request");
}

Result<void> check_identity_sources(AuthorizerRecord& authorizer) {
  if (!authorizer.identity_source) return {};
  std::vector<std::string>& sources = *authorizer.identity_source;
  if (sources.size() == 1 && sources.front().empty()) sources.clear();
  for (const std::string& source : sources) {
    if (gateway::parse_identity_source(source)) continue;
    return refuse_authorizer(fmt::format(
        "Invalid request identity source expression: {}. The sources must be separated by comma, and each source must be either a "
        "request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
        "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'",
        source));
  }
  return {};
}

}  // namespace

Result<void> refuse_foreign(bool format, bool ttl, bool simple_responses, bool jwt) {
  const std::string_view foreign = format             ? "AuthorizerPayloadFormatVersion"
                                   : ttl              ? "AuthorizerResultTtlInSeconds"
                                   : simple_responses ? "EnableSimpleResponses"
                                   : jwt              ? "JwtConfiguration"
                                                      : "";
  if (foreign.empty()) return {};
  return refuse_authorizer(fmt::format("{} cannot be set for WEBSOCKET protocol Apis.", foreign));
}

Task<Result<void>> check_authorizer(store::Transaction& transaction, const Parts<AuthorizerRecord>& all, std::string_view id,
                                    AuthorizerRecord& authorizer) {
  if (authorizer.type != request_type) {
    co_return refuse_authorizer("Invalid authorizer type. Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.");
  }
  if (!gateway::function_in_uri(authorizer.uri.value_or(""))) {
    co_return refuse_authorizer(
        fmt::format("Invalid Authorizer URI: {}. Authorizer URI should be a valid API Gateway ARN that represents "
                    "a Lambda function invocation.",
                    authorizer.uri.value_or("")));
  }
  co_await check_credentials(authorizer.credentials_arn);
  co_await check_identity_sources(authorizer);
  for (const Part<AuthorizerRecord>& other : co_await all.list_in(transaction)) {
    if (other.id != id && other.record.name == authorizer.name) {
      co_return fail(
          conflict_exception(fmt::format("Authorizer name must be unique. Authorizer {} already exists in this API.", authorizer.name)));
    }
  }
  co_return {};
}

Task<Result<void>> check_authorizer_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, std::string_view id,
                                           const AuthorizerRecord& authorizer) {
  for (const Part<RouteRecord>& route : co_await routes.list_in(transaction)) {
    if (route.record.authorizer_id == id) {
      co_return fail(
          conflict_exception(fmt::format("Cannot delete authorizer '{}', is referenced in route: {}", authorizer.name, route.record.key)));
    }
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
