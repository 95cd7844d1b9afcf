// Our TLS as a client: whom it trusts, and what it makes of a server that ends.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/channel.h"
#include "net/tcp_stream.h"
#include "net/tls/harness_test.h"
#include "net/tls/stream.h"

namespace outcrop::net {
namespace {

constexpr Milliseconds patience{20'000};
constexpr size_t buffer_bytes_max = 1 << 20;

struct Outcome {
  bool established = false, resumed = false;
  std::string protocol, problem, answer;
  Channel::End end = Channel::End::bytes;  // of the last read
};

// Sends `request` and reads until the server ends or `bytes` have come. Both as one coroutine that writes first.
Task<Outcome> ask_on_loop(EventLoop& loop, Endpoint endpoint, Ssl ssl, std::string request, size_t bytes) {
  int socket = TestClient::connected_socket(endpoint, 0);
  ::fcntl(socket, F_SETFL, O_NONBLOCK);
  Channel channel(loop, std::make_unique<TcpStream>(loop, socket));
  TlsStream& tls = TlsStream::wrap(channel, std::move(ssl));
  Outcome outcome;
  bool written = co_await channel.write({request}, patience);
  while (written && outcome.end == Channel::End::bytes && outcome.answer.size() < bytes) {
    outcome.end = co_await channel.fill(buffer_bytes_max, channel.now() + patience);
    outcome.answer += channel.buffered();
    channel.consume(channel.buffered().size());
  }
  outcome.established = tls.is_established();
  outcome.resumed = outcome.established && tls.is_resumed();
  outcome.protocol = tls.protocol();
  outcome.problem = tls.problem();
  channel.close();
  co_await channel.closed();
  co_return outcome;
}

Task<Outcome> ask(EventLoop& loop, Endpoint endpoint, Ssl ssl, std::string request, size_t bytes) {
  Executor& caller = *Executor::current();
  co_await loop.enter();
  Outcome outcome = co_await ask_on_loop(loop, std::move(endpoint), std::move(ssl), std::move(request), bytes);
  co_await caller.enter();
  co_return outcome;
}

// A server of ours with a certificate of the test's choice, and a client that trusts `client`.
struct TlsConversation {
  explicit TlsConversation(const CertifiedKey& certified)
      : server({.options = {.tls = TlsServerContext::from_pem(certified.certificate, certified.key).value()}},
               [](Exchange& exchange) -> Task<void> {
                 auto body = co_await keep(exchange.read_body(64 << 20));
                 if (body) (void)co_await exchange.respond({200, {{"Connection", "close"}}}, *body);
               }) {}
  TlsConversation(const std::vector<std::string>& names, Validity validity) : TlsConversation(test_authority().issue(names, validity)) {}

  Outcome ask(const std::string& host, std::string_view body = "hello") {
    std::string request = fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{}", host, body.size(), body);
    Ssl ssl = client->connect(host, server.endpoint.port).value();
    return server.waiting.run(net::ask(server.loops.at(0), server.endpoint, std::move(ssl), std::move(request), SIZE_MAX));
  }

  std::shared_ptr<TlsClientContext> client = test_client_tls();
  TestServer server;
};

TEST(TlsClient, TrustsAServerByNameAndByAddress) {
  TlsConversation talk({"localhost", "*.outcrop.test", "127.0.0.1", "::1"}, test_validity());
  for (const char* host : {"localhost", "queue.outcrop.test", "127.0.0.1", "::1"}) {
    Outcome outcome = talk.ask(host);
    EXPECT_TRUE(outcome.established) << host << ": " << outcome.problem;
    EXPECT_TRUE(outcome.answer.ends_with("\r\n\r\nhello")) << outcome.answer;
    EXPECT_EQ(outcome.end, Channel::End::end_of_stream);
    EXPECT_EQ(outcome.protocol, "http/1.1");
    EXPECT_EQ(outcome.problem, "");
  }
}

TEST(TlsClient, RefusesAnotherHostsCertificate) {
  TlsConversation talk({"localhost", "*.outcrop.test", "127.0.0.1"}, test_validity());
  for (const char* host : {"elsewhere.test", "outcrop.test", "a.b.outcrop.test"}) {
    Outcome outcome = talk.ask(host);
    EXPECT_FALSE(outcome.established);
    EXPECT_EQ(outcome.problem, "certificate verify failed: hostname mismatch") << host;
    EXPECT_EQ(outcome.answer, "");
  }
  EXPECT_EQ(talk.ask("127.0.0.2").problem, "certificate verify failed: IP address mismatch");
}

TEST(TlsClient, RefusesACertificateOutOfItsTime) {
  Instant now = test_clock.real_wall();
  TlsConversation late({"localhost"}, {now - std::chrono::days(2), now - std::chrono::days(1)});
  EXPECT_EQ(late.ask("localhost").problem, "certificate verify failed: certificate has expired");
  TlsConversation early({"localhost"}, {now + std::chrono::days(1), now + std::chrono::days(2)});
  EXPECT_EQ(early.ask("localhost").problem, "certificate verify failed: certificate is not yet valid");
}

TEST(TlsClient, RefusesAuthoritiesItDoesNotKnow) {
  auto stranger = CertificateAuthority::make("a stranger", test_validity());
  TlsConversation unknown(stranger.issue({"localhost"}, test_validity()));
  EXPECT_EQ(unknown.ask("localhost").problem, "certificate verify failed: unable to get local issuer certificate");
  TlsConversation self_signed(stranger.pem());
  EXPECT_EQ(self_signed.ask("localhost").problem, "certificate verify failed: self-signed certificate");
}

TEST(TlsClient, TrustsTheSystemsAuthoritiesUnlessToldOtherwise) {
  TlsConversation talk({"localhost"}, test_validity());
  talk.client = TlsClientContext::create().value();
  EXPECT_EQ(talk.ask("localhost").problem, "certificate verify failed: unable to get local issuer certificate");
}

TEST(TlsClient, SaysThatAFileOfAuthoritiesCannotBeUsed) {
  auto context = TlsClientContext::create({.authorities_file = "/nowhere/ca.pem"});
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, "InvalidCertificate");
  EXPECT_TRUE(context.error().message.starts_with("/nowhere/ca.pem: ")) << context.error().message;
}

TEST(TlsClient, NamesThatCanBeNobodysAreRefused) {
  auto context = test_client_tls();
  for (const std::string& host : {std::string(), std::string("a\0b", 3), std::string(300, 'a')}) {
    auto ssl = context->connect(host, 443);
    ASSERT_FALSE(ssl) << host;
    EXPECT_EQ(ssl.error().code, "InvalidAddress");
  }
}

TEST(TlsClient, TakesASessionUpAgain) {
  TlsConversation talk({"localhost", "127.0.0.1"}, test_validity());
  EXPECT_FALSE(talk.ask("localhost").resumed);
  EXPECT_TRUE(talk.ask("localhost").resumed);
  EXPECT_TRUE(talk.ask("localhost").resumed);
  EXPECT_FALSE(talk.ask("127.0.0.1").resumed);  // another place
}

TEST(TlsClient, LargeBodiesPassBothWays) {
  TlsConversation talk({"localhost"}, test_validity());
  std::string body;
  for (int i = 0; body.size() < 3'000'000; ++i) body += std::to_string(i);
  EXPECT_TRUE(talk.ask("localhost", body).answer.ends_with(body));
}

// A server that is only a function over one accepted socket, on a thread of its own.
class RawServer {
 public:
  explicit RawServer(std::function<void(int socket)> serve) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    bool listens = ::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) == 0 && ::listen(socket_, 1) == 0;
    check(listens, "the raw server cannot listen");
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
      int connection = ::accept(socket_, nullptr, nullptr);
      serve(connection);
      ::shutdown(connection, SHUT_WR);
      char dropped[4096];
      while (::recv(connection, dropped, sizeof dropped, 0) > 0) {
      }
      ::close(connection);
    });
  }
  ~RawServer() {
    thread_.join();
    ::close(socket_);
  }

  Outcome ask(size_t bytes = SIZE_MAX) {
    SimpleExecutor waiting(test_clock);
    Loops loops(test_clock, 1);
    loops.start();
    Ssl ssl = test_client_tls()->connect("localhost", port_).value();
    return waiting.run(net::ask(loops.at(0), {"127.0.0.1", port_}, std::move(ssl), "hello", bytes));
  }

 private:
  int socket_;
  uint16_t port_ = 0;
  std::thread thread_;
};

