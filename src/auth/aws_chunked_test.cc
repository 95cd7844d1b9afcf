#include "auth/aws_chunked.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace outcrop::auth {
namespace {

// The S3 API reference's example of a signed upload of 66,560 bytes in chunks of 64 KiB and 1 KiB.
const PayloadSigning documented_signing = {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "s3", "20130524T000000Z",
                                           "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"};
const std::string documented_body =
    "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + std::string(65536, 'a') +
    "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + std::string(1024, 'a') +
    "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";

struct Decoded {
  std::string bytes, fault;
  net::Headers trailers;
};

Decoded decode(AwsChunkedDecoder::Options options, std::string_view body, size_t part_bytes = std::string_view::npos) {
  AwsChunkedDecoder decoder(std::move(options));
  Decoded decoded;
  for (size_t at = 0; at < body.size(); at += std::min(part_bytes, body.size())) {
    Result<void> fed = decoder.feed(body.substr(at, part_bytes), decoded.bytes);
    if (!fed) return {"", fed.error().code, {}};
  }
  Result<void> finished = decoder.finish();
  if (!finished) decoded.fault = finished.error().code;
  decoded.trailers = decoder.trailers();
  return decoded;
}

AwsChunkedDecoder::Options signed_options(uint64_t length, std::vector<std::string> trailers = {}) {
  return {.form = {.is_signed = true, .has_trailer = !trailers.empty()},
          .decoded_length = length,
          .declared_trailers = std::move(trailers),
          .signing = documented_signing};
}
AwsChunkedDecoder::Options unsigned_options(uint64_t length, std::vector<std::string> trailers = {"x-amz-checksum-crc32"}) {
  return {.form = {.is_signed = false, .has_trailer = true}, .decoded_length = length, .declared_trailers = std::move(trailers)};
}

TEST(AwsChunked, TheDocumentedExampleDecodesInPartsOfAnySize) {
  for (size_t part_bytes : {size_t(1), size_t(7), size_t(1000), size_t(65536), documented_body.size()}) {
    Decoded decoded = decode(signed_options(66560), documented_body, part_bytes);
    EXPECT_EQ(decoded.fault, "") << part_bytes;
    EXPECT_TRUE(decoded.bytes == std::string(66560, 'a')) << part_bytes;
  }
}

TEST(AwsChunked, AChangedByteInAnyChunkIsRefused) {
  for (size_t at : {size_t(100), size_t(65536 + 200), documented_body.size() - 20}) {
    std::string changed = documented_body;
    changed[at] = changed[at] == 'b' ? 'c' : 'b';
    EXPECT_EQ(decode(signed_options(66560), changed).fault, "SignatureDoesNotMatch") << at;
  }
  AwsChunkedDecoder::Options other_seed = signed_options(66560);
  other_seed.signing->seed_signature[0] = '5';
  EXPECT_EQ(decode(other_seed, documented_body).fault, "SignatureDoesNotMatch");
}

TEST(AwsChunked, OpenModeReadsSignaturesWithoutThem) {
  AwsChunkedDecoder::Options options = signed_options(66560);
  options.signing.reset();
  std::string changed = documented_body;
  changed[100] = 'b';
  EXPECT_EQ(decode(options, changed).fault, "");
}

TEST(AwsChunked, EveryCutIsIncomplete) {
  const std::string body = "2000\r\n" + std::string(8192, 'x') + "\r\n3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
  EXPECT_EQ(decode(unsigned_options(8195), body).fault, "");
  for (size_t size = 0; size < body.size(); size += size > 8200 ? 1 : 97)
    EXPECT_EQ(decode(unsigned_options(8195), body.substr(0, size)).fault, "IncompleteBody") << size;
}

// What the JavaScript SDK sends for a stream.
TEST(AwsChunked, UnsignedBodiesCarryTheirChecksumBehind) {
  Decoded decoded = decode(unsigned_options(5), "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
  EXPECT_EQ(decoded.fault, "");
  EXPECT_EQ(decoded.bytes, "hello");
  EXPECT_EQ(decoded.trailers.get("x-amz-checksum-crc32"), "NhCmhg==");
}

TEST(AwsChunked, TrailersAreSignedToo) {
  ChunkSignatures signatures(documented_signing);
  std::string chunk = signatures.sign_chunk(hex(sha256("hello")));
  ASSERT_TRUE(signatures.accept_chunk(hex(sha256("hello")), chunk));
  std::string last = signatures.sign_chunk(hex(sha256("")));
  ASSERT_TRUE(signatures.accept_chunk(hex(sha256("")), last));
  std::string trailer = signatures.sign_trailer("x-amz-checksum-crc32:NhCmhg==\n");
  auto body = [&](std::string_view value, std::string_view signature) {
    return "5;chunk-signature=" + chunk + "\r\nhello\r\n0;chunk-signature=" + last + "\r\nx-amz-checksum-crc32:" + std::string(value) +
           "\r\nx-amz-trailer-signature:" + std::string(signature) + "\r\n\r\n";
  };
  auto options = [] { return signed_options(5, {"x-amz-checksum-crc32"}); };
  EXPECT_EQ(decode(options(), body("NhCmhg==", trailer)).fault, "");
  EXPECT_EQ(decode(options(), body("AAAAAA==", trailer)).fault, "SignatureDoesNotMatch");
  EXPECT_EQ(decode(options(), body("NhCmhg==", "")).fault, "SignatureDoesNotMatch");
}

TEST(AwsChunked, TrailersMustBeThoseThatWereDeclared) {
  for (std::string_view trailer :
       {"", "x-amz-checksum-sha1:a\r\n", "x-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:a\r\n", "x-amz-checksum-crc32\r\n",
        "x-amz-checksum-crc32:a\r\nother:b\r\n", "x-amz-checksum-crc32:a\nother:b\r\n"}) {
    EXPECT_EQ(decode(unsigned_options(0), "0\r\n" + std::string(trailer) + "\r\n").fault, "MalformedTrailerError") << trailer;
  }
  EXPECT_EQ(decode(unsigned_options(0), "0\r\nx-amz-checksum-crc32:" + std::string(2000, 'a')).fault, "MalformedTrailerError");
}

TEST(AwsChunked, LengthsAreKeptTo) {
  EXPECT_EQ(decode(unsigned_options(4, {}), "5\r\nhello\r\n0\r\n\r\n").fault, "IncompleteBody");
  EXPECT_EQ(decode(unsigned_options(6, {}), "5\r\nhello\r\n0\r\n\r\n").fault, "IncompleteBody");
  EXPECT_EQ(decode(unsigned_options(5, {}), "5\r\nhello\r\n0\r\n\r\n").fault, "");
  EXPECT_EQ(decode(unsigned_options(5, {}), "5\r\nhello\r\n0\r\n\r\nmore").fault, "IncompleteBody");
  EXPECT_EQ(decode(unsigned_options(10, {}), "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n").fault, "InvalidChunkSizeError");
}

TEST(AwsChunked, WhatIsNoSizeIsRefused) {
  for (std::string_view line : {"", "x", "-1", "0x5", "5 5", "10000000000000000", "ffffffffffffffff"})
    EXPECT_EQ(decode(unsigned_options(5, {}), std::string(line) + "\r\nhello\r\n").fault, "IncompleteBody") << line;
  EXPECT_EQ(decode(unsigned_options(5, {}), "5\nhello\r\n").fault, "IncompleteBody");
  EXPECT_EQ(decode(unsigned_options(5, {}), "5\r\nhello!\r\n").fault, "IncompleteBody");
  EXPECT_EQ(decode(unsigned_options(5, {}), std::string(5000, '0')).fault, "IncompleteBody");
  EXPECT_EQ(decode(signed_options(5), "5\r\nhello\r\n").fault, "IncompleteBody");
}

TEST(AwsChunked, OptionsComeFromTheHead) {
  net::RequestHead head;
  auto options = [&](std::string_view hash) { return AwsChunkedDecoder::options_of(head, *ChunkedForm::named(hash), {}); };
  EXPECT_EQ(options("STREAMING-UNSIGNED-PAYLOAD-TRAILER").error().code, "MissingContentLength");
  head.headers = {{"x-amz-decoded-content-length", "12"}, {"X-Amz-Trailer", "X-Amz-Checksum-Crc32, other"}};
  auto read = options("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->decoded_length, 12u);
  EXPECT_EQ(read->declared_trailers, (std::vector<std::string>{"x-amz-checksum-crc32", "other"}));
  EXPECT_EQ(options("STREAMING-AWS4-HMAC-SHA256-PAYLOAD").error().code, "InvalidRequest");
  EXPECT_FALSE(ChunkedForm::named("UNSIGNED-PAYLOAD"));
}

}  // namespace
}  // namespace outcrop::auth
