#include "base/checksum.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/random.h"

namespace outcrop {
namespace {

constexpr std::string_view digits = "123456789";  // what the catalogue of CRCs gives its check values for

std::string checksum_text(ChecksumAlgorithm algorithm, std::string_view bytes) {
  Checksum checksum(algorithm);
  checksum.add(bytes);
  return base64(checksum.finish());
}

// The polynomial division itself, a bit at a time.
template <class Word>
Word divided(std::string_view bytes, Word polynomial) {
  Word rest = ~Word(0);
  for (char c : bytes) {
    rest ^= uint8_t(c);
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) ? (rest >> 1) ^ polynomial : rest >> 1;
  }
  return ~rest;
}

TEST(Checksum, CrcsGiveTheCatalogueCheckValues) {
  EXPECT_EQ(crc32(digits), 0xcbf43926u);
  EXPECT_EQ(crc32c(digits), 0xe3069283u);
  EXPECT_EQ(crc64nvme(digits), 0xae8b14860a799888u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720 B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
}

TEST(Checksum, HeadersCarryBigEndianBase64) {
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::crc32, ""), "AAAAAA==");
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::crc32, "hello world"), "DUoRhQ==");
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::crc32c, "hello world"), "yZRlqg==");
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::crc64nvme, "hello world"), "jSnVw/bqjr4=");
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::sha1, "hello world"), "Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
  EXPECT_EQ(checksum_text(ChecksumAlgorithm::sha256, "hello world"), "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=");
}

TEST(Checksum, EveryLengthAndSplitAgreesWithTheDivision) {
  SeededRandom random(7);
  std::string bytes(200, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  for (size_t size = 0; size <= bytes.size(); ++size) {
    std::string_view part = std::string_view(bytes).substr(0, size);
    EXPECT_EQ(crc32c(part), divided<uint32_t>(part, 0x82f63b78)) << size;
    EXPECT_EQ(crc64nvme(part), divided<uint64_t>(part, 0x9a6c9329ac4bc9b5)) << size;
    size_t cut = size / 3;
    EXPECT_EQ(crc32c(part.substr(cut), crc32c(part.substr(0, cut))), crc32c(part)) << size;
    EXPECT_EQ(crc64nvme(part.substr(cut), crc64nvme(part.substr(0, cut))), crc64nvme(part)) << size;
  }
}

TEST(Checksum, PartsMakeTheSameAsTheWhole) {
  for (std::string_view name : {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"}) {
    auto algorithm = checksum_algorithm_named(name);
    ASSERT_TRUE(algorithm) << name;
    EXPECT_EQ(name_of(*algorithm), name);
    Checksum parts(*algorithm), whole(*algorithm);
    for (char c : digits) parts.add(std::string_view(&c, 1));
    whole.add(digits);
    std::string sum = parts.finish();
    EXPECT_EQ(sum, whole.finish()) << name;
    EXPECT_EQ(sum.size(), checksum_bytes(*algorithm)) << name;
  }
  EXPECT_EQ(checksum_algorithm_named("crc32c"), ChecksumAlgorithm::crc32c);
  EXPECT_FALSE(checksum_algorithm_named("MD4"));
}

TEST(Digest, PartsMakeTheSameAsTheWhole) {
  Digest md5_parts(DigestAlgorithm::md5), sha1_parts(DigestAlgorithm::sha1);
  for (Digest* digest : {&md5_parts, &sha1_parts}) {
    digest->add("12345");
    digest->add("6789");
  }
  EXPECT_EQ(md5_parts.finish(), md5(digits));
  EXPECT_EQ(sha1_parts.finish(), sha1(digits));
}

// RFC 2202 case 2 and RFC 4231 case 2.
TEST(Digest, HmacsAreThoseOfTheStandards) {
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace outcrop