// Speaks TLS by OpenSSL alone: says `text` and, if wanted, goodbye.
void say_in_tls(int socket, std::string_view text, bool goodbye) {
  Ssl ssl = test_server_tls()->accept();
  SSL_set_fd(ssl.get(), socket);
  SSL_accept(ssl.get());
  char part[16];
  SSL_read(ssl.get(), part, sizeof part);
  SSL_write(ssl.get(), text.data(), int(text.size()));
  if (goodbye) SSL_shutdown(ssl.get());
}

TEST(TlsClient, APlainServerIsNotUnderstood) {
  RawServer server([](int socket) { ::send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n", 28, MSG_NOSIGNAL); });
  Outcome outcome = server.ask();
  EXPECT_FALSE(outcome.established);
  EXPECT_EQ(outcome.problem, "wrong version number");
}

TEST(TlsClient, AServerThatEndsWithinTheHandshakeIsNotUnderstood) {
  RawServer server([](int) {});
  EXPECT_EQ(server.ask().problem, "the peer ended the connection during the handshake");
}

TEST(TlsClient, TheEndIsTheServersGoodbye) {
  RawServer server([](int socket) { say_in_tls(socket, "all of it", true); });
  Outcome outcome = server.ask();
  EXPECT_EQ(outcome.answer, "all of it");
  EXPECT_EQ(outcome.end, Channel::End::end_of_stream);
}

TEST(TlsClient, AnEndWithoutGoodbyeMayBeACutAndFails) {
  RawServer server([](int socket) { say_in_tls(socket, "half of", false); });
  Outcome outcome = server.ask();
  EXPECT_EQ(outcome.answer, "half of");
  EXPECT_EQ(outcome.end, Channel::End::closed);
  EXPECT_EQ(outcome.problem, "the connection ended without the peer's close_notify");
}

TEST(TlsClient, AnAnswerThatTellsItsLengthNeedsNoGoodbye) {
  RawServer server([](int socket) { say_in_tls(socket, "nine byte", false); });
  Outcome outcome = server.ask(9);
  EXPECT_EQ(outcome.answer, "nine byte");
  EXPECT_EQ(outcome.end, Channel::End::bytes);
  EXPECT_EQ(outcome.problem, "");
}

}  // namespace
}  // namespace outcrop::net
