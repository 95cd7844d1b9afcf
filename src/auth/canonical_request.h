// The canonical request of Signature Version 4: one spelling of a request that client and server both compute before
// they hash it (IAM User Guide, "Create a signed AWS API request"). Shared by verification and signing; presigned
// requests differ only in the query parameter they leave out and in the payload hash.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace outcrop::auth {

// What services do differently. S3 signs the path as it is on the wire and lets the body be left unsigned; all others encode the
// wire path once more, after removing dot segments and empty ones.
struct SigningRules {
  bool is_s3 = false;
  static SigningRules of(std::string_view signing_name) { return {.is_s3 = signing_name == "s3"}; }
};

struct CanonicalInput {
  const net::RequestHead& head;
  const std::vector<std::string_view>& signed_headers;  // in the order of the signature; "host" or ":authority" stand for head.host
  std::string_view payload_hash;                        // hex SHA-256 of the body, or one of the literal markers
  SigningRules rules;
  std::string_view left_out_of_query = {};  // the parameter that carries the signature itself, when the query does
};

std::string canonical_request(const CanonicalInput& input);

// The parts, for tests and for those who need one alone.
std::string canonical_path(std::string_view wire_path, SigningRules rules);
std::string canonical_query(std::string_view wire_query, std::string_view left_out = {});

}  // namespace outcrop::auth
