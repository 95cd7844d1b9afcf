#include "net/http1/format.h"

#include <gtest/gtest.h>

namespace outcrop::net {
namespace {

constexpr std::string_view date = "Sun, 22 Nov 2026 19:13:32 GMT";

std::string formatted(const ResponseHead& head, ResponseFraming framing) {
  std::string out;
  append_response_head(out, head, framing, date);
  return out;
}

TEST(Http1Format, AHeadIsStatusDateFieldsAndFraming) {
  EXPECT_EQ(formatted({404, {{"x-amzn-RequestId", "1"}}}, {ResponseFraming::Body::length, 12, ResponseFraming::Connection::close}),
            "HTTP/1.1 404 Not Found\r\ndate: Sun, 22 Nov 2026 19:13:32 GMT\r\nx-amzn-RequestId: 1\r\ncontent-length: 12\r\nconnection: "
            "close\r\n\r\n");
}

TEST(Http1Format, AnUnknownStatusHasNoPhrase) {
  EXPECT_TRUE(formatted({799}, {}).starts_with("HTTP/1.1 799 \r\n"));
  EXPECT_EQ(reason_phrase(-1), "");
}

TEST(Http1Format, TheConnectionsOwnFieldsAreNotTheHandlers) {
  ResponseHead head{200, {{"Content-Length", "7"}, {"transfer-encoding", "x"}, {"DATE", "y"}, {"Connection", "z"}, {"ok", "1"}}};
  EXPECT_EQ(formatted(head, {}), "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 19:13:32 GMT\r\nok: 1\r\n\r\n");
}

TEST(Http1Format, AValueCannotBeginAnotherField) {
  ResponseHead head{200, {{"a", "b\r\nset-cookie: x"}, {"bad name", "y"}, {"worse\r\nname", "y"}, {"", "y"}, {"tab", "\tz\x7f"}}};
  EXPECT_EQ(formatted(head, {}), "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 19:13:32 GMT\r\na: b  set-cookie: x\r\ntab: \tz \r\n\r\n");
}

}  // namespace
}  // namespace outcrop::net
