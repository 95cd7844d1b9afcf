#include "server/quiet_trim.h"

#include <optional>

#include "base/log.h"
#include "core/timers.h"

namespace outcrop::server {

namespace {
// The server's own metrics are less.
constexpr uint64_t quiet_bytes_max = 256 << 10;
}  // namespace

Task<void> trim_when_quiet(store::Store& store, const Clock& clock, Milliseconds quiet, std::stop_token stop) {
  std::optional<uint64_t> trimmed_at;
  for (uint64_t before = store.stats().bytes_written;; before = store.stats().bytes_written) {
    co_await steady_until(clock.steady() + quiet, stop);
    if (stop.stop_requested()) co_return;
    const uint64_t written = store.stats().bytes_written;
    if (written - before > quiet_bytes_max || trimmed_at == written) continue;
    if (Result<void> trimmed = co_await keep(store.trim()); !trimmed)
      log::warning("the store was not trimmed", {{"reason", trimmed.error().message}});
    trimmed_at = written;
  }
}

}  // namespace outcrop::server
