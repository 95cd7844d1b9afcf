#include "gateway/guard/iam_authorization.h"

#include <fmt/format.h>

#include "auth/policy.h"
#include "gateway/guard/authorizer_event.h"
#include "gateway/guard/refusal.h"
#include "json/json.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view execute_api = "execute-api";

// As AWS tells them apart.
std::string_view response_type_of(const Fault& fault) {
  if (fault.code.starts_with("Expired")) return "EXPIRED_TOKEN";
  return fault.code.contains("Signature") ? "INVALID_SIGNATURE" : "ACCESS_DENIED";
}

double ms_since(SteadyTime begun, const Clock& clock) { return std::chrono::duration<double, std::milli>(clock.steady() - begun).count(); }

template <class T>
void note_step(RouteEvent::Step& step, const Result<T>& result, double latency_ms) {
  step.latency_ms = latency_ms;
  step.status = result ? 200 : result.error().status;
  if (!result) step.error = result.error().message;
}

// What later events show in requestContext.identity.
std::string identity_json(const Identity& identity) {
  return json::write(json::Object{{"accessKey", identity.access_key_id},
                                  {"accountId", identity.account},
                                  {"caller", identity.user_id},
                                  {"user", identity.user_id},
                                  {"userArn", identity.arn}});
}

}  // namespace

Result<void> IamAuthorization::authorize(RouteEvent& event, ConnectionContext& connection) {
  SteadyTime begun = world_.clock.steady();
  Result<auth::Caller> caller = authenticate(event);
  note_step(event.authenticate, caller, ms_since(begun, world_.clock));
  if (!caller) return fail(std::move(caller.error()));
  begun = world_.clock.steady();
  Result<void> allowed = check_policies(event, caller->identity);
  note_step(event.authorize, allowed, ms_since(begun, world_.clock));
  if (!allowed) return allowed;
  if (!caller->signing_name.empty()) connection.record.identity = identity_json(caller->identity);
  return {};
}

Result<auth::Caller> IamAuthorization::authenticate(RouteEvent& event) {
  const net::RequestHead& head = event.handshake->head;
  auto no_body = [] { return std::string(auth::empty_body_hash); };
  Result<auth::Caller> caller =
      authenticator_.authenticate(head, no_body, {.signing_name = execute_api, .dialect = auth::Dialect::rest_json});
  if (!caller && auth::scope_service(head).empty()) return refuse(event, refusal::missing_token);
  if (!caller) {
    const Fault& fault = caller.error();
    return refuse(event, {response_type_of(fault), fault.status, fault.message});
  }
  const std::string& region = event.stage->api->region();
  if (authenticator_.enforced() && caller->region != region)
    return refuse(event, refusal::invalid_signature,
                  fmt::format("Credential should be scoped to a valid region. {} is not the API's.", caller->region));
  return caller;
}

Result<void> IamAuthorization::check_policies(RouteEvent& event, const Identity& identity) {
  if (!authenticator_.enforced()) return {};
  const net::RequestHead& head = event.handshake->head;
  const DeployedApi& api = *event.stage->api;
  const auth::PolicyContext context = auth::context_of(identity, {.source_ip = head.peer.address,
                                                                  .user_agent = head.headers.get("user-agent"),
                                                                  .region = api.region(),
                                                                  .secure_transport = head.tls,
                                                                  .now = world_.clock.wall()});
  const std::string resource = connect_arn(event);
  const auth::AccessRequest request{identity, "execute-api:Invoke", resource, api.account(), context};
  const auth::Decision decision = auth::authorize(request, {}, nullptr);
  if (decision.is_allowed()) return {};
  return refuse(event, refusal::access_denied, auth::denial_message(request, decision, request.action));
}

}  // namespace outcrop::gateway
