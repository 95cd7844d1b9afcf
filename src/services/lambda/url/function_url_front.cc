#include "services/lambda/url/function_url_front.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "core/client_call.h"
#include "gen/lambda/errors.h"
#include "json/writer.h"
#include "services/lambda/invoke/wording.h"
#include "services/lambda/url/configuration.h"
#include "services/lambda/url/cors.h"
#include "services/lambda/url/event.h"
#include "services/lambda/url/limits.h"
#include "services/lambda/url/prelude.h"
#include "services/lambda/url/response.h"
#include "wire/protocol.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view signing_name = "lambda";

// What callers are told of a function that failed, or whose answer is no response.
Fault function_failed() { return {"InternalServerError", 502, "Internal Server Error"}; }

// AWS's words.
Fault forbidden() {
  return {"AccessDeniedException", 403,
          "Forbidden. For troubleshooting Function URL authorization issues, see: "
          "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"};
}

Fault unknown_url() { return {"AccessDeniedException", 403, ""}; }

// What the function was given before the trace began is not known, so that it begins here.
std::string trace_of(const net::RequestHead& head, World& world) {
  if (const std::string* given = head.headers.find("x-amzn-trace-id")) return *given;
  std::string chance(12, '\0');
  world.random.fill(std::as_writable_bytes(std::span(chance)));
  return fmt::format("Root=1-{:08x}-{}", seconds_since_epoch(world.clock.real_wall()), hex(chance));
}

// Errors of the front itself have "Message", null when there is nothing to say.
std::string error_body(const Fault& fault) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.name("Message");
  if (fault.message.empty())
    writer.null();
  else
    writer.string(fault.message);
  writer.end_object();
  return text;
}

bool is_failed(const runner::Answer& answer) { return !answer.outcome().function_error.empty(); }

// All parts. A function that does not stream gives one.
Task<Result<std::string>> read_all(runner::Answer& answer) {
  std::string payload;
  while (std::optional<std::string> part = co_await answer.next()) {
    if (payload.empty())
      payload = std::move(*part);
    else
      payload += *part;
  }
  co_return payload;
}

}  // namespace

// One request on its way in.
struct FunctionUrlFront::Request {
  net::Exchange& exchange;
  const net::RequestHead& head;
  std::string request_id, trace_header;
  UrlAddress address;
  std::string body = {};
  std::optional<FunctionUrl> url = {};
  std::optional<Identity> caller = {};  // of a signed request
  int status = 0;                       // answered
  bool is_begun = false;                // an answer's head was sent
};

Task<void> FunctionUrlFront::serve(net::Exchange& exchange) {
  const net::RequestHead& head = exchange.head();
  Request request = {.exchange = exchange,
                     .head = head,
                     .request_id = parts_.world.random.uuid(),
                     .trace_header = trace_of(head, parts_.world),
                     .address = UrlAddress::of(head.host, head.path).value_or(UrlAddress())};
  const SteadyTime begun = parts_.world.clock.steady();
  Result<void> answered;
  try {
    answered = co_await keep(answer(request));
  } catch (const std::exception& problem) {
    log::error("a function URL's request threw", {{"path", head.path}, {"request_id", request.request_id}, {"problem", problem.what()}});
    answered = fail(function_failed());
  }
  if (!answered && request.is_begun) exchange.abort();
  if (!answered && !request.is_begun) co_await respond_fault(request, answered.error());
  if (request.url) record(request, begun);
}

