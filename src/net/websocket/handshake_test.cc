#include "net/websocket/handshake.h"

#include <gtest/gtest.h>

namespace outcrop::net {
namespace {

RequestHead proper_request() {
  RequestHead head;
  head.method = "GET";
  head.headers = {{"Upgrade", "websocket"},
                  {"Connection", "Upgrade"},
                  {"Sec-WebSocket-Version", "13"},
                  {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  return head;
}

int status_with(std::string_view name, std::optional<std::string> value) {
  RequestHead head = proper_request();
  head.headers.erase(name);
  if (value) head.headers.add(std::string(name), *value);
  Result<void> checked = check_websocket_handshake(head);
  return checked ? 101 : checked.error().status;
}

TEST(WebSocketHandshake, AProperRequestIsTaken) {
  EXPECT_TRUE(asks_for_websocket(proper_request()));
  EXPECT_TRUE(check_websocket_handshake(proper_request()).has_value());
}

TEST(WebSocketHandshake, TheProofIsTheOneOfTheStandard) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 section 1.3
}

TEST(WebSocketHandshake, OnlyGetOfHttp11Begins) {
  RequestHead head = proper_request();
  head.method = "POST";
  EXPECT_EQ(check_websocket_handshake(head).error().status, 405);
  head = proper_request();
  head.http_minor = 0;
  EXPECT_EQ(check_websocket_handshake(head).error().status, 400);
}

TEST(WebSocketHandshake, FieldsAreListsInAnyCase) {
  EXPECT_EQ(status_with("connection", "keep-alive, UPGRADE"), 101);
  EXPECT_EQ(status_with("upgrade", "h2c, WebSocket"), 101);
  EXPECT_EQ(status_with("connection", "keep-alive"), 400);
  EXPECT_EQ(status_with("connection", std::nullopt), 400);
  EXPECT_EQ(status_with("upgrade", "websockets"), 400);
  EXPECT_EQ(status_with("upgrade", std::nullopt), 400);
}

TEST(WebSocketHandshake, AnotherVersionIsToldOurs) {
  for (auto version : {"8", "7", "0", "14", "13, 8", "13x", ""}) EXPECT_EQ(status_with("sec-websocket-version", version), 426) << version;
  EXPECT_EQ(status_with("sec-websocket-version", std::nullopt), 426);
}

TEST(WebSocketHandshake, TheKeyIsSixteenBytesOnce) {
  EXPECT_EQ(status_with("sec-websocket-key", std::nullopt), 400);
  for (auto key : {"", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZQ", "!!!!", "dGhlIHNhbXBsZSBub25jZWVlZWU="}) {
    EXPECT_EQ(status_with("sec-websocket-key", key), 400) << key;
  }
  RequestHead twice = proper_request();
  twice.headers.add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(check_websocket_handshake(twice).error().status, 400);
}

TEST(WebSocketHandshake, SubprotocolsKeepTheClientsOrder) {
  RequestHead head = proper_request();
  EXPECT_TRUE(offered_subprotocols(head).empty());
  head.headers.add("Sec-WebSocket-Protocol", "chat, superchat");
  head.headers.add("sec-websocket-protocol", "not a token, v1.json");
  std::vector<std::string_view> offered = {"chat", "superchat", "v1.json"};
  EXPECT_EQ(offered_subprotocols(head), offered);
}

}  // namespace
}  // namespace outcrop::net
