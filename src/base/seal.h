// Sealing: what leaves the server and comes back unread and unchanged, or not at all. AES-256-GCM with a random nonce
// before the text and the tag behind it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace outcrop {

inline constexpr size_t seal_key_bytes = 32;
inline constexpr size_t seal_overhead_bytes = 12 + 16;  // nonce and tag

// `purpose` is bound to the text: what was sealed for one does not open for another.
std::string seal(std::string_view key, std::string_view purpose, std::string_view plain, Random& random);
// None when it was not sealed with this key for this purpose, or has been changed.
std::optional<std::string> unseal(std::string_view key, std::string_view purpose, std::string_view sealed);

}  // namespace outcrop
