// RecordFrames: what runtime clients write to the descriptor named in _LAMBDA_TELEMETRY_LOG_FD: records, each with its length before it, so
// that one of many lines is one event. As AWS's clients of Node.js and Python have it: four bytes 0xa55a0000 + type, four of length, eight
// of microseconds since 1970 when the type has that bit, then the text; all big-endian.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace outcrop::runner {

// The type of a record: whether its text is JSON, and the level its writer gave it; none when it gave none.
struct RecordType {
  bool is_text = false;
  std::optional<std::string_view> level = {};  // "INFO"

  static RecordType of(uint32_t type);
};

class RecordFrames {
 public:
  using OnRecord = std::function<void(std::optional<Instant> at, uint32_t type, std::string_view text)>;

  explicit RecordFrames(OnRecord on_record) : on_record_(std::move(on_record)) {}

  // The next bytes of the descriptor, cut anywhere. What is no record is told as it is, as text without a level, up to where the next
  // record begins. A longer record than limits::log_record_bytes_max is told in parts.
  void feed(std::string_view bytes);

 private:
  std::string_view rest() const { return std::string_view(waiting_).substr(begin_); }
  bool take_one();
  bool take_noise();

  const OnRecord on_record_;
  std::string waiting_;
  size_t begin_ = 0;  // of what of it was not told
};

}  // namespace outcrop::runner
