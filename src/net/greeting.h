// The first bytes of a connection, which tell what its peer speaks: TLS begins with a handshake record, HTTP/2 with
// its preface, and everything else is taken for HTTP/1.1. The bytes stay in the channel.
#pragma once
#include <string_view>

#include "net/server_loop.h"

namespace outcrop::net {

// What a client that knows it talks HTTP/2 sends first (RFC 9113 section 3.4).
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Greeting final : Connection {
 public:
  enum class Protocol { none, http1, http2, tls };  // none: the peer left, or said nothing in time

  Greeting(ServerLoop& home, Channel& channel) : Connection(home), home_(home), channel_(channel) {}

  // `due`: for the first bytes to come.
  Task<Protocol> protocol(SteadyTime due);

 private:
  Idle idle() const override { return Idle::fresh; }
  void stop() override {}
  void close() override { channel_.close(); }

  ServerLoop& home_;
  Channel& channel_;
};

}  // namespace outcrop::net
