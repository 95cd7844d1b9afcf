// What the platform says of an environment's life, as lines of its log: plain text, or JSON events as the Telemetry API has them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "runner/function_version.h"
#include "runner/log/environment_log.h"

namespace outcrop::runner {

// One event: its level ("System log level event mapping" of the Lambda Developer Guide), and how it reads.
struct PlatformLine {
  std::string_view level;  // DEBUG, INFO, WARN
  std::string text;
};

// In the function's format. None: the format has no such line, or the levels of the function leave it out.
std::optional<PlatformLine> init_start_line(const FunctionVersion& function, Instant at, std::string_view runtime_version,
                                            std::string_view initialization);
std::optional<PlatformLine> init_report_line(const FunctionVersion& function, Instant at, double duration_ms, std::string_view status,
                                             std::string_view error_type);
std::optional<PlatformLine> start_line(const FunctionVersion& function, Instant at, std::string_view request_id);
std::optional<PlatformLine> runtime_done_line(const FunctionVersion& function, Instant at, const Report& report);
std::optional<PlatformLine> report_line(const FunctionVersion& function, Instant at, const Report& report);
std::optional<PlatformLine> dropped_line(const FunctionVersion& function, Instant at, uint64_t lines, uint64_t bytes);

// "2026-11-26T18:34:45.000Z", always with milliseconds.
std::string time_text(Instant at);

// Whether what is of `level` is written when `least` is the least one that is: TRACE < DEBUG < INFO < WARN < ERROR < FATAL. A word that
// is none of them, in whatever case, counts as INFO; WARNING is WARN, CRITICAL is FATAL.
bool is_logged(std::string_view level, std::string_view least);

}  // namespace outcrop::runner
