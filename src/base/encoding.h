// Text encodings of bytes: hex, base64, percent-encoding; and ASCII helpers that ignore the locale.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop {

std::string hex(std::string_view bytes);                     // lower case
std::optional<std::string> unhex(std::string_view text);     // none on odd length or a wrong digit
std::string base64(std::string_view bytes);                  // RFC 4648 section 4, padded
std::optional<std::string> unbase64(std::string_view text);  // padded, strict; none when malformed
std::string base64url(std::string_view bytes);               // RFC 4648 section 5, no padding
std::optional<std::string> unbase64url(std::string_view text);

// RFC 3986: everything but unreserved characters becomes %XX; '/' stays when keep_slash.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// None on a malformed escape. plus_is_space: as in form bodies.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

char ascii_lower(char c);
std::string ascii_lower(std::string_view text);
bool ascii_equal_ignoring_case(std::string_view a, std::string_view b);
bool is_valid_utf8(std::string_view text);

}  // namespace outcrop