Task<Result<void>> FunctionUrlFront::answer(Request& request) {
  request.url = co_await parts_.urls.find(request.address.id);
  if (!request.url) co_return fail(unknown_url());
  const UrlRecord& url = request.url->record;
  if (url.cors && is_preflight(request.head)) {
    request.is_begun = true;
    net::ResponseHead head = preflight_answer(*url.cors, request.head);
    request.status = head.status;
    head.headers.add("x-amzn-requestid", request.request_id);
    co_return co_await keep(request.exchange.respond(std::move(head), ""));
  }
  Result<std::string> body = co_await keep(request.exchange.read_body(limits::url_request_bytes_max));
  if (!body) co_return fail(body.error().status == 413 ? request_too_large() : std::move(body.error()));
  request.body = std::move(*body);
  co_await authorize(request);
  const Invoked invoked = co_await parts_.invoke(request.url->function, co_await invocation_of(request));
  Result<void> responded = co_await keep(url.invoke_mode == response_stream ? respond_streamed(request, *invoked.answer)
                                                                            : respond_whole(request, *invoked.answer));
  if (!responded) co_await invoked.answer->close();
  co_return responded;
}

// Who calls, and whether they may.
Task<Result<void>> FunctionUrlFront::authorize(Request& request) {
  const UrlRecord& url = request.url->record;
  auth::Caller caller{.identity = {.kind = Identity::Kind::anonymous, .account = "anonymous"},
                      .region = request.url->function.place.region};
  if (url.auth_type == aws_iam) {
    caller = co_await authenticate(request);
    request.caller = caller.identity;
  }
  if (!parts_.authenticator.enforced()) co_return {};
  const Call call = call_of(request, std::move(caller));
  if (!co_await keep(parts_.check_access(call, request.url->function, url.auth_type))) co_return fail(forbidden());
  co_return {};
}

Result<auth::Caller> FunctionUrlFront::authenticate(const Request& request) const {
  auto caller = parts_.authenticator.authenticate(request.head, [&] { return hex(sha256(request.body)); },
                                                  {.signing_name = signing_name, .dialect = auth::Dialect::rest_json});
  if (!caller) return fail(auth::scope_service(request.head).empty() ? forbidden() : std::move(caller.error()));
  if (parts_.authenticator.enforced() && caller->region != request.url->function.place.region) return fail(forbidden());
  return caller;
}

Call FunctionUrlFront::call_of(Request& request, auth::Caller caller) const {
  Call call = client_call(parts_.world, request.exchange, std::move(caller), signing_name, "InvokeFunctionUrl", request.request_id,
                          {.host_fallback = {}, .extra_headers = {}});
  call.enforced = true;
  return call;
}

// The body is let go, and with it its share of the server's budget.
Result<runner::Invocation> FunctionUrlFront::invocation_of(Request& request) {
  const std::string domain_name =
      request.address.by_host ? request.head.host.substr(0, request.head.host.find(':')) : request.url->domain_name();
  runner::Invocation invocation{.request_id = request.request_id,
                                .payload = write_event({.head = request.head,
                                                        .path = request.address.path,
                                                        .body = request.body,
                                                        .url_id = request.url->record.id,
                                                        .domain_name = domain_name,
                                                        .request_id = request.request_id,
                                                        .trace_header = request.trace_header,
                                                        .caller = request.caller ? &*request.caller : nullptr,
                                                        .at = parts_.world.clock.wall()}),
                                .invoked_arn = {},
                                .trace_header = request.trace_header,
                                .is_streamed = request.url->record.invoke_mode == response_stream};
  request.body = {};
  request.exchange.release_body_budget();
  if (invocation.payload.size() > limits::url_request_bytes_max) return fail(request_too_large());
  return invocation;
}

Task<Result<void>> FunctionUrlFront::respond_whole(Request& request, runner::Answer& answer) {
  std::string payload = co_await read_all(answer);
  if (is_failed(answer)) co_return fail(function_failed());
  UrlResponse response = co_await response_of(answer.content_type(), std::move(payload));
  request.is_begun = true;
  complete(request, response.head);
  request.status = response.head.status;
  co_return co_await keep(request.exchange.respond(std::move(response.head), std::move(response.body)));
}

// What fails after the beginning breaks the connection off: nothing else tells the client.
Task<Result<void>> FunctionUrlFront::respond_streamed(Request& request, runner::Answer& answer) {
  co_await begin_stream(request, answer);
  co_await relay(request, answer);
  if (is_failed(answer)) co_return fail(function_failed());
  co_return co_await keep(request.exchange.finish());
}

