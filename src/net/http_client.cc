#include "net/http_client.h"

#include "net/connection_pool.h"
#include "net/http1/client_exchange.h"

namespace outcrop::net {

namespace {

using Exchanged = Result<std::unique_ptr<ClientExchange>>;

std::unexpected<Fault> invalid_request(std::string_view why) { return fail("InvalidRequest", 400, std::string(why)); }

}  // namespace

struct HttpClient::State {
  State(EventLoop& loop, Dialer& dialer, ClientOptions wanted) : options(std::move(wanted)), pool(loop, dialer, options) {}

  Route route_of(const ClientRequest& request) const {
    static const std::shared_ptr<TlsClientContext> plain;
    const Url& url = request.url;
    const std::shared_ptr<TlsClientContext>& tls = !url.tls ? plain : request.tls ? request.tls : options.tls;
    return {url, request.direct ? nullptr : options.proxies.choose(url.tls, url.host, url.port), tls};
  }
  std::string_view find_impossible(const ClientRequest& request) const {
    if (request.url.tls && !request.tls && !options.tls) return "This client has no authorities to verify https servers by.";
    return find_unwritable(request);
  }
  // Who is asked in absolute form.
  static const Proxy* asked_proxy(const Route& route) { return route.is_tunnelled() ? nullptr : route.proxy; }

  const ClientOptions options;
  ConnectionPool pool;
};

HttpClient::HttpClient(EventLoop& loop, Dialer& dialer, ClientOptions options)
    : state_(std::make_unique<State>(loop, dialer, std::move(options))) {}

HttpClient::~HttpClient() = default;

Task<Exchanged> HttpClient::send(ClientRequest request) {
  if (std::string_view why = state_->find_impossible(request); !why.empty()) co_return invalid_request(why);
  ConnectionPool& pool = state_->pool;
  Route route = state_->route_of(request);
  ClientConnection* connection = pool.take_idle(route);
  for (bool again = false;; again = true) {
    if (!connection) connection = co_await pool.open(route, request.deadline, request.stop);
    auto exchange = std::make_unique<Http1ClientExchange>(pool, *connection, request);
    Result<void> answered = co_await keep(exchange->send(request, State::asked_proxy(route)));
    if (answered) co_return exchange;
    if (again || !exchange->may_try_again(request)) co_return std::unexpected(std::move(answered.error()));
    connection = nullptr;
  }
}

Task<Exchanged> HttpClient::start(ClientRequest request, std::optional<uint64_t> length) {
  if (std::string_view why = state_->find_impossible(request); !why.empty()) co_return invalid_request(why);
  if (!request.body.empty()) co_return invalid_request("A request that is started has no body yet.");
  ConnectionPool& pool = state_->pool;
  Route route = state_->route_of(request);
  ClientConnection* connection = pool.take_idle(route);
  if (!connection) connection = co_await pool.open(route, request.deadline, request.stop);
  auto exchange = std::make_unique<Http1ClientExchange>(pool, *connection, request);
  using Body = RequestFraming::Body;
  RequestFraming framing{length ? Body::length : Body::chunked, length.value_or(0), request.expect_continue && length != 0};
  co_await exchange->start(request, framing, State::asked_proxy(route));
  co_return exchange;
}

Task<void> HttpClient::close() { return state_->pool.close(); }

ClientStats HttpClient::stats() const { return state_->pool.stats(); }

}  // namespace outcrop::net
