#include "core/admin.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "core/duration_text.h"
#include "core/fault_rule_json.h"
#include "core/quota_usage_json.h"
#include "wire/date_text.h"

namespace outcrop {

struct Admin::Request {
  net::Exchange& exchange;
  const net::RequestHead& head;
  std::string_view path;  // behind the prefix
  std::string body;
  std::string_view rest;  // what the '*' of the route stands for
  Identity identity;

  // The body as a JSON object; an empty body is an empty one.
  Result<json::Value> json() const {
    if (body.empty()) return json::Value::object();
    auto parsed = json::parse(body);
    if (!parsed) return fail("ValidationException", 400, fmt::format("The body is no JSON: {}.", parsed.error().message()));
    if (!parsed->is_object()) return fail("ValidationException", 400, "The body must be a JSON object.");
    return std::move(*parsed);
  }
  // A parameter of the query, decoded.
  std::optional<std::string> parameter(std::string_view name) const {
    for (std::string_view rest = head.query; !rest.empty();) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      const size_t equals = std::min(pair.find('='), pair.size());
      if (pair.substr(0, equals) != name) continue;
      const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
      return percent_decode(value, true).value_or(std::string(value));  // what cannot be decoded is not the same as nothing
    }
    return std::nullopt;
  }
};

Admin::Admin(AdminParts parts, AdminOptions options)
    : parts_(parts), options_(std::move(options)), started_at_(parts.world.clock.steady()) {}

std::span<const Admin::Route> Admin::routes() {
  static constexpr Route table[] = {
      {.method = "GET", .path = "health", .function = &Admin::health, .is_public = true},
      {.method = "GET", .path = "version", .function = &Admin::version},
      {.method = "GET", .path = "services", .function = &Admin::services},
      {.method = "GET", .path = "services/*", .function = &Admin::operations},
      {.method = "GET", .path = "metrics", .function = &Admin::metrics},
      {.method = "GET", .path = "quotas", .function = &Admin::quotas},
      {.method = "GET", .path = "ca", .function = &Admin::authority, .is_public = true},
      {.method = "POST", .path = "reset", .function = &Admin::reset},
      {.method = "GET", .path = "clock", .function = &Admin::clock},
      {.method = "POST", .path = "clock/advance", .function = &Admin::advance_clock, .concerns_everybody = true},
      {.method = "POST", .path = "clock/set", .function = &Admin::set_clock, .concerns_everybody = true},
      {.method = "GET", .path = "faults", .function = &Admin::list_faults},
      {.method = "POST", .path = "faults", .function = &Admin::add_fault, .concerns_everybody = true},
      {.method = "DELETE", .path = "faults", .function = &Admin::remove_all_faults, .concerns_everybody = true},
      {.method = "DELETE", .path = "faults/*", .function = &Admin::remove_fault, .concerns_everybody = true},
  };
  return table;
}

Task<void> Admin::serve(net::Exchange& exchange) {
  Request request = {.exchange = exchange, .head = exchange.head()};
  request.path = request.head.path;
  request.path.remove_prefix(std::min(path_prefix.size(), request.path.size()));
  Result<Answer> answer;
  try {
    answer = co_await this->answer(request);
  } catch (const std::exception& problem) {
    log::error("an admin request threw", {{"path", request.head.path}, {"problem", problem.what()}});
    answer = fail("InternalFailure", 500, "The request failed because of an unknown error.");
  }
  if (!answer) {
    const Fault& fault = answer.error();
    answer = Answer{.status = fault.status, .body = json::Object{{"code", fault.code}, {"message", fault.message}}};
  }
  net::ResponseHead head = {.status = answer->status};
  head.headers.add("content-type", answer->text.empty() ? "application/json" : std::string(answer->text_type));
  head.headers.add("cache-control", "no-store");
  std::string body = answer->text.empty() ? json::write(answer->body) + "\n" : std::move(answer->text);
  [[maybe_unused]] Result<void> sent = co_await keep(exchange.respond(std::move(head), std::move(body)));
}

Task<Result<Admin::Answer>> Admin::answer(Request& request) {
  const Route& route = *co_await this->route(request);
  request.body = co_await request.exchange.read_body(limits::admin_body_bytes_max);
  co_await admit(route, request);
  co_return co_await keep((this->*route.function)(request));
}

