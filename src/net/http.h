// One HTTP exchange as every layer above sees it, whatever the version of HTTP beneath: a request head, a
// body that is read as it is wanted, and a response that is written as it is made.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"

namespace outcrop::net {

struct Header {
  std::string name;  // as received or to be sent; look-ups ignore case
  std::string value;
};

class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> items) : items_(items) {}

  const std::string* find(std::string_view name) const;  // the first of that name, or null
  std::string_view get(std::string_view name) const;     // its value, or empty
  void add(std::string name, std::string value) { items_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);  // replaces all of that name
  void erase(std::string_view name);

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  size_t size() const { return items_.size(); }
  void clear() { items_.clear(); }
  void reserve(size_t n) { items_.reserve(n); }

 private:
  std::vector<Header> items_;
};

struct Peer {
  std::string address;  // "127.0.0.1", "::1"
  uint16_t port = 0;
  bool is_loopback = false;
};

struct RequestHead {
  std::string method;  // "POST"
  std::string path;    // raw, as on the wire, without the query: "/000000000000/my%20queue"
  std::string query;   // raw, without '?'; empty when absent
  std::string host;    // Host header or :authority, with its port
  Headers headers;     // without HTTP/2 pseudo headers
  int http_major = 1, http_minor = 1;
  bool tls = false;
  Peer peer;
};

struct ResponseHead {
  int status = 200;
  // Content-length, transfer-encoding and date are the connection's to write and ignored here; "connection: close"
  // asks for just that.
  Headers headers;
};

class Channel;

class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;

  // The declared length of the body, when there is one.
  virtual std::optional<uint64_t> content_length() const = 0;
  // The next part of the body; empty optional at its end. Parts are at most 64 KiB. The peer is held back
  // while nobody reads. Faults: RequestTimeout 408, IncompleteBody 400, BadRequest 400 (malformed chunks),
  // ConnectionClosed 499.
  virtual Task<Result<std::optional<std::string>>> read_some() = 0;
  // The whole body. RequestEntityTooLarge 413 above `limit` bytes, before more than that is kept.
  // Memory for it is reserved from the server's budget first; waits while the budget is spent, and faults with
  // ServiceUnavailable 503 when that takes too long.
  virtual Task<Result<std::string>> read_body(size_t limit) = 0;
  // What followed a chunked body; complete once the body was read to its end.
  virtual const Headers& trailers() const {
    static const Headers none;
    return none;
  }
  // Gives the reserved memory back early (the body was decoded or moved into what another budget counts).
  virtual void release_body_budget() = 0;

  // A whole response. Returns when it is handed to the socket; faults with ConnectionClosed when the peer has gone.
  virtual Task<Result<void>> respond(ResponseHead head, std::string body) = 0;

  // A streamed response: start, any number of writes, finish. Each write is sent at once and returns when the
  // connection can take more (the peer's pace is the writer's pace).
  virtual Task<Result<void>> start(ResponseHead head, std::optional<uint64_t> length = std::nullopt) = 0;
  virtual Task<Result<void>> write(std::string_view bytes) = 0;
  virtual Task<Result<void>> finish(Headers trailers = {}) = 0;

  // Leaves HTTP: answers 101 with `headers` (which name the new protocol in "upgrade"), and gives the byte stream to
  // whoever asked, until the handler returns; the connection ends then. Nothing of an answer may have begun. From then on
  // the head has no fields any more, because such connections last and are many; and the stop token is the server's: it is
  // stopped when a shutdown begins, and whoever reads sees the peer go. Faults:
  // UpgradeImpossible 400 when the request asked for no upgrade, has a body or came over HTTP/2; ConnectionClosed 499.
  virtual Task<Result<Channel*>> upgrade(Headers headers);

  // Drops the connection (HTTP/2: resets the stream) without an answer.
  virtual void abort() = 0;

  // Stopped when the peer has gone or the server shuts down hard. A peer that ended only its own side looks gone
  // too; what is answered then still reaches it.
  virtual std::stop_token stop_token() const = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Called once per request, on the connection's thread. An exchange that was neither answered nor aborted
  // when it returns is answered with 500.
  virtual Task<void> serve(Exchange& exchange) = 0;
};

}  // namespace outcrop::net
