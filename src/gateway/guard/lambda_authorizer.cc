#include "gateway/guard/lambda_authorizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/policy.h"
#include "base/log.h"
#include "gateway/event/execution_log.h"
#include "gateway/event/integration_uri.h"
#include "gateway/event/redaction.h"
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

double ms_between(SteadyTime begin, SteadyTime end) { return std::chrono::duration<double, std::milli>(end - begin).count(); }

// The policy that the function answered with does not let the client in.
std::unexpected<Fault> deny(RouteEvent& event, auth::Outcome outcome) {
  const Refusal& refusal = outcome == auth::Outcome::explicitly_denied ? refusal::explicitly_denied : refusal::access_denied;
  event.authorize.status = refusal.status;
  event.authorize.error = refusal.message;
  return refuse(event, refusal);
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
    event.authorizer.status = refusal::unauthorized.status;
    co_return refuse(event, refusal::unauthorized);
  }
  const SteadyTime begun = world_.clock.steady();
  Result<AuthorizerAnswer> answer = co_await keep(ask(event, authorizer));
  const SteadyTime answered = world_.clock.steady();
  event.authorizer.latency_ms = ms_between(begun, answered);
  if (!answer) co_return fail(std::move(answer.error()));
  event.authorizer.status = 200;
  const auth::Outcome outcome = evaluate(event, *answer, world_.clock.wall());
  event.authorize = {.status = 200, .error = {}, .latency_ms = ms_between(answered, world_.clock.steady())};
  if (outcome != auth::Outcome::allowed) co_return deny(event, outcome);
  connection.record.authorizer = authorizer_json(*answer, *event.authorizer.latency_ms);
  co_return std::move(answer->usage_identifier_key);
}

Task<Result<AuthorizerAnswer>> LambdaAuthorizer::ask(RouteEvent& event, const DeployedApi::Authorizer& authorizer) {
  const DeployedApi& api = *event.stage->api;
  auto tell_problem = [&](const Refusal& refusal, std::string problem) {
    log::warning("an authorizer failed", {{"api", api.id()}, {"authorizer", authorizer.record.name}, {"reason", problem}});
    event.authorizer.status = refusal.status;
    event.authorizer.error = std::move(problem);
    return refuse(event, refusal);
  };
  const Result<FunctionAnswer> answer = co_await keep(invoke(event, authorizer));
  if (!answer) event.authorizer_integration_status = answer.error().status;
  if (!answer) co_return tell_problem(refusal::authorizer_failed, answer.error().message);
  event.authorizer_integration_status = 200;
  event.authorizer_request_id = answer->request_id;
  if (!answer->error.empty() && says_unauthorized(*answer)) {
    event.authorizer.status = refusal::unauthorized.status;
    co_return refuse(event, refusal::unauthorized);
  }
  if (!answer->error.empty()) co_return tell_problem(refusal::authorizer_failed, "The function failed: " + answer->payload);
  Result<AuthorizerAnswer> read = read_authorizer_answer(answer->payload);
  if (!read) co_return tell_problem(refusal::authorizer_is_wrong, read.error().message);
  if (event.log) event.log->info(fmt::format("Using valid authorizer policy for principal: {}", masked(read->principal_id)));
  co_return std::move(*read);
}

Task<Result<FunctionAnswer>> LambdaAuthorizer::invoke(const RouteEvent& event, const DeployedApi::Authorizer& authorizer) {
  const DeployedApi& api = *event.stage->api;
  FunctionCall call{
      .account = api.account(),
      .function = function_in_uri(with_stage_variables(authorizer.record.uri.value_or(""), *event.stage)).value_or(""),
      .source_arn = fmt::format("arn:aws:execute-api:{}:{}:{}/authorizers/{}", api.region(), api.account(), api.id(), authorizer.id),
      .credentials = authorizer.record.credentials_arn.value_or(""),
      .payload = write_authorizer_event(event),
      .trace_header = event.trace_header,
      .stop = tasks_.stop_token()};
  if (event.log) event.log->info(fmt::format("Starting authorizer: {} for request: {}", authorizer.id, event.request_id));
  log_request(event, function_url(call.function), {}, call.payload);
  Result<FunctionAnswer> answer = co_await keep(invoke_in_time(std::move(call)));
  if (answer) log_response(event, 200, {}, answer->payload, answer->request_id);
  co_return answer;
}

// The function may go on behind it: nobody stops what a function does.
Task<Result<FunctionAnswer>> LambdaAuthorizer::invoke_in_time(FunctionCall call) {
  Completion<Result<FunctionAnswer>> answer(*Executor::current());
  const Timer timer = Executor::current()->start_timer(world_.clock.steady() + limits::authorizer_timeout, [answered = answer.setter()] {
    answered.set(
        fail("AuthorizerTimeout", 500, fmt::format("The function did not answer within {} ms.", limits::authorizer_timeout.count())));
  });
  tasks_.spawn(deliver(std::move(call), answer.setter()));
  Result<FunctionAnswer> told = co_await answer;
  co_return told;
}

Task<void> LambdaAuthorizer::deliver(FunctionCall call, Completion<Result<FunctionAnswer>>::Setter answered) {
  answered.set(co_await keep(functions_.invoke(std::move(call))));
}

}  // namespace outcrop::gateway
