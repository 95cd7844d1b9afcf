// Which certificate is shown: whose files, for which names, and when another one.
#include "server/server_tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "net/tls/openssl.h"
#include "server/own_authority.h"

namespace outcrop::server {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class TestClock final : public Clock {
 public:
  Instant wall() const override { return now; }
  Instant real_wall() const override { return now; }
  SteadyTime steady() const override { return steady_now; }
  void advance(Milliseconds by) {
    now += by;
    steady_now += by;
  }

  Instant now = RealClock().real_wall();
  SteadyTime steady_now = SteadyTime(Seconds(1000));
};

struct Directory : testing::Test {
  Directory() : path(mkdtemp(name)) {}
  ~Directory() override { fs::remove_all(path); }
  std::string write(const std::string& file, const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path / file) << text;
    chmod((path / file).c_str(), mode);
    return path / file;
  }
  // Two writes in one tick of the file system's clock would have one time.
  void write_later(const std::string& file, const std::string& text) const {
    write(file, text);
    fs::last_write_time(path / file, fs::last_write_time(path / file) + Seconds(5));
  }
  static mode_t mode_of(const fs::path& file) {
    struct stat status;
    EXPECT_EQ(stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
  }

  char name[32] = "/tmp/outcrop-tls-XXXXXX";
  fs::path path;
  TestClock clock;
};
using OwnAuthority = Directory;
using CertificateFiles = Directory;

// One that has expired, which hinders nothing but the clients.
net::CertifiedKey certificate_for(const std::string& host, Instant now) {
  return make_authority(now).issue({host}, {now - std::chrono::days(20), now - std::chrono::days(10)});
}

TEST(CertifiedNames, AreThisMachinesAndTheConfigured) {
  Config config;
  config.listen = {{"127.0.0.1", 1}, {"192.0.2.7", 1}};
  config.allowed_hosts = {"outcrop.test", "*.dev.example.com"};
  EXPECT_THAT(certified_names(config), ElementsAre("localhost", "*.localhost", "127.0.0.1", "::1", "192.0.2.7", "outcrop.test",
                                                   "dev.example.com", "*.dev.example.com"));
}

TEST(CertifiedNames, OfAllAddressesAreThoseOfTheInterfaces) {
  Config config;
  config.listen = {{"0.0.0.0", 1}};
  EXPECT_THAT(certified_names(config), testing::Not(Contains("0.0.0.0")));
  EXPECT_GE(certified_names(config).size(), 4u);
}

TEST_F(OwnAuthority, IsMadeOnceWithModesThatKeepItsKey) {
  mode_t usual = umask(0);
  ASSERT_TRUE(ensure_own_authority(path / "data", clock.now));
  umask(usual);
  EXPECT_EQ(mode_of(path / "data"), 0700u);
  EXPECT_EQ(mode_of(path / "data/tls"), 0700u);
  EXPECT_EQ(mode_of(path / "data/tls/ca-key.pem"), 0600u);
  auto made = read_own_authority(path / "data");
  ASSERT_TRUE(made);
  ASSERT_TRUE(ensure_own_authority(path / "data", clock.now));
  EXPECT_EQ(read_own_authority(path / "data")->pem().certificate, made->pem().certificate);
}

TEST_F(OwnAuthority, ThatIsDamagedIsSaidToBe) {
  ASSERT_TRUE(ensure_own_authority(path, clock.now));
  fs::remove(path / "tls/ca-key.pem");
  ASSERT_TRUE(ensure_own_authority(path, clock.now));  // what clients trust is never replaced silently
  auto read = read_own_authority(path);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("ca.pem: the authority's key cannot be read; delete it"));
}

TEST_F(OwnAuthority, IssuesWhatTheServerShows) {
  auto source = own_certificates(path, {"localhost", "127.0.0.1"});
  auto loaded = source->load(clock.now);
  ASSERT_TRUE(loaded);
  auto facts = net::read_certificate(loaded->certificate);
  EXPECT_THAT(facts->names, ElementsAre("127.0.0.1", "localhost"));
  EXPECT_LT(facts->validity.until - facts->validity.from, std::chrono::days(399));
  EXPECT_TRUE(read_own_authority(path)->has_issued(loaded->certificate));
  EXPECT_EQ(source->to_be_trusted(clock.now).value(), read_own_authority(path)->pem().certificate);
}

