// A certificate authority of our own: who trusts it trusts the servers it makes certificates for, and nobody has to
// buy any to speak TLS with a server on their own machine. Keys are ECDSA on P-256, which every client knows.
#pragma once
#include <openssl/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace outcrop::net {

// In PEM form.
struct CertifiedKey {
  std::string certificate;
  std::string key;
};

struct Validity {
  Instant from, until;
};

class CertificateAuthority {
 public:
  // `name` is shown to people who look at what they trust.
  static CertificateAuthority make(const std::string& name, Validity validity);
  // Fault: InvalidCertificate 400 with what is wrong.
  static Result<CertificateAuthority> from_pem(const std::string& certificate, const std::string& key);

  // A server's certificate for host names ("localhost", "*.localhost") and IP addresses ("::1"), at least one.
  CertifiedKey issue(const std::vector<std::string>& names, Validity validity) const;
  // Whether it made this certificate.
  bool has_issued(const std::string& certificate) const;

  CertifiedKey pem() const;

 private:
  CertificateAuthority(std::shared_ptr<X509> certificate, std::shared_ptr<EVP_PKEY> key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}

  std::shared_ptr<X509> certificate_;
  std::shared_ptr<EVP_PKEY> key_;
};

struct CertificateFacts {
  std::vector<std::string> names;  // host names and IP addresses, sorted
  Validity validity;
};

// The certificates in PEM text, and nothing else that is in it: no key.
std::string certificates_in(const std::string& pem);

// Of the first certificate in PEM text. Fault: InvalidCertificate 400.
Result<CertificateFacts> read_certificate(const std::string& pem);

}  // namespace outcrop::net
