// Time: two clocks. `wall` counts for everything AWS defines in time and may be manual; `steady` is always
// real and serves sockets, I/O deadlines and signature skew. What is durable stores instants, never
// remaining durations.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace outcrop {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;       // a point of wall time, UTC
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock>;  // a point of real, monotonic time

inline constexpr Instant instant_from_ms(int64_t ms_since_epoch) { return Instant(Milliseconds(ms_since_epoch)); }
inline constexpr int64_t ms_since_epoch(Instant at) { return at.time_since_epoch().count(); }
inline constexpr int64_t seconds_since_epoch(Instant at) { return std::chrono::floor<Seconds>(at).time_since_epoch().count(); }

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant wall() const = 0;       // thread-safe
  virtual Instant real_wall() const = 0;  // the machine's own wall time, also when `wall` is manual
  virtual SteadyTime steady() const = 0;  // thread-safe
};

// The machine's clocks.
class RealClock final : public Clock {
 public:
  Instant wall() const override;
  Instant real_wall() const override;
  SteadyTime steady() const override;
};

// "2026-11-22T19:13:32Z", with ".123" when there are milliseconds and `with_ms`.
std::string iso8601(Instant at, bool with_ms = false);
// "20261122T191332Z", the basic form SigV4 uses.
std::string iso8601_basic(Instant at);
// "Sun, 22 Nov 2026 19:13:32 GMT" (RFC 9110 section 5.6.7).
std::string http_date(Instant at);

}  // namespace outcrop
