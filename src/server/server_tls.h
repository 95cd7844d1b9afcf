// Which certificate the server shows: that of the configured files, or one by an authority of its own. Nothing is read
// or made before somebody speaks TLS, and it is renewed when somebody does: files that changed are read again, its own
// certificate is made anew before it ends.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/tls/certificate_authority.h"
#include "net/tls/context.h"
#include "server/config.h"

namespace outcrop::server {

// Where certificates come from.
class CertificateSource {
 public:
  virtual ~CertificateSource() = default;
  // A certificate with its chain, and its key. Fault: InvalidConfiguration 400, StoreUnavailable 500.
  virtual Result<net::CertifiedKey> load(Instant now) = 0;
  // Whether another one than that of the last load() is due.
  virtual bool is_stale(Instant now) = 0;
  // A certificate for other names than those of load(); none where it can make none: files are as they are.
  virtual Result<std::optional<net::CertifiedKey>> load_for(const std::vector<std::string>& names, Instant now) { return std::nullopt; }
  // What those who connect must trust, in PEM form.
  virtual Result<std::string> to_be_trusted(Instant now) = 0;
};

// The files of the configuration.
std::unique_ptr<CertificateSource> certificate_files(const TlsFiles& files);
// An authority in the data directory, or in memory; certificates for `names`.
std::unique_ptr<CertificateSource> own_certificates(const std::string& data, std::vector<std::string> names);
std::unique_ptr<CertificateSource> certificate_source(const Config& config);

// What a certificate of the server's own is for: localhost, the addresses it listens on, and allowed_hosts.
std::vector<std::string> certified_names(const Config& config);

// Says what is wrong with configured files; logs a warning when the certificate has expired.
Result<void> check_certificate_files(const TlsFiles& files, Instant now);

// The name of a certificate for all APIs of a host's Region, "*.execute-api.eu-central-1.amazonaws.com"; none of a host that is no API's
// on AWS. Functions reach our own APIs by such names.
std::optional<std::string> api_certificate_name(std::string_view host);

class ServerTls final : public net::TlsAcceptor {
 public:
  ServerTls(std::unique_ptr<CertificateSource> source, const Clock& clock) : source_(std::move(source)), clock_(clock) {}

  // Null, and an event in the log, when there is no certificate.
  net::Ssl accept() override;
  // PEM text for GET /_outcrop/ca. Thread-safe.
  Result<std::string> to_be_trusted();

 private:
  void renew(SteadyTime now);
  // The context for an API's host, made at its first connection; null for other hosts, and where there is no certificate for it.
  std::shared_ptr<net::TlsServerContext> context_for(std::string_view host);
  std::shared_ptr<net::TlsServerContext> make_api_context(const std::string& name);

  const std::unique_ptr<CertificateSource> source_;  // guarded by mutex_, as all below
  const Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<net::TlsServerContext> context_;
  std::vector<std::string> names_;                                                                // of its certificate
  std::map<std::string, std::shared_ptr<net::TlsServerContext>, std::less<>> api_contexts_ = {};  // by the names of their certificates
  SteadyTime looked_at_ = SteadyTime::min();
};

}  // namespace outcrop::server
