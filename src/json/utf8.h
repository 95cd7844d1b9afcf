// UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing above U+10FFFF.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::json {

// The length of the longest prefix of `text` that is valid.
size_t valid_utf8_prefix(std::string_view text);

// Appends `text` with U+FFFD in place of each byte that is no part of a character.
void append_as_utf8(std::string& out, std::string_view text);

}  // namespace outcrop::json
