// Signatures of a body that is signed in pieces while it streams: each covers the one before it, and the first the
// signature of the request, the seed (S3 API reference, "Signature Calculations … Transferring Payload in Multiple Chunks";
// Transcribe developer guide, "Event stream encoding").
#pragma once
#include <string>
#include <string_view>

#include "auth/signed_request.h"
#include "base/time.h"

namespace outcrop::auth {

// What the pieces of a verified request are signed with.
struct PayloadSigning {
  std::string secret;
  std::string region, service;
  std::string timestamp;       // of the request: "20261122T191332Z"
  std::string seed_signature;  // hex
};

// Chunks of an aws-chunked body and its trailer, in order.
class ChunkSignatures {
 public:
  explicit ChunkSignatures(const PayloadSigning& signing);

  // Whether `signature` (hex) is that of the next chunk; the next one then builds on it. `chunk_hash` is its SHA-256 in hex.
  bool accept_chunk(std::string_view chunk_hash, std::string_view signature);
  // The same of the trailer's canonical lines, "name:value\n" each.
  bool accept_trailer(std::string_view canonical_lines, std::string_view signature);

  // What the next ones would be; for tests and senders.
  std::string sign_chunk(std::string_view chunk_hash) const;
  std::string sign_trailer(std::string_view canonical_lines) const;

 private:
  bool accept(const std::string& expected, std::string_view signature);

  const std::string timestamp_, scope_, signing_key_;
  std::string previous_;
};

// Messages of an event stream that a client sends. The day of a long stream may change, and the key with it.
class EventSignatures {
 public:
  explicit EventSignatures(PayloadSigning signing);

  // Whether `signature` (32 raw bytes, the header :chunk-signature) is that of the next message, of which `date` is the header :date
  // and `payload` the payload.
  bool accept(Instant date, std::string_view payload, std::string_view signature);
  std::string sign(Instant date, std::string_view payload) const;  // 32 raw bytes

 private:
  const PayloadSigning signing_;
  std::string previous_;  // hex
};

}  // namespace outcrop::auth
