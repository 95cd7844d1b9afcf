#include "auth/access_key_id.h"

#include <charconv>

#include "base/digest.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view base32_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648 section 6
constexpr size_t prefix_characters = 4, encoded_characters = 16;
constexpr uint64_t accounts_end = 1'000'000'000'000;

}  // namespace

// 80 bits: a 1, which ids that hold no account lack; 40 bits of account; 39 of chance.
std::string make_access_key_id(std::string_view prefix, std::string_view account, uint64_t chance) {
  uint64_t number = 0;
  std::from_chars(account.data(), account.data() + account.size(), number);
  unsigned __int128 bits = (unsigned __int128)(1) << 79 | (unsigned __int128)(number) << 39 | (chance & ((uint64_t(1) << 39) - 1));
  std::string id(prefix);
  for (int shift = 75; shift >= 0; shift -= 5) id += base32_digits[size_t(bits >> shift) & 31];
  return id;
}

std::optional<std::string> account_of_access_key_id(std::string_view access_key_id) {
  if (access_key_id.size() != prefix_characters + encoded_characters) return std::nullopt;
  unsigned __int128 bits = 0;
  for (char c : access_key_id.substr(prefix_characters)) {
    size_t digit = base32_digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | digit;
  }
  uint64_t number = uint64_t(bits >> 39) & ((uint64_t(1) << 40) - 1);
  if (!(bits >> 79) || number >= accounts_end) return std::nullopt;
  return fmt::format("{:012}", number);
}

std::string unique_id(std::string_view prefix, std::string_view name) {
  std::string id(prefix), digest = sha256(name);
  for (size_t i = 0; i < 17; ++i) id += base32_digits[size_t(uint8_t(digest[i])) & 31];  // 21 characters, as IAM's
  return id;
}

}  // namespace outcrop::auth
