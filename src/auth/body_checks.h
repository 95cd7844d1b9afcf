// BodyChecks: whether a body is what its sender said it would be: Content-MD5, x-amz-checksum-… in a header or a trailer,
// x-amz-content-sha256. Computed while the body streams; the words are S3's.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/checksum.h"
#include "base/digest.h"
#include "base/result.h"
#include "net/http.h"

namespace outcrop::auth {

class BodyChecks {
 public:
  // What the head declares. `payload_hash` is what was signed for the body (Caller::payload_hash): a SHA-256 in hex is checked, markers
  // are not. Parameters of a presigned query do not count: it is presigned before there is a body. Faults: InvalidDigest 400 on an
  // unreadable Content-MD5; InvalidRequest 400 on an unreadable checksum, several, or one that is announced and missing.
  static Result<BodyChecks> of(const net::RequestHead& head, std::string_view payload_hash);

  // A part of the decoded body.
  void add(std::string_view bytes);
  // After the whole body; `trailers` as the aws-chunked decoder or HTTP gave them. Faults: BadDigest 400, XAmzContentSHA256Mismatch
  // 400, InvalidRequest 400 on an unreadable trailer. Once.
  Result<void> finish(const net::Headers& trailers = {});

  // The checksum that was declared and, after finish() agreed, its value in base64; for what is stored beside an object.
  std::optional<ChecksumAlgorithm> algorithm() const;
  const std::string& checksum() const { return computed_; }

 private:
  BodyChecks() = default;

  std::optional<Digest> md5_, sha256_;
  std::string expected_md5_, expected_sha256_;  // raw bytes
  std::optional<Checksum> checksum_;
  std::optional<std::string> expected_checksum_;  // raw bytes; none: it comes in the trailer
  std::string computed_;
};

// "x-amz-checksum-crc32".
std::string checksum_header_of(ChecksumAlgorithm algorithm);

}  // namespace outcrop::auth
