#include "net/websocket/client_test.h"

#include <gtest/gtest.h>

namespace outcrop::net {

namespace {

std::string big_endian(uint64_t value, size_t bytes) {
  std::string text(bytes, '\0');
  for (size_t i = bytes; i-- > 0; value >>= 8) text[i] = char(value);
  return text;
}

uint64_t number(std::string_view bytes) {
  uint64_t value = 0;
  for (char byte : bytes) value = value << 8 | uint8_t(byte);
  return value;
}

}  // namespace

FunctionHandler::Function websocket(WebSocketOptions options, Conversation converse) {
  return [options, converse](Exchange& exchange) -> Task<void> {
    auto socket = co_await WebSocket::accept(exchange, options);
    if (socket) {
      co_await converse(**socket);
    } else {
      (void)co_await WebSocket::refuse(exchange, socket.error());
    }
  };
}

Task<void> echo(WebSocket& socket) {
  while (auto message = co_await socket.receive()) (void)co_await socket.send(message->data, message->kind);
}

std::string masked_frame(uint8_t first, std::string_view payload, uint32_t key) {
  std::string frame(1, char(first));
  if (payload.size() < 126) {
    frame += char(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    frame += char(0x80 | 126);
    frame += big_endian(payload.size(), 2);
  } else {
    frame += char(0x80 | 127);
    frame += big_endian(payload.size(), 8);
  }
  std::string mask = big_endian(key, 4);
  frame += mask;
  for (size_t i = 0; i < payload.size(); ++i) frame += char(payload[i] ^ mask[i % 4]);
  return frame;
}

std::string close_frame(uint16_t code, std::string_view text) {
  return masked_frame(0x88, code ? big_endian(code, 2).append(text) : std::string());
}

std::string websocket_request(std::string_view path, std::string_view more_fields) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: {}\r\n{}\r\n",
      path, websocket_key, more_fields);
}

WebSocketTestClient::WebSocketTestClient(const TestServer& server, std::string_view path, int receive_buffer_bytes)
    : client_(server.endpoint, receive_buffer_bytes) {
  EXPECT_EQ(client_.exchange(websocket_request(path)).status, 101);
}

WebSocketTestClient::Frame WebSocketTestClient::receive() {
  std::string head = client_.receive_bytes(2);
  if (head.size() < 2) return {};
  EXPECT_FALSE(head[1] & 0x80) << "a server's frame is masked";
  uint64_t length = head[1] & 0x7f;
  if (length == 126) length = number(client_.receive_bytes(2));
  if (length == 127) length = number(client_.receive_bytes(8));
  return {uint8_t(head[0]), client_.receive_bytes(size_t(length))};
}

uint16_t code_of_close(const WebSocketTestClient::Frame& frame) {
  if (frame.first != 0x88 || frame.payload.size() < 2) return 0;
  return uint16_t(number(std::string_view(frame.payload).substr(0, 2)));
}

}  // namespace outcrop::net
