// What TLS connections of one server, or to many servers, have in common: certificates, protocol versions, ciphers,
// sessions that are taken up again. TLS 1.2 and 1.3 only (RFC 8996), without renegotiation and compression.
#pragma once
#include <openssl/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::net {

struct ReleaseSsl {
  void operator()(SSL* ssl) const;
};
// The TLS state of one connection; TlsStream gives it bytes.
using Ssl = std::unique_ptr<SSL, ReleaseSsl>;

// Who begins TLS with those that connect to a server. Thread-safe.
class TlsAcceptor {
 public:
  virtual ~TlsAcceptor() = default;
  // For one connection; null when there is no certificate to show. A client that offers protocols by ALPN and none of
  // ours is refused (RFC 7301 section 3.2).
  virtual Ssl accept() = 0;
};

class TlsServerContext;

struct TlsServerOptions {
  bool http2 = true;  // offered by ALPN, before HTTP/1.1
  // Asked for connections that say by name which host they are for (RFC 6066 section 3): with what to go on instead, null for this
  // context. Called on the connections' threads.
  std::function<std::shared_ptr<TlsServerContext>(std::string_view host)> context_for = {};
};

// With one certificate. Thread-safe.
class TlsServerContext final : public TlsAcceptor {
 public:
  // `certificates`: PEM, the server's own first and then those that lead to an authority. `key`: PEM, not encrypted.
  // Fault: InvalidCertificate 400 with what is wrong: "the key does not belong to the certificate".
  static Result<std::shared_ptr<TlsServerContext>> from_pem(const std::string& certificates, const std::string& key,
                                                            TlsServerOptions options = {});
  ~TlsServerContext() override;

  Ssl accept() override;
  // A connection that began with another context goes on with this one's certificate.
  void take_over(SSL* ssl) const;

 private:
  explicit TlsServerContext(SSL_CTX* context) : context_(context) {}
  SSL_CTX* const context_;
};

struct TlsClientOptions {
  // PEM file of the authorities to trust. Empty: the system's, which SSL_CERT_FILE and SSL_CERT_DIR can name others for.
  std::string authorities_file = {};
};

// Thread-safe. Reading the system's authorities takes some milliseconds: make one, and keep it.
class TlsClientContext {
 public:
  // Fault: InvalidCertificate 400 naming the file that cannot be used.
  static Result<std::shared_ptr<TlsClientContext>> create(TlsClientOptions options = {});
  ~TlsClientContext();

  // For one connection to a host by name or IP address ("::1" without brackets), which its certificate must be for.
  // A session of an earlier connection to it is taken up again. Speaks HTTP/1.1. Fault: InvalidAddress 400.
  Result<Ssl> connect(const std::string& host, uint16_t port) const;

 private:
  explicit TlsClientContext(SSL_CTX* context) : context_(context) {}
  SSL_CTX* const context_;
};

}  // namespace outcrop::net
