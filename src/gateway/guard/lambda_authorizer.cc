#include "gateway/guard/lambda_authorizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/policy.h"
#include "base/log.h"
#include "gateway/event/integration_uri.h"
#include "gateway/guard/authorizer_event.h"
#include "gateway/guard/identity_source.h"
#include "gateway/guard/limits.h"
#include "gateway/guard/refusal.h"

namespace outcrop::gateway {

namespace {

bool has_all_sources(const AuthorizerRecord& authorizer, const RouteEvent& event) {
  if (!authorizer.identity_source) return true;
  return std::ranges::all_of(*authorizer.identity_source, [&](const std::string& expression) {
    const std::optional<IdentitySource> source = parse_identity_source(expression);
    return source && value_of(*source, event);
  });
}

// Whether the function threw what means that it does not know the client: new Error("Unauthorized").
bool says_unauthorized(const FunctionAnswer& answer) {
  const auto error = json::parse(answer.payload);
  const json::Value* message = error ? error->find("errorMessage") : nullptr;
  return message && message->is_string() && message->as_string() == refusal::unauthorized.message;
}

auth::Outcome evaluate(const RouteEvent& event, const AuthorizerAnswer& answer, Instant now) {
  const DeployedApi& api = *event.stage->api;
  const Identity who{.kind = Identity::Kind::user,
                     .account = api.account(),
                     .arn = fmt::format("arn:aws:iam::{}:user/{}", api.account(), answer.principal_id),
                     .user_id = answer.principal_id,
                     .access_key_id = {}};
  const ConnectionRecord& connection = event.connection.record;
  const auth::PolicyContext context = auth::context_of(who, {.source_ip = connection.source_ip,
                                                             .user_agent = connection.user_agent,
                                                             .region = api.region(),
                                                             .secure_transport = event.handshake->head.tls,
                                                             .now = now});
  const std::string resource = connect_arn(event);
  return auth::authorize({who, "execute-api:Invoke", resource, api.account(), context}, {&answer.policy, 1}, nullptr).outcome;
}

// What later events show as requestContext.authorizer.
std::string authorizer_json(const AuthorizerAnswer& answer, double latency_ms) {
  json::Object shown = answer.context;
  shown.set("principalId", std::string_view(answer.principal_id));
  shown.set("integrationLatency", int64_t(latency_ms));
  return json::write(std::move(shown));
}

}  // namespace

Task<Result<std::string>> LambdaAuthorizer::authorize(RouteEvent& event, const DeployedApi::Authorizer& authorizer,
                                                      ConnectionContext& connection) {
  if (!has_all_sources(authorizer.record, event)) {
    event.authorizer_status = refusal::unauthorized.status;
    co_return refuse(event, refusal::unauthorized);
  }
  const SteadyTime begun = world_.clock.steady();
  Result<AuthorizerAnswer> answer = co_await keep(ask(event, authorizer));
  event.authorizer_latency_ms = std::chrono::duration<double, std::milli>(world_.clock.steady() - begun).count();
  if (!answer) co_return fail(std::move(answer.error()));
  const auth::Outcome outcome = evaluate(event, *answer, world_.clock.wall());
  event.authorizer_status = outcome == auth::Outcome::allowed ? 200 : refusal::access_denied.status;
  if (outcome == auth::Outcome::explicitly_denied) co_return refuse(event, refusal::explicitly_denied);
  if (outcome != auth::Outcome::allowed) co_return refuse(event, refusal::access_denied);
  connection.record.authorizer = authorizer_json(*answer, *event.authorizer_latency_ms);
  co_return std::move(answer->usage_identifier_key);
}

Task<Result<AuthorizerAnswer>> LambdaAuthorizer::ask(RouteEvent& event, const DeployedApi::Authorizer& authorizer) {
  const DeployedApi& api = *event.stage->api;
  auto tell_problem = [&](const Refusal& refusal, std::string problem) {
    log::warning("an authorizer failed", {{"api", api.id()}, {"authorizer", authorizer.record.name}, {"reason", problem}});
    event.authorizer_status = refusal.status;
    event.authorizer_error = std::move(problem);
    return refuse(event, refusal);
  };
  const Result<FunctionAnswer> answer = co_await keep(invoke_in_time(
      {.account = api.account(),
       .function = function_in_uri(with_stage_variables(authorizer.record.uri.value_or(""), *event.stage)).value_or(""),
       .source_arn = fmt::format("arn:aws:execute-api:{}:{}:{}/authorizers/{}", api.region(), api.account(), api.id(), authorizer.id),
       .credentials = authorizer.record.credentials_arn.value_or(""),
       .payload = write_authorizer_event(event),
       .trace_header = event.trace_header,
       .stop = tasks_.stop_token()}));
  if (!answer) co_return tell_problem(refusal::authorizer_failed, answer.error().message);
  if (!answer->error.empty() && says_unauthorized(*answer)) {
    event.authorizer_status = refusal::unauthorized.status;
    co_return refuse(event, refusal::unauthorized);
  }
  if (!answer->error.empty()) co_return tell_problem(refusal::authorizer_failed, "The function failed: " + answer->payload);
  Result<AuthorizerAnswer> read = read_authorizer_answer(answer->payload);
  if (!read) co_return tell_problem(refusal::authorizer_is_wrong, read.error().message);
  co_return std::move(*read);
}

// The function may go on behind it: nobody stops what a function does.
Task<Result<FunctionAnswer>> LambdaAuthorizer::invoke_in_time(FunctionCall call) {
  Completion<Result<FunctionAnswer>> answer(*Executor::current());
  const Timer timer = Executor::current()->start_timer(world_.clock.steady() + limits::authorizer_timeout, [answered = answer.setter()] {
    answered.set(
        fail("AuthorizerTimeout", 500, fmt::format("The function did not answer within {} ms.", limits::authorizer_timeout.count())));
  });
  tasks_.spawn(invoke(std::move(call), answer.setter()));
  Result<FunctionAnswer> told = co_await answer;
  co_return told;
}

Task<void> LambdaAuthorizer::invoke(FunctionCall call, Completion<Result<FunctionAnswer>>::Setter answered) {
  answered.set(co_await keep(functions_.invoke(std::move(call))));
}

}  // namespace outcrop::gateway