Result<const Admin::Route*> Admin::route(Request& request) const {
  std::string_view path = request.path;
  if (path.ends_with('/')) path.remove_suffix(1);
  std::string allowed;
  for (const Route& route : routes()) {
    const bool takes_rest = route.path.ends_with('*');
    const std::string_view fixed = route.path.substr(0, route.path.size() - takes_rest);
    if (takes_rest ? !(path.starts_with(fixed) && path.size() > fixed.size()) : path != fixed) continue;
    if (route.method == request.head.method || (route.method == "GET" && request.head.method == "HEAD")) {
      request.rest = path.substr(fixed.size());
      return &route;
    }
    allowed += allowed.empty() ? "" : ", ";
    allowed += route.method;
  }
  if (!allowed.empty()) return fail("MethodNotAllowed", 405, fmt::format("{} takes {}.", request.head.path, allowed));
  return fail("NotFound", 404, fmt::format("There is nothing at {}.", request.head.path));
}

Result<void> Admin::admit(const Route& route, Request& request) {
  const bool is_loopback = request.head.peer.is_loopback;
  if (!parts_.authenticator.enforced()) {
    if (Result<void> guarded = auth::check_web_origin(request.head, options_.web_guard); !guarded) return guarded;
    if (!is_loopback && !route.is_public) return fail("AccessDenied", 403, "The admin interface is for loopback only.");
    return {};
  }
  if (route.is_public) return {};
  auto body_hash = [&] { return hex(sha256(request.body)); };
  Result<auth::Caller> caller =
      parts_.authenticator.authenticate(request.head, body_hash, {.signing_name = "outcrop", .dialect = auth::Dialect::rest_json});
  if (!caller) return fail(std::move(caller.error()));
  if (route.concerns_everybody && !is_loopback) return fail("AccessDenied", 403, "This concerns all accounts and is for loopback only.");
  request.identity = std::move(caller->identity);
  return {};
}

Task<Result<Admin::Answer>> Admin::health(Request&) {
  const auto uptime = std::chrono::duration_cast<Milliseconds>(parts_.world.clock.steady() - started_at_);
  co_return Answer{.body = json::Object{{"status", "ok"},
                                        {"version", options_.version},
                                        {"clock", parts_.manual_clock ? "manual" : "real"},
                                        {"auth", parts_.authenticator.enforced() ? "enforce" : "open"},
                                        {"uptimeSeconds", double(uptime.count()) / 1000}}};
}

Task<Result<Admin::Answer>> Admin::version(Request&) {
  co_return Answer{.body = json::Object{{"name", "outcrop"}, {"version", options_.version}}};
}

Task<Result<Admin::Answer>> Admin::services(Request&) {
  json::Array services;
  for (const Directory::Service* service : parts_.directory.services()) {
    services.push_back(json::Object{{"service", service->model.name},
                                    {"apiVersion", service->model.api_version},
                                    {"implemented", service->operations.size()},
                                    {"operations", service->model.operations.size()}});
  }
  co_return Answer{.body = json::Object{{"services", std::move(services)}}};
}

Task<Result<Admin::Answer>> Admin::operations(Request& request) {
  const Directory::Service* service = parts_.directory.find(request.rest);
  if (!service) co_return fail("NotFound", 404, fmt::format("There is no service {}.", request.rest));
  json::Array operations;
  for (const wire::Operation& operation : service->model.operations) {
    operations.push_back(json::Object{{"operation", operation.name}, {"implemented", operation.is_implemented()}});
  }
  co_return Answer{.body = json::Object{{"service", service->model.name}, {"operations", std::move(operations)}}};
}

Task<Result<Admin::Answer>> Admin::metrics(Request&) { co_return Answer{.text = parts_.metrics.prometheus_text()}; }

// Of all accounts, or of ?account=…; from afar of the caller's.
Task<Result<Admin::Answer>> Admin::quotas(Request& request) {
  std::optional<std::string> account = request.parameter("account");
  if (account && !auth::is_account_id(*account)) co_return fail("ValidationException", 400, "account must be 12 digits.");
  if (parts_.authenticator.enforced() && !request.head.peer.is_loopback) {
    if (account.value_or(request.identity.account) != request.identity.account)
      co_return fail("AccessDenied", 403, "From afar the key can see the quotas of its own account only.");
    account = request.identity.account;
  }
  json::Array quotas;
  if (parts_.quota_usage) {
    for (const QuotaUsage& usage : parts_.quota_usage->quota_usage(account)) quotas.push_back(quota_usage_json(usage));
  }
  co_return Answer{.body = json::Object{{"time", iso8601(parts_.world.clock.wall(), true)}, {"quotas", std::move(quotas)}}};
}

