// The values a setting can have, each with the one way to read it from text: a flag and a key of outcrop.yaml
// accept and refuse the same spellings, with the same words.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "base/log.h"
#include "base/time.h"
#include "store/open_store.h"

namespace outcrop::server {

// A value, or what is wrong with the text: a clause that continues "listen: …".
template <class T>
using Parsed = std::expected<T, std::string>;

using AuthMode = auth::Mode;
using store::Durability;
enum class ClockMode { real, manual };
enum class LogFormat { automatic, text, json };

struct ListenAddress {
  std::string host;  // an IP address: "127.0.0.1", "::1"
  uint16_t port = 0;

  bool is_loopback() const;
  std::string text() const;  // "127.0.0.1:4566", "[::1]:4566"
  bool operator==(const ListenAddress&) const = default;
};

inline const ListenAddress default_listen_address{"127.0.0.1", 4566};

Parsed<ListenAddress> parse_listen_address(std::string_view text);  // IP:PORT, [IPv6]:PORT or localhost:PORT; port 0 takes a free one
Parsed<Durability> parse_durability(std::string_view text);
Parsed<AuthMode> parse_auth_mode(std::string_view text);
Parsed<ClockMode> parse_clock_mode(std::string_view text);
Parsed<log::Level> parse_log_level(std::string_view text);
Parsed<LogFormat> parse_log_format(std::string_view text);

std::string_view name_of(Durability value);
std::string_view name_of(AuthMode value);
std::string_view name_of(ClockMode value);

Parsed<std::string> parse_data(std::string_view text);               // ":memory:" or a directory
Parsed<std::string> parse_file(std::string_view text);               // a path
Parsed<size_t> parse_threads(std::string_view text);                 // 1 to 256
Parsed<size_t> parse_connections(std::string_view text);             // 1 to 1,000,000
Parsed<size_t> parse_environments(std::string_view text);            // 1 to 10,000
Parsed<uint64_t> parse_bytes(std::string_view text);                 // "1048576", "64KiB", "256MiB", "2GiB"
Parsed<Milliseconds> parse_duration(std::string_view text);          // "500ms", "10s", "2m"
Parsed<double> parse_rate(std::string_view text);                    // above 0, to 1,000,000
Parsed<std::string> parse_account(std::string_view text);            // 12 digits
Parsed<std::string> parse_access_key_id(std::string_view text);      // 3 to 128 letters, digits, '_'
Parsed<std::string> parse_secret_access_key(std::string_view text);  // 8 to 128 printable characters
Parsed<std::string> parse_credential_name(std::string_view text);    // 1 to 64 characters as in IAM user names
Parsed<std::string> parse_bearer_key(std::string_view text);         // 16 to 4096 printable characters without blanks
Parsed<std::string> parse_issuer(std::string_view text);             // "https://token.example.com/path"
Parsed<std::string> parse_audience(std::string_view text);           // 1 to 255 characters
Parsed<std::string> parse_allowed_host(std::string_view text);       // "outcrop.example.com", "*.example.com"
Parsed<std::string> parse_allowed_origin(std::string_view text);     // "https://app.example.com", "http://localhost:3000"

}  // namespace outcrop::server
