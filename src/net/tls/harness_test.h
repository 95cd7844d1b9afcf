// What the tests of TLS share: an authority with certificates, and a client on OpenSSL alone over a raw socket, so
// that our stream is tested against another one. Every wait has a bound.
#pragma once
#include "net/harness_test.h"
#include "net/tls/certificate_authority.h"
#include "net/tls/context.h"
#include "net/tls/openssl.h"

namespace outcrop::net {

// From a day ago for ten days.
Validity test_validity();
// One for all tests of the process.
const CertificateAuthority& test_authority();
// Its certificate for localhost, *.outcrop.test, 127.0.0.1 and ::1.
std::shared_ptr<TlsServerContext> test_server_tls(TlsServerOptions options = {});
// That trusts it.
std::shared_ptr<TlsClientContext> test_client_tls();

struct TlsTestSettings {
  int version_min = 0, version_max = 0;  // TLS1_2_VERSION
  std::vector<std::string> protocols;    // by ALPN
  SSL_SESSION* session = nullptr;
  int receive_buffer_bytes = 0;
};

class TlsTestClient {
 public:
  using Settings = TlsTestSettings;
  explicit TlsTestClient(const Endpoint& endpoint, Settings settings = {});
  explicit TlsTestClient(const TestServer& server, Settings settings = {}) : TlsTestClient(server.endpoint, std::move(settings)) {}
  ~TlsTestClient();

  bool shake_hands();  // false: see problem()
  std::string problem() const { return problem_; }
  std::string protocol() const;  // by ALPN
  bool is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  SSL* ssl() { return ssl_.get(); }
  int socket() const { return socket_; }

  void send(std::string_view bytes);
  std::string receive(size_t bytes);  // fewer at the end
  std::string receive_rest();         // up to the end, with or without a close_notify
  bool has_said_goodbye() const { return SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN; }
  void say_goodbye();  // close_notify; reading goes on
  void drop();         // the socket, without a word

  // One HTTP/1.1 exchange; the body of the answer, which tells its length.
  std::string exchange(std::string_view request);

 private:
  bool receive_more();

  int socket_;
  SslContext context_;
  std::unique_ptr<SSL, Release<SSL_free>> ssl_;
  std::string received_, problem_;
};

}  // namespace outcrop::net
