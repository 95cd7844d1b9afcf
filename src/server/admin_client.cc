#include "server/admin_client.h"

#include <fmt/format.h>

#include <future>

#include "auth/authenticator.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/task_group.h"
#include "base/thread_pool.h"
#include "core/admin.h"
#include "net/event_loop.h"
#include "net/real_dialer.h"
#include "server/setting.h"

namespace outcrop::server {

namespace {

// A list of the quotas of thousands of models; ours.
constexpr size_t admin_answer_bytes_max = 64 << 20;
constexpr Seconds admin_answer_time_max{30};
constexpr std::string_view admin_signing_region = "us-east-1";  // any that both sides name
constexpr size_t resolver_threads = 1;

// Words of a service stand under "message", some of Lambda's under "Message".
std::string message_of(const json::Value& answer) {
  for (std::string_view name : {"message", "Message"}) {
    const json::Value* message = answer.find(name);
    if (message && message->is_string()) return std::string(message->as_string());
  }
  return {};
}

// The name of an error: "ResourceNotFoundException", whatever stands around it.
std::string error_name(std::string_view type) {
  type = type.substr(0, type.find(':'));
  return std::string(type.substr(type.rfind('#') + 1));
}

Fault refusal_of(const net::ResponseHead& head, std::string_view body) {
  const json::Value answer = json::parse(body).value_or(json::Value());
  const json::Value* type = answer.find("__type");
  std::string code = error_name(type && type->is_string() ? type->as_string() : head.headers.get("x-amzn-errortype"));
  std::string message = message_of(answer);
  if (message.empty()) message = fmt::format("the server answers with status {} {}", head.status, code);
  return {code.empty() ? "Refused" : std::move(code), head.status, std::move(message)};
}

Result<json::Value> parsed_answer(std::string_view body) {
  auto answer = json::parse(body);
  if (!answer) return fail("InvalidAnswer", 502, "the answer is no JSON: is this an Outcrop server?");
  return std::move(*answer);
}

// Everything a client stands on, for one thread.
struct ClientParts {
  ClientParts(const net::ClientOptions& options) : client(loops.at(0), dialer, options) {}
  ~ClientParts() {
    loops.stop();
    loops.join();
  }

  RealClock clock;
  ThreadPool pool{resolver_threads};
  net::Loops loops{clock, 1};
  net::Resolver resolver{clock, pool};
  net::RealDialer dialer{resolver};
  net::HttpClient client;
  TaskGroup tasks;
};

using Ask = std::function<Task<Result<void>>(AdminClient&)>;

Task<void> ask_and_close(const Ask& ask, AdminClient& client, net::HttpClient& connections, std::promise<Result<void>>& answered) {
  Result<void> result = co_await keep(ask(client));
  co_await connections.close();
  answered.set_value(std::move(result));
}

}  // namespace

Result<AdminTarget> AdminTarget::from(const std::optional<std::string>& endpoint, const Environment& environment) {
  std::optional<std::string> text = endpoint ? endpoint : environment("AWS_ENDPOINT_URL");
  auto url = net::parse_url(text.value_or("http://" + default_listen_address.text()));
  if (!url) return fail(std::move(url.error()));
  AdminTarget target{
      .url = std::move(*url), .credentials = {}, .region = {}, .authorities_file = environment("AWS_CA_BUNDLE").value_or("")};
  const auto region = environment("AWS_REGION"), default_region = environment("AWS_DEFAULT_REGION");
  target.region = region.value_or(default_region.value_or(std::string(auth::default_region)));
  const auto key_id = environment("AWS_ACCESS_KEY_ID"), secret = environment("AWS_SECRET_ACCESS_KEY");
  if (key_id && secret) {
    target.credentials = auth::SigningCredentials{*key_id, *secret, environment("AWS_SESSION_TOKEN").value_or("")};
  }
  return target;
}

net::Headers AdminClient::signed_headers(net::RequestHead head, std::string_view region, std::string_view service,
                                         std::string_view body) const {
  head.host = target_.url.authority();
  head.headers.add("host", head.host);
  if (target_.credentials) auth::sign(head, *target_.credentials, region, service, hex(sha256(body)), clock_.real_wall());
  return std::move(head.headers);
}

Task<Result<json::Value>> AdminClient::get(std::string_view path) {
  net::ClientRequest request{.url = target_.url};
  request.url.target = fmt::format("{}{}", Admin::path_prefix, path);
  request.headers = signed_headers({.method = "GET", .path = request.url.target}, admin_signing_region, "outcrop", "");
  request.deadline = clock_.steady() + admin_answer_time_max;
  std::unique_ptr<net::ClientExchange> exchange = co_await client_.send(std::move(request));
  const std::string body = co_await exchange->read_whole(admin_answer_bytes_max);
  if (exchange->head().status != 200) co_return fail(refusal_of(exchange->head(), body));
  co_return parsed_answer(body);
}

Task<Result<std::unique_ptr<net::ClientExchange>>> AdminClient::begin(ApiRequest asked) {
  net::ClientRequest request{.method = asked.method, .url = target_.url};
  request.url.target = asked.path;
  request.headers = signed_headers({.method = std::move(asked.method), .path = std::move(asked.path), .headers = std::move(asked.headers)},
                                   target_.region, asked.signing_name, asked.body);
  request.body = std::move(asked.body);
  std::unique_ptr<net::ClientExchange> exchange = co_await client_.send(std::move(request));
  if (exchange->head().status / 100 == 2) co_return exchange;
  const std::string body = co_await exchange->read_whole(admin_answer_bytes_max);
  co_return fail(refusal_of(exchange->head(), body));
}

Task<Result<json::Value>> AdminClient::call(ApiRequest request) {
  std::unique_ptr<net::ClientExchange> exchange = co_await begin(std::move(request));
  const std::string body = co_await exchange->read_whole(admin_answer_bytes_max);
  co_return parsed_answer(body);
}

Result<void> AdminClient::run(const AdminTarget& target, std::function<Task<Result<void>>(AdminClient&)> ask) {
  net::ClientOptions options;
  if (target.url.tls) {
    auto tls = net::TlsClientContext::create({.authorities_file = target.authorities_file});
    if (!tls) return fail(std::move(tls.error()));
    options.tls = std::move(*tls);
  }
  ClientParts parts(options);
  AdminClient client(target, parts.client, parts.clock);
  std::promise<Result<void>> answered;
  parts.loops.start();
  parts.tasks.spawn_on(parts.loops.at(0), ask_and_close(ask, client, parts.client, answered));
  return answered.get_future().get();
}

}  // namespace outcrop::server
