#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace outcrop::server {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<KnownService> known_services = {{"sqs", {"SendMessage", "ReceiveMessage"}}, {"sts", {"GetCallerIdentity"}}};

std::expected<Config, std::vector<Problem>> parsed(const std::string& text) { return parse_config(text, "/etc/outcrop", known_services); }

std::string problems_of(const std::string& text) {
  auto config = parsed(text);
  return config ? "" : describe("outcrop.yaml", config.error());
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(mkdtemp(name_)) {}
  ~TemporaryDirectory() { fs::remove_all(path_); }
  fs::path write(const std::string& name, const std::string& text, mode_t mode) const {
    std::ofstream(path_ / name) << text;
    chmod((path_ / name).c_str(), mode);
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  char name_[32] = "/tmp/outcrop-config-XXXXXX";
  fs::path path_;
};

TEST(Config, AnEmptyFileChangesNothing) {
  for (const char* text : {"", "# nothing\n", "limits:\nthrottles:\ncredentials:\nlog:\n"}) {
    auto config = parsed(text);
    ASSERT_TRUE(config) << describe("", config.error());
    EXPECT_TRUE(config->listen.empty());
    EXPECT_EQ(config->durability, Durability::sync);
    EXPECT_EQ(config->limits.shutdown, Seconds(10));
  }
}

TEST(Config, OneAddressOrAListOfThem) {
  EXPECT_THAT(parsed("listen: 127.0.0.1:1")->listen, ElementsAre(ListenAddress{"127.0.0.1", 1}));
  EXPECT_THAT(parsed("listen: [127.0.0.1:1, '[::1]:2']")->listen, ElementsAre(ListenAddress{"127.0.0.1", 1}, ListenAddress{"::1", 2}));
}

TEST(Config, ACertificateComesWithItsKeyBesideTheFile) {
  auto config = parsed("tls: {certificate: cert.pem, key: /keys/key.pem}");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->tls->certificate, "/etc/outcrop/cert.pem");
  EXPECT_EQ(config->tls->key, "/keys/key.pem");
  EXPECT_THAT(problems_of("tls: {certificate: cert.pem}"), HasSubstr("key"));
  EXPECT_THAT(problems_of("tls: {key: key.pem}"), HasSubstr("certificate"));
}

TEST(Config, RelativeDataLiesBesideTheFile) {
  EXPECT_EQ(parsed("data: store")->data, "/etc/outcrop/store");
  EXPECT_EQ(parsed("data: /var/lib/outcrop")->data, "/var/lib/outcrop");
  EXPECT_EQ(parsed("data: ':memory:'")->data, ":memory:");
}

TEST(Config, AnAccountKeepsItsLeadingZeros) {
  auto config = parsed("credentials:\n  - {access_key_id: AKIAEXAMPLE, secret_access_key: abcdefgh, account: 000000000001}\n");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->credentials.keys.at(0).account, "000000000001");
}

TEST(Config, ThrottlesNameServicesAndOperations) {
  auto config = parsed("throttles: {sqs: {SendMessage: {rate: 10, burst: 20}, '*': {rate: 0.5}}}");
  ASSERT_TRUE(config) << describe("", config.error());
  ASSERT_EQ(config->throttles.size(), 2u);
  EXPECT_EQ(config->throttles[0].operation, "SendMessage");
  EXPECT_EQ(config->throttles[0].burst, 20);
  EXPECT_EQ(config->throttles[1].operation, "*");
  EXPECT_EQ(config->throttles[1].burst, 1) << "without a burst, one second's worth, at least one call";
}

TEST(ConfigProblems, NameLineColumnAndTheNearestKey) {
  EXPECT_EQ(problems_of("durability: sync\nlimits:\n  conections: 5\n"),
            "outcrop.yaml:3:3: limits.conections: is not a known key; did you mean connections?");
  EXPECT_EQ(problems_of("log: {colour: blue}"), "outcrop.yaml:1:7: log.colour: is not a known key; known here: level, format");
  EXPECT_THAT(problems_of("throttles: {sqs: {SendMesage: {rate: 1}}}"),
              HasSubstr("throttles.sqs.SendMesage: is not an operation of sqs; did you mean SendMessage?"));
  EXPECT_THAT(problems_of("throttles: {kinesis: {}}"), HasSubstr("throttles.kinesis: is not a service of this server"));
}

