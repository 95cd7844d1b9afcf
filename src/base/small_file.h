// The system's small files (/proc, /sys), read whole, without the C++ streams' detours.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop {

// Empty where there is none.
inline std::string read_small_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text;
  char part[4096];
  for (ssize_t count; (count = read(file, part, sizeof part)) > 0;) text.append(part, size_t(count));
  close(file);
  return text;
}

// Without the empty ones.
inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace outcrop
