#include "expr/pattern/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace outcrop::expr {
namespace {

constexpr size_t address_length_max = 45;  // INET6_ADDRSTRLEN, without its end

bool consists_of(std::string_view text, std::string_view allowed) { return text.find_first_not_of(allowed) == text.npos; }

bool looks_like_v4(std::string_view text) {
  return consists_of(text, "0123456789.") && std::ranges::count(text, '.') == 3 && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos;
}

bool looks_like_v6(std::string_view text) { return consists_of(text, "0123456789abcdefABCDEF:") && text.find(':') != text.npos; }

// Decimal groups, leading zeros allowed, as Java's InetAddress takes them.
std::optional<Address> parse_v4(std::string_view text) {
  if (text.size() > 15) return std::nullopt;
  Address address;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (size_t i = 0; i < 4; ++i) {
    unsigned group = 0;
    at = std::from_chars(at, end, group).ptr;
    if (group > 255) return std::nullopt;
    address.bytes[i] = uint8_t(group);
    if (at < end) ++at;
  }
  return address;
}

std::optional<Address> parse_v6(std::string_view text) {
  if (text.size() > address_length_max) return std::nullopt;
  Address address{.is_v6 = true};
  if (inet_pton(AF_INET6, std::string(text).c_str(), address.bytes.data()) != 1) return std::nullopt;
  constexpr std::array<uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(mapped.begin(), mapped.end(), address.bytes.begin())) return address;
  Address v4;
  std::copy_n(address.bytes.begin() + 12, 4, v4.bytes.begin());
  return v4;
}

std::unexpected<std::string> malformed(std::string problem) { return std::unexpected(std::move(problem)); }

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (looks_like_v4(text)) return parse_v4(text);
  if (looks_like_v6(text)) return parse_v6(text);
  return std::nullopt;
}

bool AddressBlock::contains(const Address& address) const {
  if (address.is_v6 != base.is_v6) return false;
  const unsigned whole = mask_bits / 8, rest = mask_bits % 8;
  if (std::memcmp(address.bytes.data(), base.bytes.data(), whole) != 0) return false;
  return rest == 0 || (address.bytes[whole] ^ base.bytes[whole]) >> (8 - rest) == 0;
}

std::expected<AddressBlock, std::string> parse_cidr(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == text.npos || slash + 1 == text.size() || text.find('/', slash + 1) != text.npos)
    return malformed("Malformed CIDR, one '/' required");
  std::string_view digits = text.substr(slash + 1);
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  int mask_bits = 0;
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), mask_bits);
  if (problem != std::errc() || end != digits.data() + digits.size()) return malformed("Malformed CIDR, mask bits must be an integer");
  if (mask_bits < 0) return malformed("Malformed CIDR, mask bits must not be negative");
  const std::string_view ip = text.substr(0, slash);
  const std::optional<Address> base = parse_address(ip);
  if (!base) {
    const bool standard = !ip.empty() && (looks_like_v4(ip) || looks_like_v6(ip));
    return malformed(fmt::format("{} IP address: {}", standard ? "Invalid" : "Nonstandard", ip));
  }
  if (!base->is_v6 && mask_bits > 31) return malformed("IPv4 mask bits must be < 32");
  if (mask_bits > 127) return malformed("IPv6 mask bits must be < 128");
  return AddressBlock{*base, unsigned(mask_bits)};
}

}  // namespace outcrop::expr
