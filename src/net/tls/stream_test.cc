// TLS on the server's port, against clients on OpenSSL alone.
#include "net/tls/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/random.h"
#include "net/tls/harness_test.h"

namespace outcrop::net {
namespace {

// Answers with the body it got, or with its path and whether it came by TLS.
Task<void> echo_over_tls(Exchange& exchange) {
  auto body = co_await keep(exchange.read_body(64 << 20));
  if (!body) co_return exchange.abort();
  bool tls = exchange.head().tls;
  (void)co_await exchange.respond({200}, body->empty() ? fmt::format("{} {}", exchange.head().path, tls ? "tls" : "plain") : *body);
}

TestServer::Settings with_tls(ServerOptions options = {}) {
  options.tls = test_server_tls();
  return {.options = std::move(options)};
}

// Bytes that do not compress or repeat soon.
std::string noise(size_t bytes) {
  SeededRandom random(7);
  std::string text(bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(text)));
  return text;
}

TEST(TlsServer, OnePortSpeaksTlsAndPlainHttp) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient tls(server);
  ASSERT_TRUE(tls.shake_hands()) << tls.problem();
  EXPECT_EQ(tls.exchange(http1_get("/a")), "/a tls");
  EXPECT_EQ(tls.exchange(http1_get("/b")), "/b tls");
  TestClient plain(server);
  EXPECT_EQ(plain.exchange(http1_get("/c")).body, "/c plain");
}

TEST(TlsServer, SpeaksTls12And13AndNothingOlder) {
  TestServer server(with_tls(), echo_over_tls);
  for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsTestClient client(server, {.version_min = version, .version_max = version});
    ASSERT_TRUE(client.shake_hands()) << client.problem();
    EXPECT_EQ(client.exchange(http1_get("/a")), "/a tls");
  }
  for (int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsTestClient client(server, {.version_min = version, .version_max = version});
    EXPECT_FALSE(client.shake_hands());
    EXPECT_EQ(client.problem(), "tlsv1 alert protocol version");
  }
}

TEST(TlsServer, TheProtocolIsAgreedOnByAlpn) {
  TestServer server(with_tls(), echo_over_tls);
  auto agreed = [&](std::vector<std::string> offered) {
    TlsTestClient client(server, {.protocols = std::move(offered)});
    return client.shake_hands() ? client.protocol() : client.problem();
  };
  EXPECT_EQ(agreed({"http/1.1", "h2"}), "h2");
  EXPECT_EQ(agreed({"http/1.1"}), "http/1.1");
  EXPECT_EQ(agreed({}), "");
  EXPECT_EQ(agreed({"h3", "spdy/1"}), "tlsv1 alert no application protocol");
}

TEST(TlsServer, LargeBodiesPassBothWays) {
  TestServer server(with_tls(), echo_over_tls);
  std::string body = noise(5'000'000);
  for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsTestClient client(server, {.version_max = version});
    ASSERT_TRUE(client.shake_hands());
    EXPECT_TRUE(client.exchange(http1_post(body)) == body);
    EXPECT_EQ(client.exchange(http1_get("/after")), "/after tls");
  }
}

TEST(TlsServer, AnAnswerThatEndsTheConnectionReachesASlowReaderWhole) {
  std::string body = noise(3'000'000);
  TestServer server(with_tls(), [&](Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({200}, body); });
  TlsTestClient client(server, {.receive_buffer_bytes = 4096});
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/", "Connection: close\r\n"));
  std::string received = client.receive_rest();
  EXPECT_TRUE(received.ends_with(body)) << received.size();
  EXPECT_TRUE(client.has_said_goodbye());
}

TEST(TlsServer, AReaderThatTakesNothingIsGivenUp) {
  Gate failed;
  TestServer server(with_tls({.write_timeout = Milliseconds(100)}), [&](Exchange& exchange) -> Task<void> {
    auto sent = co_await keep(exchange.respond({200}, std::string(20'000'000, 'a')));
    if (!sent) co_await failed.pass();
  });
  TlsTestClient client(server, {.receive_buffer_bytes = 4096});
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/"));
  failed.wait_for_arrivals(1);
  failed.open();
}

TEST(TlsServer, AHandshakeAndARequestInPiecesOfOneByteAreUnderstood) {
  TestServer server(with_tls(), echo_over_tls);
  // A relay between the client's OpenSSL and the server, byte by byte.
  TestClient wire(server);
  SslContext context(SSL_CTX_new(TLS_client_method()));
  std::unique_ptr<SSL, Release<SSL_free>> ssl(SSL_new(context.get()));
  BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_connect_state(ssl.get());
  auto relay = [&] {
    char byte;
    while (BIO_read(out, &byte, 1) == 1) wire.send({&byte, 1});
  };
  auto receive_byte = [&] {
    std::string byte = wire.receive_bytes(1);
    BIO_write(in, byte.data(), int(byte.size()));
    return !byte.empty();
  };
  while (SSL_do_handshake(ssl.get()) != 1) {
    relay();
    ASSERT_TRUE(receive_byte());
  }
  std::string request = http1_get("/slowly");
  SSL_write(ssl.get(), request.data(), int(request.size()));
  relay();
  std::string answer;
  char part[1024];
  while (!answer.ends_with("/slowly tls")) {
    int bytes = SSL_read(ssl.get(), part, sizeof part);
    if (bytes > 0) {
      answer.append(part, size_t(bytes));
    } else {
      ASSERT_TRUE(receive_byte());
    }
  }
}

