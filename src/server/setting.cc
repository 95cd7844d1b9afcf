#include "server/setting.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include "auth/access_keys.h"
#include "base/encoding.h"

namespace outcrop::server {

namespace {

template <class E>
struct Choice {
  std::string_view name;
  E value;
};

constexpr Choice<Durability> durability_choices[] = {{"sync", Durability::sync}, {"relaxed", Durability::relaxed}};
constexpr Choice<AuthMode> auth_choices[] = {{"open", AuthMode::open}, {"enforce", AuthMode::enforce}};
constexpr Choice<ClockMode> clock_choices[] = {{"real", ClockMode::real}, {"manual", ClockMode::manual}};
constexpr Choice<log::Level> level_choices[] = {
    {"debug", log::Level::debug}, {"info", log::Level::info}, {"warning", log::Level::warning}, {"error", log::Level::error}};
constexpr Choice<LogFormat> format_choices[] = {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}};

std::unexpected<std::string> wrong(std::string clause) { return std::unexpected(std::move(clause)); }

template <class E>
Parsed<E> parse_choice(std::string_view text, std::span<const Choice<E>> choices) {
  std::vector<std::string_view> names;
  for (const Choice<E>& choice : choices) {
    if (choice.name == text) return choice.value;
    names.push_back(choice.name);
  }
  return wrong(fmt::format("must be one of {}, not '{}'", fmt::join(names, ", "), text));
}

template <class E>
std::string_view name_in(std::span<const Choice<E>> choices, E value) {
  return std::ranges::find(choices, value, &Choice<E>::value)->name;
}

template <class N>
bool read_number(std::string_view text, N& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

Parsed<size_t> parse_count(std::string_view text, size_t most) {
  size_t count = 0;
  if (!read_number(text, count) || count < 1 || count > most)
    return wrong(fmt::format("must be a whole number from 1 to {}, not '{}'", most, text));
  return count;
}

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// RFC 1123 section 2.1: labels of letters, digits and inner hyphens.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  size_t label = 0;
  char before = '.';
  for (char c : name) {
    if (c == '.') {
      if (label == 0 || before == '-') return false;
      label = 0;
    } else if (!is_letter_or_digit(c) && (c != '-' || label == 0)) {
      return false;
    } else if (++label > 63) {
      return false;
    }
    before = c;
  }
  return label > 0 && before != '-';
}

}  // namespace

bool ListenAddress::is_loopback() const { return host.starts_with("127.") || host == "::1" || host.starts_with("::ffff:127."); }

std::string ListenAddress::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Parsed<ListenAddress> parse_listen_address(std::string_view text) {
  auto refused = [&] { return wrong(fmt::format("must be IP:PORT, as in 127.0.0.1:4566 or [::1]:4566, not '{}'", text)); };
  size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused();
  ListenAddress address;
  if (!read_number(text.substr(colon + 1), address.port)) return refused();
  std::string host(text.substr(0, colon));
  if (host == "localhost") host = "127.0.0.1";
  bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  unsigned char binary[sizeof(in6_addr)];
  char canonical[INET6_ADDRSTRLEN];
  int family = bracketed ? AF_INET6 : AF_INET;
  if (inet_pton(family, host.c_str(), binary) != 1) return refused();
  address.host = inet_ntop(family, binary, canonical, sizeof canonical);
  return address;
}

Parsed<Durability> parse_durability(std::string_view text) { return parse_choice<Durability>(text, durability_choices); }
Parsed<AuthMode> parse_auth_mode(std::string_view text) { return parse_choice<AuthMode>(text, auth_choices); }
Parsed<ClockMode> parse_clock_mode(std::string_view text) { return parse_choice<ClockMode>(text, clock_choices); }
Parsed<log::Level> parse_log_level(std::string_view text) { return parse_choice<log::Level>(text, level_choices); }
Parsed<LogFormat> parse_log_format(std::string_view text) { return parse_choice<LogFormat>(text, format_choices); }

std::string_view name_of(Durability value) { return name_in<Durability>(durability_choices, value); }
std::string_view name_of(AuthMode value) { return name_in<AuthMode>(auth_choices, value); }
std::string_view name_of(ClockMode value) { return name_in<ClockMode>(clock_choices, value); }

