// Identifiers of blobs: 128 random bits in hexadecimal, so their first digits spread them over folders.
#pragma once
#include "base/random.h"
#include "store/blob_store.h"

namespace outcrop::store {

BlobId new_blob_id(Random& random);
// Anything else names no file of ours.
bool is_blob_id(std::string_view id);
std::unexpected<Fault> blob_not_found(std::string_view id);

}  // namespace outcrop::store
