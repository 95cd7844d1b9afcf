#include "net/client_harness_test.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket_address.h"

namespace outcrop::net {

namespace {
constexpr int accept_ms_max = 20'000;
}

std::string ScriptedPeer::receive_through(std::string_view end) {
  std::string received;
  while (!received.ends_with(end)) {
    std::string byte = receive_bytes(1);
    if (byte.empty()) break;
    received += byte;
  }
  return received;
}

// It is enough to wait until the socket takes nothing for a moment: what is tested is a bound from above.
size_t ScriptedPeer::send_what_fits(std::string_view bytes) {
  size_t sent = 0;
  for (pollfd ready{socket(), POLLOUT, 0}; sent < bytes.size() && ::poll(&ready, 1, 100) == 1;) {
    ssize_t some = ::send(socket(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (some < 0) break;
    sent += size_t(some);
  }
  return sent;
}

ScriptedServer::ScriptedServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  SocketAddress address = *SocketAddress::from_text("127.0.0.1:0");
  check(::bind(socket_, address.raw(), address.length) == 0 && ::listen(socket_, 128) == 0, "the scripted server cannot listen");
  ::getsockname(socket_, address.raw(), &address.length);
  endpoint = {"127.0.0.1", ntohs(address.v4().sin_port)};
}

ScriptedServer::~ScriptedServer() { ::close(socket_); }

ScriptedPeer ScriptedServer::accept() {
  pollfd ready{socket_, POLLIN, 0};
  check(::poll(&ready, 1, accept_ms_max) == 1, "the client does not connect");
  int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  set_socket_option(socket, IPPROTO_TCP, 1 /* TCP_NODELAY */, 1);
  return ScriptedPeer(socket);
}

bool ScriptedServer::has_waiting() const {
  pollfd ready{socket_, POLLIN, 0};
  return ::poll(&ready, 1, 0) == 1;
}

Url ScriptedServer::url(std::string_view target) const { return url_of(endpoint, target); }

TestHttpClient::TestHttpClient(ClientOptions options, Dialer* other)
    : client(loops.at(0), other ? *other : static_cast<Dialer&>(dialer), std::move(options)) {
  loops.start();
}

TestHttpClient::~TestHttpClient() { close(); }

void TestHttpClient::close() {
  if (!std::exchange(closed_, true)) run([this] { return client.close(); });
}

Task<Outcome> TestHttpClient::fetch(ClientRequest request, size_t limit) {
  Outcome outcome;
  Result<std::unique_ptr<ClientExchange>> exchange = co_await client.send(std::move(request));
  if (!exchange) {
    outcome.fault = exchange.error();
    co_return outcome;
  }
  outcome.status = (*exchange)->head().status;
  outcome.headers = (*exchange)->head().headers;
  Result<std::string> body = co_await (*exchange)->read_whole(limit);
  if (body) {
    outcome.body = *body;
    outcome.trailers = (*exchange)->trailers();
  } else {
    outcome.fault = body.error();
  }
  co_return outcome;
}

std::future<Outcome> TestHttpClient::begin_fetch(ClientRequest request) {
  return begin([this, request = std::move(request)] { return fetch(request); });
}

ClientStats TestHttpClient::stats() {
  return run([this]() -> Task<ClientStats> { co_return client.stats(); });
}

ClientRequest get_request(const Url& url) { return {.url = url}; }

ClientRequest post_request(const Url& url, std::string body) { return {.method = "POST", .url = url, .body = std::move(body)}; }

Url url_of(const Endpoint& endpoint, std::string_view target) {
  return {.host = endpoint.address, .port = endpoint.port, .target = std::string(target)};
}

}  // namespace outcrop::net
