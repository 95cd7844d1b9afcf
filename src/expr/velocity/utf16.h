// Java counts a string's characters as UTF-16 code units; ours are UTF-8.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::expr::velocity {

// Bytes that are no UTF-8 become U+FFFD, and so do halves of a surrogate pair on the way back.
std::u16string to_utf16(std::string_view text);
std::string to_utf8(std::u16string_view text);

}  // namespace outcrop::expr::velocity
