// Making and checking blob identifiers.
#include "store/blob_id.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/encoding.h"

namespace outcrop::store {

BlobId new_blob_id(Random& random) {
  std::array<char, 16> bytes;
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return hex({bytes.data(), bytes.size()});
}

bool is_blob_id(std::string_view id) {
  return id.size() == 32 && std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::unexpected<Fault> blob_not_found(std::string_view id) {
  return fail("BlobNotFound", 404, "there is no blob " + std::string(id.substr(0, 64)));
}

}  // namespace outcrop::store
