#include "services/bedrock-runtime/openai/openai_front.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "core/client_call.h"
#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/limits.h"
#include "services/bedrock-runtime/openai/completion.h"
#include "services/bedrock-runtime/openai/openai_error.h"
#include "services/bedrock-runtime/openai/openai_models.h"
#include "wire/gzip.h"

namespace outcrop::bedrock_runtime {

namespace {

// What requests are signed for: at bedrock-runtime, and at bedrock-mantle.
constexpr std::string_view runtime_signing_name = "bedrock", mantle_signing_name = "bedrock-mantle";
constexpr std::string_view model_path = "/models/";

const Directory::Service& service_in(const Directory& directory) {
  const Directory::Service* service = directory.find("bedrock-runtime");
  check(service != nullptr, "the routes of a service that is not there");
  return *service;
}

// Behind "/openai/v1" or "/v1".
std::string_view resource_of(std::string_view path) {
  constexpr std::string_view family = "/openai", version = "/v1";
  if (path.starts_with(family)) path.remove_prefix(family.size());
  if (path.starts_with(version)) path.remove_prefix(version.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

Result<void> check_completion_headers(const net::Headers& headers) {
  for (std::string_view name : {"x-amzn-bedrock-guardrailidentifier", "x-amzn-bedrock-guardrailversion"}) {
    if (headers.find(name)) return fail(validation_exception(fmt::format("Guardrails are not supported yet: remove the header {}.", name)));
  }
  const std::string_view trace = headers.get("x-amzn-bedrock-trace");
  if (trace.empty() || trace == "DISABLED") return {};
  return fail(validation_exception("Traces are not supported yet: X-Amzn-Bedrock-Trace can only be DISABLED."));
}

// With the headers that the call gave its answer, where it came to that.
net::ResponseHead head_of(int status, std::string_view content_type, const std::string& request_id, const std::optional<Call>& call) {
  net::ResponseHead head{.status = status};
  head.headers.add("content-type", std::string(content_type));
  head.headers.add("x-amzn-requestid", request_id);
  head.headers.add("x-request-id", request_id);  // by which OpenAI's clients name it
  if (!call) return head;
  for (const net::Header& header : call->answer_headers) head.headers.add(header.name, header.value);
  return head;
}

}  // namespace

struct OpenAiFront::Route {
  enum class Resource { completions, models, model };
  Resource resource;
  std::string model_id = {};  // of the one that is asked about
};

// One request on its way in.
struct OpenAiFront::Request {
  net::Exchange& exchange;
  const net::RequestHead& head;
  std::string request_id;
  std::string body;
  uint64_t body_bytes = 0;  // also when it was let go
  auth::Caller caller;
  std::optional<Call> call;  // outlives what streams on its behalf
  bool is_begun = false;     // an answer's head was sent
};

OpenAiFront::OpenAiFront(World& world, Directory& directory, auth::Authenticator& authenticator, BedrockRuntime& bedrock,
                         ApiFrontOptions options)
    : world_(world),
      directory_(directory),
      authenticator_(authenticator),
      bedrock_(bedrock),
      options_(std::move(options)),
      service_(service_in(directory)) {}

bool OpenAiFront::takes(const net::RequestHead& head) {
  const std::string_view scope = auth::scope_service(head);
  return scope.empty() || scope == runtime_signing_name || scope == mantle_signing_name;
}

Task<void> OpenAiFront::serve(net::Exchange& exchange) {
  Request request = {.exchange = exchange, .head = exchange.head(), .request_id = world_.random.uuid()};
  const SteadyTime begun = world_.clock.steady();
  Result<void> answered;
  try {
    answered = co_await keep(answer(request));
  } catch (const std::exception& problem) {  // not the invocation's, which the directory caught: auth, a stream
    log::error("a request threw", {{"path", request.head.path}, {"request_id", request.request_id}, {"problem", problem.what()}});
    answered = fail("InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure.");
    if (request.is_begun) exchange.abort();
  }
  if (options_.access_log) {
    log::debug("call", {{"service", service_.model.name},
                        {"operation", request.call ? request.call->operation : std::string()},
                        {"path", request.head.path},
                        {"account", request.call ? request.call->account() : std::string()},
                        {"request_id", request.request_id},
                        {"error", answered ? std::string() : answered.error().code},
                        {"ms", std::chrono::duration<double, std::milli>(world_.clock.steady() - begun).count()}});
  }
  if (answered || request.is_begun) co_return;
  if (answered.error().code == connection_dropped) co_return exchange.abort();
  co_await respond_fault(request, answered.error());
}

Result<OpenAiFront::Route> OpenAiFront::route(const net::RequestHead& head) {
  const std::string_view resource = resource_of(head.path);
  const bool is_model = resource.starts_with(model_path);
  if (resource != "/chat/completions" && resource != "/models" && !is_model) {
    return fail("UnknownOperationException", 404,
                fmt::format("Outcrop does not have {} {}: of this API it has chat/completions and models.", head.method, head.path));
  }
  const std::string_view method = resource == "/chat/completions" ? "POST" : "GET";
  if (head.method != method) return fail("MethodNotAllowed", 405, fmt::format("{} takes {}.", head.path, method));
  if (!is_model) return Route{method == "POST" ? Route::Resource::completions : Route::Resource::models};
  auto id = percent_decode(resource.substr(model_path.size()));
  if (!id) return fail(validation_exception("The model's id is not percent-encoded as it must be."));
  return Route{Route::Resource::model, std::move(*id)};
}

Task<Result<void>> OpenAiFront::answer(Request& request) {
  if (!authenticator_.enforced()) co_await auth::check_web_origin(request.head, options_.web_guard);
  const Route route = co_await OpenAiFront::route(request.head);
  request.body = co_await request.exchange.read_body(service_.policy.body_bytes_max);
  request.caller = co_await authenticate(request);
  if (route.resource == Route::Resource::completions) co_return co_await keep(complete_chat(request));
  const Call& call = make_call(request, "");
  std::string body = route.resource == Route::Resource::models ? list_conversation_models(bedrock_.catalog(), call)
                                                               : co_await describe_conversation_model(bedrock_, call, route.model_id);
  co_return co_await keep(respond(request, 200, std::move(body)));
}

Result<auth::Caller> OpenAiFront::authenticate(const Request& request) const {
  const bool by_mantle = auth::scope_service(request.head) == mantle_signing_name;
  auto caller = authenticator_.authenticate(
      request.head, [&] { return hex(sha256(request.body)); },
      {.signing_name = by_mantle ? mantle_signing_name : runtime_signing_name, .dialect = auth::Dialect::rest_json});
  if (!caller) return fail(unauthorized(std::move(caller.error())));
  return caller;
}

Call& OpenAiFront::make_call(Request& request, std::string_view operation) const {
  Call& call = request.call.emplace(client_call(world_, request.exchange, std::move(request.caller), service_.model.name, operation,
                                                request.request_id,
                                                {.host_fallback = options_.host_fallback, .extra_headers = options_.extra_headers}));
  call.request_bytes = request.body_bytes;
  call.enforced = authenticator_.enforced();
  call.deadline = world_.clock.steady() + options_.call_time_max;
  return call;
}

// The body is let go once it is read, and with it its share of the server's budget.
Task<Result<void>> OpenAiFront::complete_chat(Request& request) {
  co_await check_completion_headers(request.head.headers);
  if (ascii_equal_ignoring_case(request.head.headers.get("content-encoding"), "gzip")) {
    request.body = co_await wire::gunzip(request.body, service_.policy.body_bytes_max);
  }
  request.body_bytes = request.body.size();
  Result<inference::ChatCompletionRequest> asked = inference::read_chat_completion(request.body);
  request.body = {};
  request.exchange.release_body_budget();
  const std::string_view latency = request.head.headers.get("x-amzn-bedrock-performanceconfig-latency");
  const bool streamed = asked && asked->streamed;
  Call& call = make_call(request, streamed ? "InvokeModelWithResponseStream" : "InvokeModel");
  const Directory::Operation* operation = Directory::find(service_, call.operation);
  check(operation != nullptr, "completions count as an operation that is not there");
  if (!streamed) {
    std::string body = co_await directory_.carry_out(service_, *operation, call, whole(call, std::move(asked), latency));
    co_return co_await keep(respond(request, 200, std::move(body)));
  }
  Completion completion =
      co_await directory_.carry_out(service_, *operation, call, begin_completion(bedrock_, call, std::move(asked), latency));
  request.is_begun = true;
  net::ResponseHead head = head_of(200, "text/event-stream; charset=utf-8", request.request_id, request.call);
  head.headers.add("cache-control", "no-cache");
  Result<void> streamed_to_its_end = co_await keep(stream_completion(bedrock_, call, completion, request.exchange, std::move(head)));
  if (!streamed_to_its_end) directory_.count_error(call, streamed_to_its_end.error());
  co_return streamed_to_its_end;
}

Task<Result<std::string>> OpenAiFront::whole(Call& call, Result<inference::ChatCompletionRequest> asked, std::string_view latency) {
  Completion completion = co_await begin_completion(bedrock_, call, std::move(asked), latency);
  co_return co_await keep(answer_completion(bedrock_, call, std::move(completion)));
}

Task<Result<void>> OpenAiFront::respond(Request& request, int status, std::string body) {
  request.is_begun = true;
  return request.exchange.respond(head_of(status, "application/json", request.request_id, request.call), std::move(body));
}

// A client that has gone does not hear it; there is nobody left to tell.
Task<void> OpenAiFront::respond_fault(Request& request, const Fault& fault) {
  net::ResponseHead head = head_of(fault.status, "application/json", request.request_id, request.call);
  head.headers.add("x-amzn-errortype", fault.code);
  [[maybe_unused]] Result<void> sent = co_await keep(request.exchange.respond(std::move(head), openai_error(fault)));
}

}  // namespace outcrop::bedrock_runtime
