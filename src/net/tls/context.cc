#include "net/tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <map>
#include <string_view>

#include "base/check.h"
#include "net/limits.h"
#include "net/tls/openssl.h"

namespace outcrop::net {

namespace {

// As ALPN writes lists: each name behind its length (RFC 7301 section 3.1).
constexpr std::string_view alpn_http1 = "\x08http/1.1";
constexpr std::string_view alpn_http2_and_http1 = "\x02h2\x08http/1.1";
// Of TLS 1.2 those with forward secrecy and authenticated encryption; TLS 1.3 has no others. (Mozilla's "intermediate"
// without finite-field Diffie-Hellman, which costs and which no client needs.)
constexpr const char* ciphers_of_tls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::unexpected<Fault> unusable(std::string problem) { return fail("InvalidCertificate", 400, std::move(problem)); }

SslContext make_context(const SSL_METHOD* method) {
  SslContext context(SSL_CTX_new(method));
  check(context != nullptr, "OpenSSL makes no TLS context");
  check(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1, "OpenSSL lacks TLS 1.2");
  check(SSL_CTX_set_cipher_list(context.get(), ciphers_of_tls12) == 1, "OpenSSL lacks the ciphers of TLS 1.2");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered, unsigned offered_bytes,
                    void* ours) {
  std::string_view wanted = *static_cast<const std::string_view*>(ours);
  unsigned char* found = nullptr;
  int result = SSL_select_next_proto(&found, chosen_bytes, octets(wanted), unsigned(wanted.size()), offered, offered_bytes);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// OpenSSL asks on the terminal without it.
int no_password(char*, int, int, void*) { return -1; }

Result<void> use_certificates(SSL_CTX* context, const std::string& pem) {
  Bio in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  bool is_first = true;
  while (Certificate certificate{PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)}) {
    int used = is_first ? SSL_CTX_use_certificate(context, certificate.get()) : SSL_CTX_add1_chain_cert(context, certificate.get());
    if (used != 1) return unusable(fmt::format("the certificate cannot be used: {}", take_openssl_problem()));
    is_first = false;
  }
  bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  std::string problem = take_openssl_problem();
  if (is_first) return unusable("it holds no certificate in PEM form");
  if (!is_end) return unusable(fmt::format("a certificate cannot be read: {}", problem));
  return {};
}

Result<void> use_key(SSL_CTX* context, const std::string& pem) {
  Bio in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  PrivateKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!key && pem.contains("ENCRYPTED")) return unusable("the key is encrypted; give it without a password");
  if (!key) return unusable("it holds no private key in PEM form");
  bool belongs = SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!belongs) return unusable("the key does not belong to the certificate");
  return {};
}

// Which context a server's connection goes on with, by the host it is for. The OpenSSL context owns it: connections may outlast ours.
class ContextsByHost {
 public:
  using Choose = decltype(TlsServerOptions::context_for);

  static void use(SSL_CTX* context, Choose choose) {
    check(SSL_CTX_set_ex_data(context, index(), new ContextsByHost{std::move(choose)}) == 1, "OpenSSL keeps no data");
    SSL_CTX_set_tlsext_servername_callback(context, named);
  }

  Choose choose;

 private:
  static void release(void*, void* data, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<ContextsByHost*>(data); }
  static int index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, release);
    return index;
  }

  static int named(SSL* ssl, int*, void*) {
    const char* host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    auto* contexts = static_cast<ContextsByHost*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index()));
    if (!host || !contexts) return SSL_TLSEXT_ERR_NOACK;
    if (auto chosen = contexts->choose(host)) chosen->take_over(ssl);
    return SSL_TLSEXT_ERR_OK;
  }
};

Result<SslContext> make_server_context(const std::string& certificates, const std::string& key, const TlsServerOptions& options) {
  static constexpr std::string_view session_id_context = "outcrop";
  SslContext context = make_context(TLS_server_method());
  // Sessions are in tickets, which the clients keep; the key of the tickets is this context's own.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context.get(), octets(session_id_context), unsigned(session_id_context.size()));
  const std::string_view& protocols = options.http2 ? alpn_http2_and_http1 : alpn_http1;
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, const_cast<std::string_view*>(&protocols));
  if (auto used = use_certificates(context.get(), certificates); !used) return fail(std::move(used.error()));
  if (auto used = use_key(context.get(), key); !used) return fail(std::move(used.error()));
  if (options.context_for) ContextsByHost::use(context.get(), options.context_for);
  return context;
}

