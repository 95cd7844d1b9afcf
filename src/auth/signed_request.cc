#include "auth/signed_request.h"

#include <algorithm>
#include <array>

#include "auth/limits.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

bool lists(const std::vector<std::string_view>& names, std::string_view wanted) {
  return std::ranges::any_of(names, [&](std::string_view name) { return ascii_equal_ignoring_case(name, wanted); });
}

}  // namespace

std::optional<CredentialScope> split_credential(std::string_view text) {
  std::array<std::string_view, 5> parts;
  size_t count = 0, begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '/') continue;
    if (count < parts.size()) parts[count] = text.substr(begin, i - begin);
    ++count;
    begin = i + 1;
  }
  bool complete = count == parts.size() && std::ranges::none_of(parts, &std::string_view::empty);
  bool bounded = parts[0].size() <= access_key_id_characters_max && parts[2].size() <= scope_name_characters_max &&
                 parts[3].size() <= scope_name_characters_max;
  if (!complete || !bounded) return std::nullopt;
  return CredentialScope{text, parts[0], parts[1], parts[2], parts[3], parts[4]};
}

std::optional<std::vector<std::string_view>> split_signed_headers(std::string_view text) {
  std::vector<std::string_view> names;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find(';', at), text.size());
    if (end > at) names.push_back(text.substr(at, end - at));
    at = end + 1;
    if (names.size() > signed_headers_max) return std::nullopt;
  }
  return names;
}

std::string_view unsigned_amz_header(const net::RequestHead& head, const std::vector<std::string_view>& signed_headers) {
  for (const net::Header& header : head.headers) {
    if (header.name.size() < 6 || !ascii_equal_ignoring_case(std::string_view(header.name).substr(0, 6), "x-amz-")) continue;
    if (!lists(signed_headers, header.name) && !ascii_equal_ignoring_case(header.name, "x-amz-cf-id")) return header.name;
  }
  return {};
}

bool signs_host(const std::vector<std::string_view>& signed_headers) {
  return lists(signed_headers, "host") || lists(signed_headers, ":authority");
}

}  // namespace outcrop::auth