TEST_F(OwnAuthority, RenewsItsCertificateBeforeItEnds) {
  auto source = own_certificates(path, {"localhost"});
  ASSERT_TRUE(source->load(clock.now));
  EXPECT_FALSE(source->is_stale(clock.now + std::chrono::days(366)));
  EXPECT_TRUE(source->is_stale(clock.now + std::chrono::days(368)));
  ASSERT_TRUE(source->load(clock.now + std::chrono::days(368)));
  EXPECT_FALSE(source->is_stale(clock.now + std::chrono::days(369)));
}

TEST_F(OwnAuthority, OfMemoryIsTheProcessesOwn) {
  auto source = own_certificates(":memory:", {"localhost"});
  std::string trusted = source->to_be_trusted(clock.now).value();
  EXPECT_EQ(source->to_be_trusted(clock.now).value(), trusted);
  EXPECT_NE(own_certificates(":memory:", {"localhost"})->to_be_trusted(clock.now).value(), trusted);
}

TEST_F(CertificateFiles, MustBeThereAndTheKeyItsOwnersAlone) {
  auto made = certificate_for("localhost", clock.now);
  TlsFiles files{path / "cert.pem", path / "key.pem"};
  auto problem = [&] { return check_certificate_files(files, clock.now).error().message; };
  EXPECT_THAT(problem(), HasSubstr("key.pem contains a private key, but cannot be examined: No such file"));
  write("key.pem", made.key, 0644);
  EXPECT_THAT(problem(), HasSubstr("run: chmod 600"));
  write("key.pem", made.key);
  EXPECT_THAT(problem(), HasSubstr("tls.certificate: there is no file"));
  write("cert.pem", certificate_for("localhost", clock.now).certificate);
  EXPECT_THAT(problem(), HasSubstr("the key does not belong to the certificate"));
  write("cert.pem", made.certificate);
  EXPECT_TRUE(check_certificate_files(files, clock.now));
}

TEST_F(CertificateFiles, ThatHaveExpiredAreWarnedOf) {
  auto made = certificate_for("localhost", clock.now);
  TlsFiles files{write("cert.pem", made.certificate), write("key.pem", made.key)};
  testing::internal::CaptureStderr();
  EXPECT_TRUE(check_certificate_files(files, clock.now));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("the TLS certificate has expired"));
}

TEST_F(CertificateFiles, GiveAwayNoKey) {
  auto made = certificate_for("localhost", clock.now);
  std::string both = write("both.pem", made.key + made.certificate);
  EXPECT_EQ(certificate_files({both, both})->to_be_trusted(clock.now).value(), made.certificate);
}

TEST(ApiCertificateName, IsForAllApisOfARegion) {
  EXPECT_EQ(api_certificate_name("abc123.execute-api.eu-central-1.amazonaws.com"), "*.execute-api.eu-central-1.amazonaws.com");
  EXPECT_EQ(api_certificate_name("ABC.execute-api.CN-north-1.amazonaws.com.cn"), "*.execute-api.cn-north-1.amazonaws.com.cn");
}

TEST(ApiCertificateName, IsOfNoOtherHost) {
  for (std::string_view host :
       {"localhost", "sqs.eu-central-1.amazonaws.com", ".execute-api.eu-central-1.amazonaws.com",
        "a.b.execute-api.eu-central-1.amazonaws.com", "abc.execute-api.amazonaws.com", "abc.execute-api..amazonaws.com",
        "abc.execute-api.a.b.amazonaws.com", "abc.execute-api.eu-central-1.amazonaws.com.evil.test",
        "*.execute-api.eu-central-1.amazonaws.com", "abc.execute-api.a-region-with-a-name-that-is-too-long-1.amazonaws.com", ""})
    EXPECT_EQ(api_certificate_name(host), std::nullopt) << host;
}

// The names of the certificate that a client is shown who says that it wants this host; a handshake within memory.
std::vector<std::string> shown_names(ServerTls& tls, const char* host) {
  net::SslContext context(SSL_CTX_new(TLS_client_method()));
  net::Ssl client(SSL_new(context.get())), server = tls.accept();
  BIO *near = nullptr, *far = nullptr;
  EXPECT_EQ(BIO_new_bio_pair(&near, 0, &far, 0), 1);
  SSL_set_bio(client.get(), near, near);
  SSL_set_bio(server.get(), far, far);
  SSL_set_connect_state(client.get());
  SSL_set_tlsext_host_name(client.get(), host);
  for (int turn = 0; turn < 10 && !SSL_is_init_finished(client.get()); ++turn) {
    SSL_do_handshake(client.get());
    SSL_do_handshake(server.get());
  }
  EXPECT_TRUE(SSL_is_init_finished(client.get()));
  net::Certificate shown(SSL_get1_peer_certificate(client.get()));
  net::Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), shown.get());
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(out.get(), &text);
  return net::read_certificate(std::string(text, size_t(bytes)))->names;
}