// The sessions of a client's context, by what they were made for. Those of TLS 1.3 are good for one use, so that
// nobody can tell that two connections belong together (RFC 8446 appendix C.4).
class ClientSessions {
 public:
  // The context owns them: a connection may outlast the TlsClientContext.
  static void make_for(SSL_CTX* context) {
    check(SSL_CTX_set_ex_data(context, index_in_contexts(), new ClientSessions) == 1, "OpenSSL keeps no data");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, came);
  }

  // Gives a new connection the session of the last one to the same place, and keeps those that come.
  static void resume(SSL* ssl, std::string place) {
    if (Session session = of(ssl).take(place)) SSL_set_session(ssl, session.get());
    check(SSL_set_ex_data(ssl, index_in_connections(), new std::string(std::move(place))) == 1, "OpenSSL keeps no data");
  }

 private:
  template <class T>
  static void release(void*, void* data, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<T*>(data);
  }
  static int index_in_contexts() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, release<ClientSessions>);
    return index;
  }
  static int index_in_connections() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, release<std::string>);
    return index;
  }
  static ClientSessions& of(SSL* ssl) {
    return *static_cast<ClientSessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index_in_contexts()));
  }

  static int came(SSL* ssl, SSL_SESSION* session) {
    of(ssl).keep(*static_cast<std::string*>(SSL_get_ex_data(ssl, index_in_connections())), Session(session));
    return 1;  // it is ours now
  }

  Session take(const std::string& place) {
    std::lock_guard lock(mutex_);
    auto found = sessions_.find(place);
    if (found == sessions_.end()) return nullptr;
    if (SSL_SESSION_get_protocol_version(found->second.get()) == TLS1_3_VERSION) return std::move(sessions_.extract(found).mapped());
    SSL_SESSION_up_ref(found->second.get());
    return Session(found->second.get());
  }

  void keep(const std::string& place, Session session) {
    std::lock_guard lock(mutex_);
    if (sessions_.size() >= limits::tls_sessions_max && !sessions_.contains(place)) sessions_.erase(sessions_.begin());  // any
    sessions_[place] = std::move(session);
  }

  std::mutex mutex_;
  std::map<std::string, Session> sessions_;
};

Result<void> trust(SSL_CTX* context, const std::string& authorities_file) {
  if (authorities_file.empty()) {
    // Their absence shows when a certificate is verified.
    SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();
    return {};
  }
  if (SSL_CTX_load_verify_file(context, authorities_file.c_str()) == 1) return {};
  return unusable(fmt::format("{}: {}", authorities_file, take_openssl_problem()));
}

// An address is compared with the certificate's addresses, a name with its names.
bool expect_peer(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return true;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  bool expects = !host.empty() && X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1 &&
                 SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
  ERR_clear_error();
  return expects;
}

}  // namespace

void ReleaseSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

Result<std::shared_ptr<TlsServerContext>> TlsServerContext::from_pem(const std::string& certificates, const std::string& key,
                                                                     TlsServerOptions options) {
  Result<SslContext> context = make_server_context(certificates, key, options);
  if (!context) return fail(std::move(context.error()));
  return std::shared_ptr<TlsServerContext>(new TlsServerContext(context->release()));
}

TlsServerContext::~TlsServerContext() { SSL_CTX_free(context_); }

Ssl TlsServerContext::accept() {
  Ssl ssl(SSL_new(context_));
  check(ssl != nullptr, "OpenSSL makes no TLS connection");
  SSL_set_accept_state(ssl.get());
  return ssl;
}

void TlsServerContext::take_over(SSL* ssl) const { check(SSL_set_SSL_CTX(ssl, context_) != nullptr, "OpenSSL takes no other context"); }

Result<std::shared_ptr<TlsClientContext>> TlsClientContext::create(TlsClientOptions options) {
  SslContext context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  check(SSL_CTX_set_alpn_protos(context.get(), octets(alpn_http1), unsigned(alpn_http1.size())) == 0, "OpenSSL takes no ALPN");
  if (auto trusted = trust(context.get(), options.authorities_file); !trusted) return fail(std::move(trusted.error()));
  ClientSessions::make_for(context.get());
  return std::shared_ptr<TlsClientContext>(new TlsClientContext(context.release()));
}

TlsClientContext::~TlsClientContext() { SSL_CTX_free(context_); }

Result<Ssl> TlsClientContext::connect(const std::string& host, uint16_t port) const {
  Ssl ssl(SSL_new(context_));
  check(ssl != nullptr, "OpenSSL makes no TLS connection");
  if (!expect_peer(ssl.get(), host)) return fail("InvalidAddress", 400, fmt::format("'{}' is no name or address of a host.", host));
  ClientSessions::resume(ssl.get(), fmt::format("{}:{}", host, port));
  SSL_set_connect_state(ssl.get());
  return ssl;
}

}  // namespace outcrop::net