TEST(TlsServer, AClientThatEndsWithinTheHandshakeIsLetGo) {
  TestServer server(with_tls(), echo_over_tls);
  TestClient client(server);
  client.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  client.shut_down_writing();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TlsServer, GarbageBehindTheFirstByteGetsAnAlertAndTheEnd) {
  TestServer server(with_tls(), echo_over_tls);
  TestClient client(server);
  client.send(std::string("\x16garbage that is no TLS at all, and goes on for a while", 54));
  std::string alert = client.receive_rest();
  EXPECT_TRUE(alert.empty() || alert.starts_with("\x15")) << alert;
}

TEST(TlsServer, AHandshakeThatTakesTooLongEndsTheConnection) {
  TestServer server(with_tls({.head_timeout = Milliseconds(50)}), echo_over_tls);
  TestClient client(server);
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TlsServer, TlsWithinTlsIsRefused) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  client.send("\x16\x03\x01\x02");
  EXPECT_EQ(client.receive_rest(), std::string("\x15\x03\x01\x00\x02\x02\x28", 7));  // an alert
}

TEST(TlsServer, WithoutACertificateTlsIsRefused) {
  TestServer server(echo_over_tls);
  TlsTestClient client(server);
  EXPECT_FALSE(client.shake_hands());
  EXPECT_EQ(client.problem(), "sslv3 alert handshake failure");
}

TEST(TlsServer, WhereNoCertificateCanBeHadTlsIsRefused) {
  struct Empty final : TlsAcceptor {
    Ssl accept() override { return nullptr; }
  };
  TestServer server({.options = {.tls = std::make_shared<Empty>()}}, echo_over_tls);
  TlsTestClient client(server);
  EXPECT_FALSE(client.shake_hands());
  TestClient plain(server);
  EXPECT_EQ(plain.exchange(http1_get("/a")).body, "/a plain");
}

TEST(TlsServer, AClosedConnectionSaysGoodbye) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/", "Connection: close\r\n"));
  client.receive_rest();
  EXPECT_TRUE(client.has_said_goodbye());
}

TEST(TlsServer, AClientThatSaysGoodbyeStillGetsItsAnswers) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/one") + http1_get("/two"));
  client.say_goodbye();
  std::string answers = client.receive_rest();
  EXPECT_TRUE(answers.contains("/one tls")) << answers;
  EXPECT_TRUE(answers.ends_with("/two tls")) << answers;
}

// As many clients do: they only end the transport. Requests tell their length, so nothing is taken for whole.
TEST(TlsServer, AnEndWithoutGoodbyeIsAnEnd) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/one"));
  ::shutdown(client.socket(), SHUT_WR);
  EXPECT_TRUE(client.receive_rest().ends_with("/one tls"));
}

TEST(TlsServer, APeerThatGoesStopsTheExchange) {
  Gate never, stopped;
  TestServer server(with_tls(), [&](Exchange& exchange) -> Task<void> {
    co_await never.pass(exchange.stop_token());
    co_await stopped.pass();
  });
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  client.send(http1_get("/"));
  never.wait_for_arrivals(1);
  client.drop();
  stopped.wait_for_arrivals(1);
  stopped.open();
}

TEST(TlsServer, ASessionIsTakenUpAgain) {
  TestServer server(with_tls(), echo_over_tls);
  for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsTestClient first(server, {.version_max = version});
    ASSERT_TRUE(first.shake_hands());
    EXPECT_EQ(first.exchange(http1_get("/a")), "/a tls");  // in TLS 1.3 the tickets come before
    Session session(SSL_get1_session(first.ssl()));
    TlsTestClient second(server, {.version_max = version, .session = session.get()});
    ASSERT_TRUE(second.shake_hands());
    EXPECT_TRUE(second.is_resumed());
    EXPECT_EQ(second.exchange(http1_get("/b")), "/b tls");
  }
}

TEST(TlsServer, KeysMayChange) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    EXPECT_EQ(client.exchange(http1_get("/a")), "/a tls");
  }
}

TEST(TlsServer, KeysThatChangeWithoutEndEndTheConnection) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server);
  ASSERT_TRUE(client.shake_hands());
  for (int i = 0; i < 100; ++i) {
    SSL_key_update(client.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(client.ssl());
  }
  client.send(http1_get("/a"));
  EXPECT_EQ(client.receive_rest(), "");
}

TEST(TlsServer, RenegotiationIsRefused) {
  TestServer server(with_tls(), echo_over_tls);
  TlsTestClient client(server, {.version_max = TLS1_2_VERSION});
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.exchange(http1_get("/a")), "/a tls");
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST(TlsServer, AShutdownEndsHandshakesAndIdleConnections) {
  TestServer server(with_tls(), echo_over_tls);
  TestClient shaking(server);
  shaking.send("\x16\x03\x01");
  TlsTestClient idle(server);
  ASSERT_TRUE(idle.shake_hands());
  EXPECT_EQ(idle.exchange(http1_get("/a")), "/a tls");
  server.shutdown(Milliseconds(5'000));
  EXPECT_TRUE(shaking.is_closed_by_server());
  idle.receive_rest();
  EXPECT_TRUE(idle.has_said_goodbye());
}

}  // namespace
}  // namespace outcrop::net
