#include "inference/openai/server_sent_events.h"

#include <fmt/format.h>

namespace outcrop::inference {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct Field {
  std::string_view name, value;
};

Field split(std::string_view line) {
  size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {line, {}};
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return {line.substr(0, colon), value};
}

}  // namespace

Result<bool> ServerSentEvents::feed(std::string_view& input) {
  if (ended_) {
    data_.clear();
    name_.clear();
    has_data_ = ended_ = false;
  }
  while (!input.empty()) {
    if (std::exchange(after_cr_, false) && input.front() == '\n') {
      input.remove_prefix(1);
      continue;
    }
    size_t end = input.find_first_of("\r\n");
    std::string_view piece = input.substr(0, end);
    if (data_.size() + line_.size() + piece.size() > event_bytes_max_) {
      return fail("ModelStreamErrorException", 424, fmt::format("The model server sent an event of more than {} bytes.", event_bytes_max_));
    }
    if (end == std::string_view::npos) {
      line_ += piece;
      input = {};
      break;
    }
    after_cr_ = input[end] == '\r';
    input.remove_prefix(end + 1);
    bool whole = line_.empty();
    if (!whole) line_ += piece;
    ended_ = take_line(whole ? piece : std::string_view(line_));
    line_.clear();
    if (ended_) return true;
  }
  return false;
}

// Whether the line ended an event that has data.
bool ServerSentEvents::take_line(std::string_view line) {
  if (!std::exchange(begun_, true) && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.empty()) {
    if (!has_data_) name_.clear();
    return has_data_;
  }
  auto [name, value] = split(line);
  if (name == "data") {
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += value;
  } else if (name == "event") {
    name_ = value;
  }
  return false;
}

}  // namespace outcrop::inference
