#include "auth/body_checks.h"

#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view checksum_prefix = "x-amz-checksum-";
constexpr size_t md5_bytes = 16, sha256_bytes = 32;

std::unexpected<Fault> invalid_request(std::string message) { return fail("InvalidRequest", 400, std::move(message)); }

std::unexpected<Fault> invalid_checksum(std::string_view header) {
  return invalid_request(fmt::format("Value for {} header is invalid.", header));
}

std::optional<ChecksumAlgorithm> algorithm_of_header(std::string_view name) {
  if (name.size() <= checksum_prefix.size() || !ascii_equal_ignoring_case(name.substr(0, checksum_prefix.size()), checksum_prefix))
    return std::nullopt;
  return checksum_algorithm_named(name.substr(checksum_prefix.size()));
}

std::optional<std::string> decoded_checksum(ChecksumAlgorithm algorithm, std::string_view value) {
  std::optional<std::string> bytes = unbase64(value);
  return bytes && bytes->size() == checksum_bytes(algorithm) ? bytes : std::nullopt;
}

struct DeclaredChecksum {
  ChecksumAlgorithm algorithm;
  std::optional<std::string> value;  // raw bytes; none: in the trailer
};

Result<std::optional<DeclaredChecksum>> declared_checksum(const net::RequestHead& head) {
  std::optional<DeclaredChecksum> declared;
  for (const net::Header& header : head.headers) {
    bool in_trailer = ascii_equal_ignoring_case(header.name, "x-amz-trailer");
    std::optional<ChecksumAlgorithm> algorithm = algorithm_of_header(in_trailer ? header.value : header.name);
    if (!algorithm) continue;
    if (declared) return invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    declared = DeclaredChecksum{*algorithm, std::nullopt};
    if (in_trailer) continue;
    declared->value = decoded_checksum(*algorithm, header.value);
    if (!declared->value) return invalid_checksum(ascii_lower(header.name));
  }
  std::string_view announced = head.headers.get("x-amz-sdk-checksum-algorithm");
  if (announced.empty()) return declared;
  std::optional<ChecksumAlgorithm> algorithm = checksum_algorithm_named(announced);
  if (!declared) {
    return invalid_request(
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
  }
  if (algorithm != declared->algorithm) return invalid_checksum("x-amz-sdk-checksum-algorithm");
  return declared;
}

}  // namespace

std::string checksum_header_of(ChecksumAlgorithm algorithm) { return std::string(checksum_prefix) + ascii_lower(name_of(algorithm)); }

Result<BodyChecks> BodyChecks::of(const net::RequestHead& head, std::string_view payload_hash) {
  BodyChecks checks;
  if (const std::string* header = head.headers.find("content-md5")) {
    std::optional<std::string> digest = unbase64(*header);
    if (!digest || digest->size() != md5_bytes) return fail("InvalidDigest", 400, "The Content-MD5 you specified was invalid.");
    checks.expected_md5_ = std::move(*digest);
    checks.md5_.emplace(DigestAlgorithm::md5);
  }
  Result<std::optional<DeclaredChecksum>> declared = declared_checksum(head);
  if (!declared) return fail(std::move(declared.error()));
  if (*declared) {
    checks.checksum_.emplace((*declared)->algorithm);
    checks.expected_checksum_ = std::move((*declared)->value);
  }
  std::optional<std::string> hash = payload_hash.size() == 2 * sha256_bytes ? unhex(payload_hash) : std::nullopt;
  if (hash) {
    checks.expected_sha256_ = std::move(*hash);
    checks.sha256_.emplace(DigestAlgorithm::sha256);
  }
  return checks;
}

void BodyChecks::add(std::string_view bytes) {
  if (md5_) md5_->add(bytes);
  if (sha256_) sha256_->add(bytes);
  if (checksum_) checksum_->add(bytes);
}

Result<void> BodyChecks::finish(const net::Headers& trailers) {
  if (sha256_ && sha256_->finish() != expected_sha256_) {
    return fail("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  if (md5_ && md5_->finish() != expected_md5_)
    return fail("BadDigest", 400, "The Content-MD5 you specified did not match what we received.");
  if (!checksum_) return {};
  ChecksumAlgorithm algorithm = checksum_->algorithm();
  if (!expected_checksum_) {
    std::string name = checksum_header_of(algorithm);
    expected_checksum_ = decoded_checksum(algorithm, trailers.get(name));
    if (!expected_checksum_) return invalid_request(fmt::format("Value for {} trailing header is invalid.", name));
  }
  std::string computed = checksum_->finish();
  if (computed != *expected_checksum_)
    return fail("BadDigest", 400, fmt::format("The {} you specified did not match the calculated checksum.", name_of(algorithm)));
  computed_ = base64(computed);
  return {};
}

std::optional<ChecksumAlgorithm> BodyChecks::algorithm() const { return checksum_ ? std::optional(checksum_->algorithm()) : std::nullopt; }

}  // namespace outcrop::auth
