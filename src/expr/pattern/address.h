// IP addresses as event patterns compare them: "cidr", and strings of a pattern that are addresses.
#pragma once
#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::expr {

// In network order. An IPv6 address that stands for one of IPv4 (::ffff:a00:1) is that one.
struct Address {
  bool is_v6 = false;
  std::array<uint8_t, 16> bytes = {};  // four of IPv4, then zeros

  size_t size() const { return is_v6 ? 16 : 4; }
  bool operator==(const Address&) const = default;
};

// None for what is no literal address.
std::optional<Address> parse_address(std::string_view text);

struct AddressBlock {
  Address base;
  unsigned mask_bits = 0;

  bool contains(const Address& address) const;
};

// "10.0.0.0/24", "2001:db8::/32". The error is AWS's sentence.
std::expected<AddressBlock, std::string> parse_cidr(std::string_view text);

}  // namespace outcrop::expr