TEST(ConfigProblems, AreAllListedAtOnce) {
  auto config = parsed("listen: nowhere\ndurability: maybe\nthreads: 0\ncredentials: [{access_key_id: AKIA}]\n");
  ASSERT_FALSE(config);
  std::vector<int> lines;
  for (const Problem& problem : config.error()) lines.push_back(problem.line);
  EXPECT_THAT(lines, ElementsAre(1, 2, 3, 4, 4)) << describe("", config.error());
}

TEST(ConfigProblems, AKeyGivenTwiceIsOne) { EXPECT_EQ(problems_of("auth: open\nauth: open\n"), "outcrop.yaml:2:1: auth: is given twice"); }

TEST(ConfigProblems, AWrongKindIsOne) {
  EXPECT_EQ(problems_of("auth: [open]"), "outcrop.yaml:1:7: auth: must be a single value");
  EXPECT_EQ(problems_of("limits: 5"), "outcrop.yaml:1:9: limits: must be a map of keys and values");
  EXPECT_EQ(problems_of("credentials: {}"), "outcrop.yaml:1:14: credentials: must be a list");
  EXPECT_EQ(problems_of("- listen"), "outcrop.yaml:1:1: the file must be a map of keys and values");
  EXPECT_THAT(problems_of("[a]: 1"), HasSubstr("a key must be a single value"));
}

TEST(ConfigProblems, BrokenYamlSaysWhere) {
  EXPECT_THAT(problems_of("limits: {connections: 5\n"), HasSubstr("outcrop.yaml:2:1: "));
  EXPECT_THAT(problems_of("a: 1\n---\nb: 2\n"), HasSubstr("more than one YAML document"));
  EXPECT_NE(problems_of(std::string(3000, '[')), "");
}

TEST(ConfigProblems, AnAccessKeyIsGivenOnce) {
  EXPECT_THAT(problems_of("credentials:\n  - {access_key_id: AKIA, secret_access_key: abcdefgh, account: 000000000001}\n"
                          "  - {access_key_id: AKIA, secret_access_key: ijklmnop, account: 000000000002}\n"),
              HasSubstr("outcrop.yaml:3:5: credentials[1]: access_key_id AKIA is given twice"));
}

TEST(ConfigProblems, ABucketHoldsAtLeastOneCall) {
  EXPECT_THAT(problems_of("throttles: {sqs: {'*': {rate: 1, burst: 0.5}}}"), HasSubstr("throttles.sqs.*.burst: must be at least 1"));
}

TEST(ConfigFile, WithSecretsMustBeItsOwners) {
  TemporaryDirectory directory;
  const std::string secrets = "credentials: [{access_key_id: AKIA, secret_access_key: abcdefgh, account: 000000000001}]";
  EXPECT_TRUE(load_config(directory.write("private.yaml", secrets, 0600), known_services));
  for (mode_t mode : {0644, 0640, 0604}) {
    auto config = load_config(directory.write("open.yaml", secrets, mode), known_services);
    ASSERT_FALSE(config);
    EXPECT_THAT(describe("open.yaml", config.error()), HasSubstr("chmod 600"));
  }
  EXPECT_TRUE(load_config(directory.write("harmless.yaml", "auth: open", 0644), known_services));
  const std::string key = "models: [{match: '*', provider: openai, url: http://a, served_model: m, api_key: secret}]";
  EXPECT_FALSE(load_config(directory.write("key.yaml", key, 0644), known_services));
}

TEST(ConfigFile, ThatCannotBeReadSaysWhy) {
  TemporaryDirectory directory;
  auto absent = load_config(directory.path() / "absent.yaml", known_services);
  ASSERT_FALSE(absent);
  EXPECT_THAT(describe("absent.yaml", absent.error()), testing::EndsWith("/absent.yaml cannot be read: No such file or directory"));
  EXPECT_FALSE(load_config(directory.path(), known_services));
  EXPECT_FALSE(load_config(directory.write("large.yaml", std::string(2 << 20, '#'), 0600), known_services));
}