TEST_F(OwnAuthority, CertifiesTheNamesThatApisHaveOnAws) {
  ServerTls tls(own_certificates(path, {"localhost"}), clock);
  EXPECT_THAT(shown_names(tls, "localhost"), ElementsAre("localhost"));
  EXPECT_THAT(shown_names(tls, "abc.execute-api.eu-west-1.amazonaws.com"), ElementsAre("*.execute-api.eu-west-1.amazonaws.com"));
  EXPECT_THAT(shown_names(tls, "xyz.execute-api.us-east-1.amazonaws.com"), ElementsAre("*.execute-api.us-east-1.amazonaws.com"));
  EXPECT_THAT(shown_names(tls, "elsewhere.test"), ElementsAre("localhost"));
}

TEST_F(CertificateFiles, AreShownForTheNamesOfApisTooAndWarnedOf) {
  auto made = certificate_for("outcrop.test", clock.now);
  ServerTls tls(certificate_files({write("cert.pem", made.certificate), write("key.pem", made.key)}), clock);
  testing::internal::CaptureStderr();
  EXPECT_THAT(shown_names(tls, "abc.execute-api.eu-west-1.amazonaws.com"), ElementsAre("outcrop.test"));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is not for the names that APIs have on AWS"));
}

// What a connection would be shown, without one: the acceptor's certificate is asked for by a source that counts.
class CountingSource final : public CertificateSource {
 public:
  explicit CountingSource(int& loads) : loads_(loads) {}
  Result<net::CertifiedKey> load(Instant now) override {
    ++loads_;
    if (fails) return fail("InvalidConfiguration", 400, "a test's");
    return certificate_for("localhost", now);
  }
  bool is_stale(Instant) override { return stale; }
  Result<std::string> to_be_trusted(Instant) override { return ""; }

  bool stale = false, fails = false;

 private:
  int& loads_;
};

struct ServerTlsTest : testing::Test {
  int loads = 0;
  TestClock clock;
  CountingSource* source = new CountingSource(loads);
  ServerTls tls{std::unique_ptr<CertificateSource>(source), clock};
};

TEST_F(ServerTlsTest, ReadsNothingBeforeSomebodyConnects) {
  EXPECT_EQ(loads, 0);
  EXPECT_NE(tls.accept(), nullptr);
  EXPECT_NE(tls.accept(), nullptr);
  EXPECT_EQ(loads, 1);
}

TEST_F(ServerTlsTest, LooksForChangesOnceAMinute) {
  EXPECT_NE(tls.accept(), nullptr);
  source->stale = true;
  clock.advance(Seconds(59));
  EXPECT_NE(tls.accept(), nullptr);
  EXPECT_EQ(loads, 1);
  clock.advance(Seconds(1));
  EXPECT_NE(tls.accept(), nullptr);
  EXPECT_EQ(loads, 2);
}

TEST_F(ServerTlsTest, KeepsTheOldWhenTheNewIsBad) {
  EXPECT_NE(tls.accept(), nullptr);
  source->stale = source->fails = true;
  clock.advance(Seconds(60));
  EXPECT_NE(tls.accept(), nullptr);
  EXPECT_EQ(loads, 2);
}

TEST_F(ServerTlsTest, WithoutACertificateThereIsNoTlsUntilThereIsOne) {
  source->fails = true;
  EXPECT_EQ(tls.accept(), nullptr);
  source->fails = false;
  clock.advance(Seconds(60));
  EXPECT_NE(tls.accept(), nullptr);
}

TEST_F(CertificateFiles, ThatChangedAreStaleUntilTheyAreRead) {
  auto made = certificate_for("one", clock.now), renewed = certificate_for("two", clock.now);
  auto source = certificate_files({write("cert.pem", made.certificate), write("key.pem", made.key)});
  ASSERT_TRUE(source->load(clock.now));
  EXPECT_FALSE(source->is_stale(clock.now));
  write_later("cert.pem", renewed.certificate);
  write_later("key.pem", renewed.key);
  EXPECT_TRUE(source->is_stale(clock.now));
  EXPECT_EQ(source->load(clock.now)->certificate, renewed.certificate);
  EXPECT_FALSE(source->is_stale(clock.now));
}

}  // namespace
}  // namespace outcrop::server
