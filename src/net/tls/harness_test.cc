#include "net/tls/harness_test.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace outcrop::net {

namespace {

constexpr timeval wait_max{.tv_sec = 20};

std::string alpn_list(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& protocol : protocols) list += char(protocol.size()) + protocol;
  return list;
}

}  // namespace

Validity test_validity() {
  Instant now = test_clock.real_wall();
  return {now - std::chrono::days(1), now + std::chrono::days(9)};
}

const CertificateAuthority& test_authority() {
  static const CertificateAuthority authority = CertificateAuthority::make("an authority of a test", test_validity());
  return authority;
}

std::shared_ptr<TlsServerContext> test_server_tls(TlsServerOptions options) {
  static const CertifiedKey server = test_authority().issue({"localhost", "*.outcrop.test", "127.0.0.1", "::1"}, test_validity());
  return TlsServerContext::from_pem(server.certificate, server.key, options).value();
}

std::shared_ptr<TlsClientContext> test_client_tls() {
  std::filesystem::path file = std::filesystem::temp_directory_path() / fmt::format("outcrop_tls_test_{}.pem", getpid());
  std::ofstream(file) << test_authority().pem().certificate;
  auto context = TlsClientContext::create({.authorities_file = file.string()}).value();
  std::filesystem::remove(file);
  return context;
}

TlsTestClient::TlsTestClient(const Endpoint& endpoint, Settings settings)
    : socket_(TestClient::connected_socket(endpoint, settings.receive_buffer_bytes)),
      context_(SSL_CTX_new(TLS_client_method())),
      ssl_(SSL_new(context_.get())) {
  check(socket_ >= 0, "the test client cannot connect");
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait_max, sizeof wait_max);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait_max, sizeof wait_max);
  SSL_set_security_level(ssl_.get(), 0);  // it may speak what our server must refuse
  SSL_set_min_proto_version(ssl_.get(), settings.version_min);
  SSL_set_max_proto_version(ssl_.get(), settings.version_max);
  std::string protocols = alpn_list(settings.protocols);
  if (!protocols.empty()) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()), unsigned(protocols.size()));
  }
  SSL_set_tlsext_host_name(ssl_.get(), "localhost");
  if (settings.session) SSL_set_session(ssl_.get(), settings.session);
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to closed sockets as to open ones
  SSL_set_fd(ssl_.get(), socket_);
}

TlsTestClient::~TlsTestClient() { drop(); }

void TlsTestClient::drop() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool TlsTestClient::shake_hands() {
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) == 1) return true;
  problem_ = take_openssl_problem();
  return false;
}

std::string TlsTestClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned bytes = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &bytes);
  return {reinterpret_cast<const char*>(name), bytes};
}

void TlsTestClient::send(std::string_view bytes) {
  size_t sent = 0;
  ERR_clear_error();
  SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
}

bool TlsTestClient::receive_more() {
  char part[65536];
  size_t bytes = 0;
  ERR_clear_error();
  if (SSL_read_ex(ssl_.get(), part, sizeof part, &bytes) != 1) {
    problem_ = take_openssl_problem();
    return false;
  }
  received_.append(part, bytes);
  return true;
}

std::string TlsTestClient::receive(size_t bytes) {
  while (received_.size() < bytes && receive_more()) {
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

std::string TlsTestClient::receive_rest() {
  while (receive_more()) {
  }
  return std::exchange(received_, {});
}

void TlsTestClient::say_goodbye() { SSL_shutdown(ssl_.get()); }

std::string TlsTestClient::exchange(std::string_view request) {
  send(request);
  size_t head_end;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive_more()) return {};
  }
  std::string head = receive(head_end + 4);
  constexpr std::string_view length = "content-length: ";
  size_t at = head.find(length);
  return at == std::string::npos ? "" : receive(std::stoul(head.substr(at + length.size())));
}

}  // namespace outcrop::net
