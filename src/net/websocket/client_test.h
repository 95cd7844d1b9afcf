// What the WebSocket tests share: handlers, and a client on a raw socket that says exactly what a test wants said, frames that
// nobody should send among it.
#pragma once
#include "net/harness_test.h"
#include "net/websocket.h"

namespace outcrop::net {

using Conversation = std::function<Task<void>(WebSocket&)>;  // outlives the server, so it may capture

// A handler that accepts every handshake and gives the connection to `converse`.
FunctionHandler::Function websocket(WebSocketOptions options, Conversation converse);
Task<void> echo(WebSocket& socket);  // every message, to the end

// A client's frame. `first` is its first byte: FIN, the reserved bits and the opcode.
std::string masked_frame(uint8_t first, std::string_view payload, uint32_t key = 0x9a3c51f7);
inline std::string text_frame(std::string_view payload) { return masked_frame(0x81, payload); }
inline std::string binary_frame(std::string_view payload) { return masked_frame(0x82, payload); }
inline std::string masked_ping(std::string_view payload = {}) { return masked_frame(0x89, payload); }
// Without a code where it is 0.
std::string close_frame(uint16_t code = 0, std::string_view text = {});

inline constexpr std::string_view websocket_key = "dGhlIHNhbXBsZSBub25jZQ==";  // of RFC 6455 section 1.3
std::string websocket_request(std::string_view path = "/", std::string_view more_fields = {});

class WebSocketTestClient {
 public:
  // Connects and shakes hands.
  explicit WebSocketTestClient(const TestServer& server, std::string_view path = "/", int receive_buffer_bytes = 0);

  void send(std::string_view bytes) { client_.send(bytes); }

  struct Frame {
    uint8_t first = 0;  // 0: the connection ended instead
    std::string payload;
    bool operator==(const Frame&) const = default;
  };
  Frame receive();
  // Whether the next thing is the end of the connection.
  bool ends() { return client_.is_closed_by_server(); }

  TestClient& socket() { return client_; }

 private:
  TestClient client_;
};

// A close frame of ours, with its code; 0 when it has none, or when it is no close frame.
uint16_t code_of_close(const WebSocketTestClient::Frame& frame);

}  // namespace outcrop::net
