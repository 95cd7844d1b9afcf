#include "gateway/event/redaction.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "json/json.h"

namespace outcrop::gateway {

namespace {

constexpr size_t shown_of_secret = 6;

bool is_secret(std::string_view name) {
  static constexpr std::string_view secrets[] = {"authorization", "x-api-key", "x-amz-security-token", "apiKey"};
  return std::ranges::any_of(secrets, [&](std::string_view secret) { return ascii_equal_ignoring_case(name, secret); });
}

// Whether there was something to mask. A secret may be a list of texts.
bool mask_texts(json::Value& value) {
  if (value.is_string()) value = masked(value.as_string());
  if (!value.is_array()) return value.is_string();
  for (json::Value& element : value.as_array()) mask_texts(element);
  return true;
}

bool mask_members(json::Value& value) {
  bool is_masked = false;
  if (value.is_array()) {
    for (json::Value& element : value.as_array()) is_masked |= mask_members(element);
  } else if (value.is_object()) {
    for (json::Member& member : value.as_object())
      is_masked |= is_secret(member.name()) ? mask_texts(member.value) : mask_members(member.value);
  }
  return is_masked;
}

}  // namespace

std::string masked(std::string_view secret) {
  const size_t shown = secret.size() > 2 * shown_of_secret ? shown_of_secret : 0;
  return std::string(secret.size() - shown, '*') + std::string(secret.substr(secret.size() - shown));
}

std::string redacted(const net::Headers& headers) {
  std::string text;
  for (const net::Header& header : headers)
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", header.name, is_secret(header.name) ? masked(header.value) : header.value);
  return fmt::format("{{{}}}", text);
}

std::string redacted(std::string_view body) {
  auto parsed = json::parse(body);
  return parsed && mask_members(*parsed) ? json::write(*parsed) : std::string(body);
}

}  // namespace outcrop::gateway
