// OpenSSL's objects with owners, and its errors as text for people. For the sources of TLS alone.
#pragma once
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace outcrop::net {

template <auto release>
struct Release {
  void operator()(auto* object) const { release(object); }
};
using SslContext = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL_SESSION, Release<SSL_SESSION_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;

// What the first error of this thread's queue says, "wrong version number"; the queue is empty afterwards.
std::string take_openssl_problem();

}  // namespace outcrop::net
