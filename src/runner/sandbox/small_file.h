// The system's small files (/proc, /sys): written whole, and their numbers read; and waiting for what they tell of.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/small_file.h"

namespace outcrop::runner {

inline bool write_small_file(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_written = write(file, text.data(), text.size()) == ssize_t(text.size());
  close(file);
  return is_written;
}

// The number that `text` begins with, after spaces; 0: none.
inline uint64_t leading_number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Of lines "name value" or "name: value".
inline uint64_t number_named(std::string_view text, std::string_view name) {
  for (size_t at = 0; (at = text.find(name, at)) != std::string_view::npos; at += name.size()) {
    const bool begins_line = at == 0 || text[at - 1] == '\n';
    const size_t end = at + name.size();
    if (begins_line && end < text.size() && (text[end] == ' ' || text[end] == ':')) return leading_number(text.substr(end + 1));
  }
  return 0;
}

// Whether the server whose process had this id is no more. One of our own id was another: in a container all servers have the same.
inline bool is_left_by(uint64_t server) {
  return server > 0 && (pid_t(server) == getpid() || (kill(pid_t(server), 0) != 0 && errno == ESRCH));
}

// Until `is_done`, looked at each millisecond, at most `rounds` times.
template <class F>
bool wait_in_rounds(int rounds, F is_done) {
  for (int round = 0; round < rounds; ++round) {
    if (is_done()) return true;
    poll(nullptr, 0, 1);
  }
  return false;
}

}  // namespace outcrop::runner
