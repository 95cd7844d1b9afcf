// The HTTP/1.1 client: one for each event loop, on whose thread everything of it happens. It keeps connections to the
// origins it was sent to and uses the one again that was used last.
//
// It does what was asked and nothing besides: no redirects, no cookies, no decompression (accept-encoding is the
// caller's field), no retries, but for one: a request that met a connection kept from before which the server closed
// in the meantime, without a byte of an answer, is sent once more on a new connection, when the server cannot have
// seen it (nothing of it left), or when its method is idempotent (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1) or
// the caller says that it may be repeated. Bodies that are written by the caller are never sent again.
#pragma once
#include <memory>
#include <stop_token>
#include <string>

#include "net/client_exchange.h"
#include "net/dialer.h"
#include "net/limits.h"
#include "net/proxy_settings.h"
#include "net/tls/context.h"
#include "net/url.h"

namespace outcrop::net {

struct ClientOptions {
  size_t connections_per_origin_max = limits::connections_per_origin_max;
  size_t waiting_per_origin_max = limits::waiting_per_origin_max;
  size_t idle_per_origin_max = limits::idle_per_origin_max;
  size_t idle_connections_max = limits::idle_connections_max;
  size_t head_bytes_max = limits::response_head_bytes_max;
  size_t fields_max = limits::response_fields_max;
  Milliseconds idle_timeout = limits::client_idle_timeout;
  Milliseconds connect_timeout = limits::connect_timeout;
  Milliseconds pool_timeout = limits::pool_timeout;
  Milliseconds write_timeout = limits::write_timeout;
  Milliseconds continue_timeout = limits::continue_timeout;
  ProxySettings proxies = {};
  // Whose authorities servers are verified by, always with their names. Null: https is refused.
  std::shared_ptr<TlsClientContext> tls = {};
};

struct ClientRequest {
  std::string method = "GET";
  Url url;
  // Content-length, transfer-encoding, connection, expect, trailer and upgrade fields are the client's to write
  // and ignored here. Without a "host" field the URL's authority is written.
  Headers headers = {};
  std::string body = {};

  SteadyTime deadline = SteadyTime::max();                   // for everything, to the end of the response
  Milliseconds response_timeout = limits::response_timeout;  // from the request's last byte to the end of the head
  Milliseconds read_timeout = limits::read_timeout;          // between two parts of the response
  std::stop_token stop = {};                                 // closes the connection; whoever waits gets Cancelled 499

  // For this request instead of the client's; requests share connections when they share these.
  std::shared_ptr<TlsClientContext> tls = {};

  bool direct = false;  // past any proxy
  // Asks the server first whether it wants the body (RFC 9110 section 10.1.1).
  bool expect_continue = false;
  // May be carried out twice though its method (POST, PATCH) does not say so.
  bool may_be_repeated = false;
};

struct ClientStats {
  size_t connections = 0;  // open, or being opened
  size_t idle = 0;
  size_t waiting = 0;   // requests, for a connection
  uint64_t opened = 0;  // since the start
};

class HttpClient {
 public:
  // What is passed must outlive the client.
  HttpClient(EventLoop& loop, Dialer& dialer, ClientOptions options = {});
  ~HttpClient();  // after close() has ended, or when nothing was sent

  // Sends the request with its body; ends with the head of the response. Faults: client_fault.h.
  Task<Result<std::unique_ptr<ClientExchange>>> send(ClientRequest request);
  // Sends the head of a request whose body the caller writes: of the length given, or in chunks.
  Task<Result<std::unique_ptr<ClientExchange>>> start(ClientRequest request, std::optional<uint64_t> length = std::nullopt);

  // Closes what is idle and breaks off what is under way, which ends with Cancelled. Returns when every exchange is
  // gone. Nothing may be sent any more.
  Task<void> close();

  ClientStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace outcrop::net
