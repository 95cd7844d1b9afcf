// Certificates: those our authority makes, and those a server cannot use.
#include "net/tls/context.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/tls/harness_test.h"

namespace outcrop::net {
namespace {

std::string problem_of(const std::string& certificates, const std::string& key) {
  auto context = TlsServerContext::from_pem(certificates, key);
  if (context) return "";
  EXPECT_EQ(context.error().code, "InvalidCertificate");
  return context.error().message;
}

Certificate parse(const std::string& pem) {
  Bio in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  return Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

std::string encrypted(const std::string& key) {
  Bio in(BIO_new_mem_buf(key.data(), int(key.size()))), out(BIO_new(BIO_s_mem()));
  PrivateKey parsed(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  PEM_write_bio_PKCS8PrivateKey(out.get(), parsed.get(), EVP_aes_128_cbc(), "secret", 6, nullptr, nullptr);
  char* text = nullptr;
  long bytes = BIO_get_mem_data(out.get(), &text);
  return std::string(text, size_t(bytes));
}

TEST(TlsServerContext, SaysWhatIsWrongWithWhatItIsGiven) {
  CertifiedKey one = test_authority().issue({"one"}, test_validity()), other = test_authority().issue({"other"}, test_validity());
  EXPECT_EQ(problem_of(one.certificate, one.key), "");
  EXPECT_EQ(problem_of(one.certificate + test_authority().pem().certificate, one.key), "");
  EXPECT_EQ(problem_of("", one.key), "it holds no certificate in PEM form");
  EXPECT_EQ(problem_of(one.key, one.key), "it holds no certificate in PEM form");
  EXPECT_EQ(problem_of(one.certificate, ""), "it holds no private key in PEM form");
  EXPECT_EQ(problem_of(one.certificate, one.certificate), "it holds no private key in PEM form");
  EXPECT_EQ(problem_of(one.certificate, other.key), "the key does not belong to the certificate");
  EXPECT_EQ(problem_of(one.certificate, encrypted(one.key)), "the key is encrypted; give it without a password");
  std::string damaged = one.certificate;
  damaged.replace(damaged.size() / 2, 4, "!!!!");
  EXPECT_NE(problem_of(one.certificate + damaged, one.key), "");
}

TEST(Certificates, AreTakenOutOfAFileWithoutItsKey) {
  CertifiedKey made = test_authority().issue({"localhost"}, test_validity());
  std::string authority = test_authority().pem().certificate;
  EXPECT_EQ(certificates_in(made.key + made.certificate + "a comment\n" + authority), made.certificate + authority);
  EXPECT_EQ(certificates_in(made.key), "");
}

TEST(CertificateAuthority, MakesCertificatesForNamesAndAddresses) {
  CertifiedKey made = test_authority().issue({"localhost", "*.outcrop.test", "127.0.0.1", "::1"}, test_validity());
  auto facts = read_certificate(made.certificate);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->names, (std::vector<std::string>{"*.outcrop.test", "127.0.0.1", "::1", "localhost"}));
  EXPECT_EQ(facts->validity.until, std::chrono::floor<Seconds>(test_validity().until));
  EXPECT_TRUE(test_authority().has_issued(made.certificate));
}

TEST(CertificateAuthority, KnowsWhatItDidNotIssue) {
  auto other = CertificateAuthority::make("an authority of a test", test_validity());
  EXPECT_FALSE(other.has_issued(test_authority().issue({"localhost"}, test_validity()).certificate));
  EXPECT_FALSE(other.has_issued("no certificate"));
}

TEST(CertificateAuthority, ItsCertificateIsForServersCertificatesAlone) {
  Certificate authority = parse(test_authority().pem().certificate);
  EXPECT_EQ(X509_check_ca(authority.get()), 1);
  EXPECT_EQ(X509_get_pathlen(authority.get()), 0);
  EXPECT_EQ(X509_get_key_usage(authority.get()), uint32_t(KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  Certificate server = parse(test_authority().issue({"localhost"}, test_validity()).certificate);
  EXPECT_EQ(X509_check_ca(server.get()), 0);
  EXPECT_EQ(X509_get_key_usage(server.get()), uint32_t(KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(X509_get_extended_key_usage(server.get()), uint32_t(XKU_SSL_SERVER));
  EXPECT_NE(X509_get0_authority_key_id(server.get()), nullptr);
}

TEST(CertificateAuthority, IsTheSameAfterItWasKept) {
  CertifiedKey kept = test_authority().pem();
  auto again = CertificateAuthority::from_pem(kept.certificate, kept.key);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->pem().certificate, kept.certificate);
  EXPECT_EQ(again->pem().key, kept.key);
  EXPECT_TRUE(test_authority().has_issued(again->issue({"localhost"}, test_validity()).certificate));
}

TEST(CertificateAuthority, SaysWhatIsWrongWithWhatWasKept) {
  CertifiedKey kept = test_authority().pem(), other = CertificateAuthority::make("other", test_validity()).pem();
  auto problem = [](const std::string& certificate, const std::string& key) {
    return CertificateAuthority::from_pem(certificate, key).error().message;
  };
  EXPECT_EQ(problem("", kept.key), "the authority's certificate cannot be read");
  EXPECT_EQ(problem(kept.certificate, ""), "the authority's key cannot be read");
  EXPECT_EQ(problem(kept.certificate, other.key), "the authority's key does not belong to its certificate");
}

}  // namespace
}  // namespace outcrop::net
