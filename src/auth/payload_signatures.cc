#include "auth/payload_signatures.h"

#include "auth/sigv4.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view chunk_algorithm = "AWS4-HMAC-SHA256-PAYLOAD", trailer_algorithm = "AWS4-HMAC-SHA256-TRAILER";

std::string scope_of(const PayloadSigning& signing, std::string_view timestamp) {
  return fmt::format("{}/{}/{}/aws4_request", timestamp.substr(0, 8), signing.region, signing.service);
}

std::string key_of(const PayloadSigning& signing, std::string_view timestamp) {
  CredentialScope scope{"", "", timestamp.substr(0, 8), signing.region, signing.service, "aws4_request"};
  return derive_signing_key(signing.secret, scope);
}

// The headers of a message but for its signature, as they are framed: the name with its length, type 8 (timestamp), milliseconds.
std::string framed_date(Instant date) {
  std::string framed = "\5:date\10";
  uint64_t ms = uint64_t(ms_since_epoch(date));
  for (int shift = 56; shift >= 0; shift -= 8) framed += char(ms >> shift & 0xff);
  return framed;
}

}  // namespace

ChunkSignatures::ChunkSignatures(const PayloadSigning& signing)
    : timestamp_(signing.timestamp),
      scope_(scope_of(signing, signing.timestamp)),
      signing_key_(key_of(signing, signing.timestamp)),
      previous_(signing.seed_signature) {}

std::string ChunkSignatures::sign_chunk(std::string_view chunk_hash) const {
  return signature_v4(signing_key_,
                      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", chunk_algorithm, timestamp_, scope_, previous_, empty_body_hash, chunk_hash));
}

std::string ChunkSignatures::sign_trailer(std::string_view canonical_lines) const {
  return signature_v4(signing_key_,
                      fmt::format("{}\n{}\n{}\n{}\n{}", trailer_algorithm, timestamp_, scope_, previous_, hex(sha256(canonical_lines))));
}

bool ChunkSignatures::accept(const std::string& expected, std::string_view signature) {
  if (!equal_in_constant_time(expected, signature)) return false;
  previous_ = expected;
  return true;
}

bool ChunkSignatures::accept_chunk(std::string_view chunk_hash, std::string_view signature) {
  return accept(sign_chunk(chunk_hash), signature);
}

bool ChunkSignatures::accept_trailer(std::string_view canonical_lines, std::string_view signature) {
  return accept(sign_trailer(canonical_lines), signature);
}

EventSignatures::EventSignatures(PayloadSigning signing) : signing_(std::move(signing)), previous_(signing_.seed_signature) {}

std::string EventSignatures::sign(Instant date, std::string_view payload) const {
  std::string timestamp = iso8601_basic(date);
  std::string to_sign = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", chunk_algorithm, timestamp, scope_of(signing_, timestamp), previous_,
                                    hex(sha256(framed_date(date))), hex(sha256(payload)));
  return hmac_sha256(key_of(signing_, timestamp), to_sign);
}

bool EventSignatures::accept(Instant date, std::string_view payload, std::string_view signature) {
  std::string expected = sign(date, payload);
  if (!equal_in_constant_time(expected, signature)) return false;
  previous_ = hex(expected);
  return true;
}

}  // namespace outcrop::auth