// For everybody: who does not trust it yet cannot sign over a connection that wants it. (Media type: RFC 8555 section 9.1.)
Task<Result<Admin::Answer>> Admin::authority(Request&) {
  if (!options_.authority) co_return fail("NotFound", 404, "The server does not speak TLS.");
  co_return Answer{.text = co_await options_.authority(), .text_type = "application/pem-certificate-chain"};
}

// Of all accounts, or of ?account=…; a full one also ends the faults.
Task<Result<Admin::Answer>> Admin::reset(Request& request) {
  std::optional<std::string> account = request.parameter("account");
  if (account && !auth::is_account_id(*account)) co_return fail("ValidationException", 400, "account must be 12 digits.");
  if (parts_.authenticator.enforced() && account != request.identity.account && !request.head.peer.is_loopback) {
    co_return fail("AccessDenied", 403,
                   fmt::format("From afar the key can reset its own account only: ?account={}.", request.identity.account));
  }
  co_await parts_.reset.run(account);
  if (!account) parts_.faults.clear();
  co_return Answer{};
}

Admin::Answer Admin::clock_answer() const {
  return {.body = json::Object{{"mode", parts_.manual_clock ? "manual" : "real"}, {"time", iso8601(parts_.world.clock.wall(), true)}}};
}

Result<ManualClock*> Admin::manual_clock() const {
  if (parts_.manual_clock) return parts_.manual_clock;
  return fail("InvalidRequest", 400, "The clock is the machine's own. Start the server with --clock manual to move it.");
}

Task<Result<Admin::Answer>> Admin::clock(Request&) { co_return clock_answer(); }

// {"seconds": 3600} or {"duration": "30d"}
Task<Result<Admin::Answer>> Admin::advance_clock(Request& request) {
  ManualClock& clock = *co_await manual_clock();
  const json::Value body = co_await request.json();
  const json::Value *seconds = body.find("seconds"), *duration = body.find("duration");
  std::optional<Milliseconds> by;
  if (seconds && !duration && seconds->as_double() && std::abs(*seconds->as_double()) < 1e12) {
    by = Milliseconds(std::llround(*seconds->as_double() * 1000));
  }
  if (duration && !seconds && duration->is_string()) by = parse_duration(duration->as_string());
  if (!by) co_return fail("ValidationException", 400, "Give either seconds, a number, or duration, such as \"30d\" or \"1h30m\".");
  const uint64_t fired = co_await clock.advance(*by);
  Answer answer = clock_answer();
  answer.body.as_object().set("timersFired", fired);
  co_return answer;
}

// {"time": "2026-11-22T19:13:32Z"}
Task<Result<Admin::Answer>> Admin::set_clock(Request& request) {
  ManualClock& clock = *co_await manual_clock();
  const json::Value body = co_await request.json();
  const json::Value* time = body.find("time");
  if (!time || !time->is_string()) co_return fail("ValidationException", 400, "Give time, such as \"2026-11-22T19:13:32Z\".");
  auto to = wire::parse_date_time(time->as_string());
  if (!to) co_return fail("ValidationException", 400, fmt::format("time: {}.", to.error()));
  const uint64_t fired = co_await clock.set(*to);
  Answer answer = clock_answer();
  answer.body.as_object().set("timersFired", fired);
  co_return answer;
}

Task<Result<Admin::Answer>> Admin::list_faults(Request&) {
  json::Array faults;
  for (const FaultRule& rule : parts_.faults.list()) faults.push_back(fault_rule_to_json(rule));
  co_return Answer{.body = json::Object{{"faults", std::move(faults)}}};
}

Task<Result<Admin::Answer>> Admin::add_fault(Request& request) {
  const json::Value body = co_await request.json();
  FaultRule rule = co_await fault_rule_from_json(body, parts_.directory);
  co_return Answer{.status = 201, .body = fault_rule_to_json(co_await parts_.faults.add(std::move(rule)))};
}

Task<Result<Admin::Answer>> Admin::remove_fault(Request& request) {
  if (!parts_.faults.remove(request.rest)) co_return fail("NotFound", 404, fmt::format("There is no fault rule {}.", request.rest));
  co_return Answer{};
}

Task<Result<Admin::Answer>> Admin::remove_all_faults(Request&) {
  parts_.faults.clear();
  co_return Answer{};
}

}  // namespace outcrop
