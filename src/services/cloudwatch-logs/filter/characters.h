// Characters as filter patterns tell them apart, whatever the locale.
#pragma once

namespace outcrop::cloudwatch_logs {

inline bool ascii_digit(char c) { return c >= '0' && c <= '9'; }
inline bool ascii_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ascii_digit(c); }
inline bool ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace outcrop::cloudwatch_logs