TEST(ConfigFlags, WinOverTheFile) {
  Config config = *parsed("listen: 127.0.0.1:1\ndurability: relaxed\nthreads: 3\n");
  Flags flags;
  flags.listen = {{"127.0.0.1", 2}};
  flags.durability = Durability::sync;
  flags.apply_to(config);
  EXPECT_THAT(config.listen, ElementsAre(ListenAddress{"127.0.0.1", 2}));
  EXPECT_EQ(config.durability, Durability::sync);
  EXPECT_EQ(config.threads, 3u);
}

TEST(ConfigFlags, RelativeDataLiesBelowTheWorkingDirectory) {
  auto data_of = [](const char* flag) {
    Config config;
    Flags flags;
    flags.data = flag;
    flags.apply_to(config);
    return config.data;
  };
  EXPECT_EQ(data_of("store"), fs::current_path() / "store");
  EXPECT_EQ(data_of("/var/lib/outcrop"), "/var/lib/outcrop");
  EXPECT_EQ(data_of(":memory:"), ":memory:");
}

TEST(Config, ReadsBedrockKeysAndIssuers) {
  auto config = parsed(
      "bedrock_api_keys: [{key: ABSK-0123456789abcdef, account: 000000000001}]\n"
      "web_identity_issuers: [{issuer: https://token.example.com, audiences: [a, b], subjects: 'repo:octo/*', accounts: \"000000000002\", "
      "jwks_file: keys.json}]\n");
  ASSERT_TRUE(config) << describe("outcrop.yaml", config.error());
  EXPECT_EQ(config->bedrock_api_keys.at(0).account, "000000000001");
  EXPECT_THAT(config->web_identity_issuers.at(0).audiences, ElementsAre("a", "b"));
  EXPECT_THAT(config->web_identity_issuers.at(0).subjects, ElementsAre("repo:octo/*"));
  EXPECT_THAT(config->web_identity_issuers.at(0).accounts, ElementsAre("000000000002"));
  EXPECT_TRUE(config->web_identity_issuers.at(0).jwks_file.ends_with("/keys.json"));

  EXPECT_THAT(problems_of("bedrock_api_keys: [{key: short, account: 000000000001}]"), HasSubstr("16 to 4096"));
  EXPECT_THAT(problems_of("web_identity_issuers: [{issuer: nowhere, audiences: a, subjects: b, jwks_file: k}]"),
              HasSubstr("must be a URL"));
  EXPECT_THAT(problems_of("web_identity_issuers: [{issuer: https://a.example.com}]"), AllOf(HasSubstr("jwks_file"), HasSubstr("subjects")));
}

// The complete example in the document is what people copy: every key in it must exist and be accepted.
TEST(ConfigDocument, ExampleLoads) {
  std::ifstream in("docs/configuration.md");
  ASSERT_TRUE(in) << "run from the repository's root";
  std::string document{std::istreambuf_iterator<char>(in), {}};
  size_t begin = document.find("```yaml\n");
  ASSERT_NE(begin, std::string::npos);
  begin += 8;
  std::string example = document.substr(begin, document.find("```", begin) - begin);
  auto config = parsed(example);
  ASSERT_TRUE(config) << describe("docs/configuration.md", config.error());
  EXPECT_EQ(config->credentials.keys.size(), 1u);
  EXPECT_EQ(config->throttles.size(), 2u);
  EXPECT_EQ(config->limits.store_cache_bytes, uint64_t(1) << 30);
  EXPECT_EQ(config->models.size(), 8u);
  EXPECT_EQ(config->budgets.budgets.at(0).limits.size(), 6u);
  EXPECT_THAT(config->code_directories, ElementsAre("/etc/outcrop/src/functions"));
  for (const char* key : {"listen:",
                          "data:",
                          "durability:",
                          "auth:",
                          "clock:",
                          "threads:",
                          "log:",
                          "allowed_hosts:",
                          "allowed_origins:",
                          "credentials:",
                          "bedrock_api_keys:",
                          "web_identity_issuers:",
                          "tls:",
                          "limits:",
                          "throttles:",
                          "models:",
                          "runtimes:",
                          "lambda:",
                          "budgets:",
                          "prices:",
                          "telemetry:"})
    EXPECT_THAT(example, HasSubstr(std::string("\n") + key)) << "the example leaves it out";
}

}  // namespace
}  // namespace outcrop::server