Parsed<std::string> parse_data(std::string_view text) {
  if (text.empty()) return wrong("must be a directory or :memory:");
  if (text.starts_with(':') && text != ":memory:") return wrong(fmt::format("must be a directory or :memory:, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_file(std::string_view text) {
  if (text.empty()) return wrong("must be a file");
  return std::string(text);
}

Parsed<size_t> parse_threads(std::string_view text) { return parse_count(text, 256); }
Parsed<size_t> parse_connections(std::string_view text) { return parse_count(text, 1'000'000); }

Parsed<size_t> parse_environments(std::string_view text) { return parse_count(text, 10'000); }

Parsed<uint64_t> parse_bytes(std::string_view text) {
  constexpr struct {
    std::string_view unit;
    int shift;
  } units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"", 0}};
  for (auto [unit, shift] : units) {
    if (!text.ends_with(unit)) continue;
    uint64_t number = 0;
    constexpr uint64_t bytes_max = uint64_t(1) << 40;
    if (read_number(text.substr(0, text.size() - unit.size()), number) && number > 0 && number <= bytes_max >> shift)
      return number << shift;
    break;
  }
  return wrong(fmt::format("must be a number of bytes up to 1024GiB, as in 1048576, 64KiB, 256MiB or 2GiB, not '{}'", text));
}

Parsed<Milliseconds> parse_duration(std::string_view text) {
  constexpr struct {
    std::string_view unit;
    int64_t ms;
  } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}};
  for (auto [unit, ms] : units) {
    if (!text.ends_with(unit)) continue;
    int64_t number = 0;
    constexpr int64_t ms_max = 3'600'000;
    if (read_number(text.substr(0, text.size() - unit.size()), number) && number >= 0 && number <= ms_max / ms)
      return Milliseconds(number * ms);
    break;
  }
  return wrong(fmt::format("must be a duration up to 60m, as in 500ms, 10s or 2m, not '{}'", text));
}

Parsed<double> parse_rate(std::string_view text) {
  double rate = 0;
  if (!read_number(text, rate) || !(rate > 0 && rate <= 1e6))
    return wrong(fmt::format("must be a number above 0 and at most 1000000, not '{}'", text));
  return rate;
}

Parsed<std::string> parse_account(std::string_view text) {
  if (!auth::is_account_id(text)) return wrong(fmt::format("must be 12 digits, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_access_key_id(std::string_view text) {
  auto allowed = [](char c) { return is_letter_or_digit(c) || c == '_'; };
  if (text.size() < 3 || text.size() > 128 || !std::ranges::all_of(text, allowed))
    return wrong(fmt::format("must be 3 to 128 letters, digits or underscores, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_secret_access_key(std::string_view text) {
  // The value stays out of the message: it would end up in a log.
  if (text.size() < 8 || text.size() > 128 || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
    return wrong("must be 8 to 128 printable ASCII characters without spaces");
  return std::string(text);
}

Parsed<std::string> parse_credential_name(std::string_view text) {
  auto allowed = [](char c) { return is_letter_or_digit(c) || std::string_view("+=,.@_-").find(c) != std::string_view::npos; };
  if (text.empty() || text.size() > 64 || !std::ranges::all_of(text, allowed))
    return wrong(fmt::format("must be 1 to 64 letters, digits or +=,.@_- characters, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_bearer_key(std::string_view text) {
  if (text.size() < 16 || text.size() > 4096 || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
    return wrong("must be 16 to 4096 printable ASCII characters without spaces");
  return std::string(text);
}

Parsed<std::string> parse_issuer(std::string_view text) {
  bool is_url = text.starts_with("https://") || text.starts_with("http://");
  bool is_printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_url || text.ends_with("//") || text.size() > 255 || !is_printable)
    return wrong(fmt::format("must be a URL, as in https://token.example.com, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_audience(std::string_view text) {
  if (text.empty() || text.size() > 255) return wrong("must be 1 to 255 characters");
  return std::string(text);
}

Parsed<std::string> parse_allowed_host(std::string_view text) {
  std::string_view name = text.starts_with("*.") ? text.substr(2) : text;
  if (!is_host_name(name))
    return wrong(fmt::format("must be a host name, as in outcrop.example.com or *.example.com, without a port, not '{}'", text));
  return ascii_lower(text);
}

Parsed<std::string> parse_allowed_origin(std::string_view text) {
  auto refused = [&] {
    return wrong(fmt::format("must be an origin, as in https://app.example.com or http://localhost:3000, not '{}'", text));
  };
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return refused();
  }
  if (size_t colon = rest.find(':'); colon != std::string_view::npos) {
    uint16_t port = 0;
    if (!read_number(rest.substr(colon + 1), port) || port == 0) return refused();
    rest = rest.substr(0, colon);
  }
  if (!is_host_name(rest)) return refused();
  return ascii_lower(text);
}

}  // namespace outcrop::server
