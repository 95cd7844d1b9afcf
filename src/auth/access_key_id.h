// Access key ids as AWS makes them since 2019: a prefix that tells the kind, then 16 characters of base32 that hold the
// account (GetAccessKeyInfo reads it back) and chance.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::auth {

inline constexpr std::string_view temporary_key_prefix = "ASIA";

// "ASIA…" of 20 characters; `account` has 12 digits, 39 bits of `chance` are used.
std::string make_access_key_id(std::string_view prefix, std::string_view account, uint64_t chance);
// The 12 digits; none when the id was not made that way.
std::optional<std::string> account_of_access_key_id(std::string_view access_key_id);

// An id such as AROA…, made of a name so that the same name has the same id.
std::string unique_id(std::string_view prefix, std::string_view name);

}  // namespace outcrop::auth