// The head goes when it is known, with what came of the body.
Task<Result<void>> FunctionUrlFront::begin_stream(Request& request, runner::Answer& answer) {
  net::ResponseHead head = plain_head(answer.content_type());
  std::optional<std::string> first = co_await answer.next();
  if (is_failed(answer)) co_return fail(function_failed());
  if (answer.content_type() == integration_response_type) {
    Prelude prelude;
    for (;; first = co_await answer.next()) {
      if (!first) co_return fail(is_failed(answer) ? function_failed() : invalid_response("its metadata do not end"));
      if (co_await prelude.add(*first)) break;
    }
    head = co_await response_head_of(prelude.metadata(), "application/octet-stream");
    first = prelude.take_body();
  }
  complete(request, head);
  request.status = head.status;
  request.is_begun = true;
  co_await request.exchange.start(std::move(head));
  if (first && !first->empty()) co_await request.exchange.write(*first);
  co_return {};
}

// Each part as it comes; the next one is asked for when the connection can take more.
Task<Result<void>> FunctionUrlFront::relay(Request& request, runner::Answer& answer) {
  while (std::optional<std::string> part = co_await answer.next()) co_await request.exchange.write(*part);
  co_return {};
}

// A client that has gone does not hear it; there is nobody left to tell.
Task<void> FunctionUrlFront::respond_fault(Request& request, const Fault& fault) {
  if (fault.code == "InvalidResponse") {
    log::debug("a function answered its URL with what is no response",
               {{"function", request.url->function.name}, {"request_id", request.request_id}, {"reason", fault.message}});
    co_return co_await respond_fault(request, function_failed());
  }
  net::ResponseHead head{.status = fault.status, .headers = {{"content-type", "application/json"}}};
  std::string body = error_body(fault);
  if (fault.status == 502) {
    body = fault.message;
  } else if (fault.status != 403 && fault.status != 413) {
    wire::Response encoded = wire::rest_json_1().encode_fault(nullptr, fault, request.request_id);
    head = std::move(encoded.head);
    body = std::move(encoded.body);
  } else {
    head.headers.add("x-amzn-errortype", fault.code);
  }
  head.headers.erase("x-amzn-requestid");
  request.status = fault.status;
  complete(request, head);
  [[maybe_unused]] Result<void> sent = co_await keep(request.exchange.respond(std::move(head), std::move(body)));
}

void FunctionUrlFront::complete(const Request& request, net::ResponseHead& head) const {
  head.headers.add("x-amzn-requestid", request.request_id);
  head.headers.add("x-amzn-trace-id", request.trace_header);
  if (request.url && request.url->record.cors) add_cors_headers(*request.url->record.cors, request.head, head.headers);
}

// By function and, of an alias's URL, by alias too (Guide, "Monitoring Lambda function URLs").
void FunctionUrlFront::record(const Request& request, SteadyTime begun) const {
  const FunctionName& function = request.url->function;
  const double latency_ms = std::chrono::duration<double, std::milli>(parts_.world.clock.steady() - begun).count();
  auto add = [&](std::span<const ServiceMetrics::Dimension> dimensions) {
    auto one = [&](std::string_view metric, double value, std::string_view unit) {
      parts_.metrics.record(function.place.account, function.place.region, "AWS/Lambda", metric, dimensions, value, unit);
    };
    one("UrlRequestCount", 1, "Count");
    one("UrlRequestLatency", latency_ms, "Milliseconds");
    if (request.status >= 400 && request.status < 500) one("Url4xxCount", 1, "Count");
    if (request.status >= 500) one("Url5xxCount", 1, "Count");
  };
  add(std::array{ServiceMetrics::Dimension{"FunctionName", function.name}});
  if (!function.qualifier) return;
  const std::string resource = fmt::format("{}:{}", function.name, *function.qualifier);
  add(std::array{ServiceMetrics::Dimension{"FunctionName", function.name}, ServiceMetrics::Dimension{"Resource", resource}});
}

}  // namespace outcrop::lambda
