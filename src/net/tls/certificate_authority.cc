#include "net/tls/certificate_authority.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/check.h"
#include "net/tls/openssl.h"

namespace outcrop::net {

namespace {

using Names = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;

// RFC 5280 section 4.1.2.2 allows 20 octets; chance of 64 bits is what browsers demand at the least.
constexpr int serial_bits = 127;

PrivateKey make_key() {
  PrivateKey key(EVP_EC_gen("P-256"));
  check(key != nullptr, "OpenSSL makes no key on P-256");
  return key;
}

std::string to_pem(auto write, auto*... object) {
  Bio out(BIO_new(BIO_s_mem()));
  check(write(out.get(), object...) == 1, "OpenSSL writes no PEM");
  char* text = nullptr;
  long bytes = BIO_get_mem_data(out.get(), &text);
  return std::string(text, size_t(bytes));
}

std::string certificate_pem(X509* certificate) { return to_pem(PEM_write_bio_X509, certificate); }

std::string key_pem(EVP_PKEY* key) {
  auto write = [](BIO* out, EVP_PKEY* key) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); };
  return to_pem(write, key);
}

Certificate parse_certificate(const std::string& pem) {
  Bio in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "OpenSSL makes no certificate extension");
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
  Names list(GENERAL_NAMES_new());
  for (const std::string& text : names) {
    std::unique_ptr<GENERAL_NAME, Release<GENERAL_NAME_free>> name(GENERAL_NAME_new());
    if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(text.c_str())) {
      GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
    } else {
      ASN1_IA5STRING* host = ASN1_IA5STRING_new();
      ASN1_STRING_set(host, text.data(), int(text.size()));
      GENERAL_NAME_set0_value(name.get(), GEN_DNS, host);
    }
    sk_GENERAL_NAME_push(list.get(), name.release());
  }
  ERR_clear_error();
  check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1, "OpenSSL takes no names");
}

// All but what makes it an authority's or a server's, and the signature.
Certificate begin_certificate(const std::string& name, EVP_PKEY* key, Validity validity) {
  Certificate certificate(X509_new());
  Number serial(BN_new());
  check(BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1, "OpenSSL has no chance");
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds_since_epoch(validity.from));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds_since_epoch(validity.until));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Outcrop"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  check(X509_set_pubkey(certificate.get(), key) == 1, "OpenSSL takes no key");
  return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (issuer != certificate) add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  check(X509_sign(certificate, key, EVP_sha256()) > 0, "OpenSSL signs no certificate");
}

Instant instant_of(const ASN1_TIME* time) {
  tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return instant_from_ms(int64_t(timegm(&parts)) * 1000);
}

std::string text_of(const GENERAL_NAME* name) {
  int kind = 0;
  auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &kind));
  std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)), size_t(ASN1_STRING_length(value)));
  if (kind != GEN_IPADD) return bytes;
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

}  // namespace

CertificateAuthority CertificateAuthority::make(const std::string& name, Validity validity) {
  PrivateKey key = make_key();
  Certificate certificate = begin_certificate(name, key.get(), validity);
  // For servers' certificates alone: with path length 0 it makes no further authorities.
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(certificate.get(), certificate.get(), key.get());
  return {std::move(certificate), std::move(key)};
}

Result<CertificateAuthority> CertificateAuthority::from_pem(const std::string& certificate, const std::string& key) {
  Certificate parsed = parse_certificate(certificate);
  if (!parsed) return fail("InvalidCertificate", 400, "the authority's certificate cannot be read");
  Bio in(BIO_new_mem_buf(key.data(), int(key.size())));
  PrivateKey parsed_key(PEM_read_bio_PrivateKey(in.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
  bool belongs = parsed_key && X509_check_private_key(parsed.get(), parsed_key.get()) == 1;
  ERR_clear_error();
  if (!parsed_key) return fail("InvalidCertificate", 400, "the authority's key cannot be read");
  if (!belongs) return fail("InvalidCertificate", 400, "the authority's key does not belong to its certificate");
  return CertificateAuthority(std::move(parsed), std::move(parsed_key));
}

CertifiedKey CertificateAuthority::issue(const std::vector<std::string>& names, Validity validity) const {
  check(!names.empty(), "a certificate is for somebody");
  PrivateKey key = make_key();
  Certificate certificate = begin_certificate(names.front(), key.get(), validity);
  add_extension(certificate.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), certificate_.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), certificate_.get(), NID_ext_key_usage, "serverAuth");
  add_names(certificate.get(), names);
  sign(certificate.get(), certificate_.get(), key_.get());
  return {certificate_pem(certificate.get()), key_pem(key.get())};
}

bool CertificateAuthority::has_issued(const std::string& certificate) const {
  Certificate parsed = parse_certificate(certificate);
  bool issued = parsed && X509_verify(parsed.get(), key_.get()) == 1;
  ERR_clear_error();
  return issued;
}

CertifiedKey CertificateAuthority::pem() const { return {certificate_pem(certificate_.get()), key_pem(key_.get())}; }

std::string certificates_in(const std::string& pem) {
  Bio in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  std::string certificates;
  while (Certificate certificate{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)})
    certificates += certificate_pem(certificate.get());
  ERR_clear_error();
  return certificates;
}

Result<CertificateFacts> read_certificate(const std::string& pem) {
  Certificate certificate = parse_certificate(pem);
  if (!certificate) return fail("InvalidCertificate", 400, "it holds no certificate in PEM form");
  CertificateFacts facts;
  facts.validity = {instant_of(X509_get0_notBefore(certificate.get())), instant_of(X509_get0_notAfter(certificate.get()))};
  Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS || name->type == GEN_IPADD) facts.names.push_back(text_of(name));
  }
  std::ranges::sort(facts.names);
  return facts;
}

}  // namespace outcrop::net
