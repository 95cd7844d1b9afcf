// What the targets that read a request from text share: a clock that stands, and cutting the text into its parts.
#pragma once
#include <string_view>

#include "base/time.h"

namespace outcrop {

class StandingClock final : public Clock {
 public:
  Instant wall() const override { return instant_from_ms(1'795'374'812'000); }
  Instant real_wall() const override { return wall(); }
  SteadyTime steady() const override { return {}; }
};

inline std::string_view take_until(std::string_view& text, char end) {
  size_t at = std::min(text.find(end), text.size());
  std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

}  // namespace outcrop
