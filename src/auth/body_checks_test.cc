#include "auth/body_checks.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace outcrop::auth {
namespace {

constexpr std::string_view body = "hello";

std::string verdict(net::Headers headers, net::Headers trailers = {}, std::string_view payload_hash = "") {
  net::RequestHead head;
  head.headers = std::move(headers);
  Result<BodyChecks> checks = BodyChecks::of(head, payload_hash);
  if (!checks) return checks.error().code + ": " + checks.error().message;
  for (char c : body) checks->add(std::string_view(&c, 1));
  Result<void> finished = checks->finish(trailers);
  return finished ? "right " + checks->checksum() : finished.error().code + ": " + finished.error().message;
}

std::string sum(ChecksumAlgorithm algorithm, std::string_view bytes = body) {
  Checksum checksum(algorithm);
  checksum.add(bytes);
  return base64(checksum.finish());
}

TEST(BodyChecks, EveryAlgorithmIsChecked) {
  for (std::string_view name : {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"}) {
    ChecksumAlgorithm algorithm = *checksum_algorithm_named(name);
    std::string header = checksum_header_of(algorithm);
    EXPECT_EQ(verdict({{header, sum(algorithm)}}), "right " + sum(algorithm));
    EXPECT_EQ(verdict({{header, sum(algorithm, "other")}}),
              "BadDigest: The " + std::string(name) + " you specified did not match the calculated checksum.");
    EXPECT_EQ(verdict({{header, "AAA="}}), "InvalidRequest: Value for " + header + " header is invalid.");
    EXPECT_EQ(verdict({{"x-amz-trailer", header}}, {{header, sum(algorithm)}}), "right " + sum(algorithm));
    EXPECT_EQ(verdict({{"x-amz-trailer", header}}), "InvalidRequest: Value for " + header + " trailing header is invalid.");
  }
  EXPECT_EQ(checksum_header_of(ChecksumAlgorithm::crc64nvme), "x-amz-checksum-crc64nvme");
}

TEST(BodyChecks, AnMd5IsChecked) {
  EXPECT_EQ(verdict({{"Content-MD5", base64(md5(body))}}), "right ");
  EXPECT_EQ(verdict({{"Content-MD5", base64(md5("other"))}}), "BadDigest: The Content-MD5 you specified did not match what we received.");
  EXPECT_EQ(verdict({{"Content-MD5", "not base64"}}), "InvalidDigest: The Content-MD5 you specified was invalid.");
  EXPECT_EQ(verdict({{"Content-MD5", "AAAA"}}), "InvalidDigest: The Content-MD5 you specified was invalid.");
}

TEST(BodyChecks, TheSignedHashIsChecked) {
  EXPECT_EQ(verdict({}, {}, hex(sha256(body))), "right ");
  EXPECT_EQ(verdict({}, {}, hex(sha256("other"))),
            "XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what was computed.");
  EXPECT_EQ(verdict({}, {}, "UNSIGNED-PAYLOAD"), "right ");
}

TEST(BodyChecks, OneChecksumAtMostAndTheOneThatIsAnnounced) {
  std::string crc32 = sum(ChecksumAlgorithm::crc32), sha1 = sum(ChecksumAlgorithm::sha1);
  EXPECT_EQ(verdict({{"x-amz-checksum-crc32", crc32}, {"x-amz-checksum-sha1", sha1}}),
            "InvalidRequest: Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  EXPECT_EQ(verdict({{"x-amz-sdk-checksum-algorithm", "CRC32"}, {"x-amz-checksum-crc32", crc32}}), "right " + crc32);
  EXPECT_EQ(verdict({{"x-amz-sdk-checksum-algorithm", "SHA1"}, {"x-amz-checksum-crc32", crc32}}),
            "InvalidRequest: Value for x-amz-sdk-checksum-algorithm header is invalid.");
  EXPECT_EQ(verdict({{"x-amz-sdk-checksum-algorithm", "CRC32"}}),
            "InvalidRequest: x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were "
            "found.");
  EXPECT_EQ(verdict({{"x-amz-checksum-mode", "ENABLED"}, {"x-amz-checksum-algorithm", "CRC32"}}), "right ");
}

}  // namespace
}  // namespace outcrop::auth
