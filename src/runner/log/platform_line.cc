#include "runner/log/platform_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "json/writer.h"

namespace outcrop::runner {

namespace {

using WriteRecord = std::function<void(json::Writer&)>;

// {"time":…,"type":…,"record":{…}}
std::string platform_event(Instant at, std::string_view type, const WriteRecord& record) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.name("time");
  writer.string(time_text(at));
  writer.name("type");
  writer.string(type);
  writer.name("record");
  writer.begin_object();
  record(writer);
  writer.end_object();
  writer.end_object();
  return text;
}

void write_text(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.name(name);
  writer.string(text);
}

// Milliseconds as AWS has them, of three decimals at the most.
void write_ms(json::Writer& writer, std::string_view name, double ms) {
  writer.name(name);
  writer.number(std::round(ms * 1000) / 1000);
}

// What went wrong, of anything that has a status.
void write_status(json::Writer& writer, std::string_view status, std::string_view error_type) {
  write_text(writer, "status", status);
  if (!error_type.empty()) write_text(writer, "errorType", error_type);
}

void write_tracing(json::Writer& writer, std::string_view trace_header) {
  if (trace_header.empty()) return;
  writer.name("tracing");
  writer.begin_object();
  write_text(writer, "type", "X-Amzn-Trace-Id");
  write_text(writer, "value", trace_header);
  writer.end_object();
}

std::optional<PlatformLine> with_level(const FunctionVersion& function, std::string_view level, std::string text) {
  if (function.log.json && !is_logged(level, function.log.system_level)) return std::nullopt;
  return PlatformLine{level, std::move(text)};
}

std::string_view level_of(std::string_view status, std::string_view when_well) { return status == "success" ? when_well : "WARN"; }

std::string text_of_status(std::string_view status, std::string_view error_type) {
  std::string text;
  if (status == "success" || status == "failure") return text;
  text += fmt::format("\tStatus: {}", status);
  if (!error_type.empty()) text += fmt::format("\tError Type: {}", error_type);
  return text;
}

// The value of "Root=…;Parent=…;Sampled=1" that a key has.
std::string_view trace_field(std::string_view header, std::string_view key) {
  const size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view value = header.substr(at + key.size());
  return value.substr(0, value.find(';'));
}

std::string report_text(const Report& report) {
  std::string text =
      fmt::format("REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} MB\t",
                  report.request_id, report.duration_ms, report.billed_ms, report.memory_mb, report.memory_used_mb);
  if (report.init_ms) text += fmt::format("Init Duration: {:.2f} ms\t", *report.init_ms);
  if (std::string status = text_of_status(report.status, report.error_type); !status.empty()) text += status.substr(1);
  if (!report.trace_header.empty())
    text += fmt::format("\nXRAY TraceId: {}\tSegmentId: {}\tSampled: {}\t", trace_field(report.trace_header, "Root="),
                        trace_field(report.trace_header, "Parent="), trace_field(report.trace_header, "Sampled=") == "1");
  return text;
}

void write_metrics(json::Writer& writer, const Report& report) {
  writer.name("metrics");
  writer.begin_object();
  write_ms(writer, "durationMs", report.duration_ms);
  writer.name("billedDurationMs");
  writer.number(report.billed_ms);
  writer.name("memorySizeMB");
  writer.number(report.memory_mb);
  writer.name("maxMemoryUsedMB");
  writer.number(report.memory_used_mb);
  if (report.init_ms) write_ms(writer, "initDurationMs", *report.init_ms);
  writer.end_object();
}

}  // namespace

std::optional<PlatformLine> init_start_line(const FunctionVersion& function, Instant at, std::string_view runtime_version,
                                            std::string_view initialization) {
  if (!function.log.json) return with_level(function, "INFO", fmt::format("INIT_START Runtime Version: {}", runtime_version));
  return with_level(function, runtime_version.empty() ? "DEBUG" : "INFO",
                    platform_event(at, "platform.initStart", [&](json::Writer& writer) {
                      write_text(writer, "initializationType", initialization);
                      write_text(writer, "phase", "init");
                      if (!runtime_version.empty()) write_text(writer, "runtimeVersion", runtime_version);
                      write_text(writer, "functionName", function.name);
                      write_text(writer, "functionVersion", function.version);
                    }));
}

std::optional<PlatformLine> init_report_line(const FunctionVersion& function, Instant at, double duration_ms, std::string_view status,
                                             std::string_view error_type) {
  if (!function.log.json)
    return with_level(function, "WARN",
                      fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init{}", duration_ms, text_of_status(status, error_type)));
  return with_level(function, level_of(status, "DEBUG"), platform_event(at, "platform.initReport", [&](json::Writer& writer) {
                      write_text(writer, "initializationType", "on-demand");
                      write_text(writer, "phase", "init");
                      write_status(writer, status, error_type);
                      writer.name("metrics");
                      writer.begin_object();
                      write_ms(writer, "durationMs", duration_ms);
                      writer.end_object();
                    }));
}

std::optional<PlatformLine> start_line(const FunctionVersion& function, Instant at, std::string_view request_id) {
  if (!function.log.json) return with_level(function, "INFO", fmt::format("START RequestId: {} Version: {}", request_id, function.version));
  return with_level(function, "INFO", platform_event(at, "platform.start", [&](json::Writer& writer) {
                      write_text(writer, "requestId", request_id);
                      write_text(writer, "functionArn", function.arn());
                      write_text(writer, "version", function.version);
                    }));
}

std::optional<PlatformLine> runtime_done_line(const FunctionVersion& function, Instant at, const Report& report) {
  if (!function.log.json) return with_level(function, "INFO", fmt::format("END RequestId: {}", report.request_id));
  return with_level(function, level_of(report.status, "DEBUG"), platform_event(at, "platform.runtimeDone", [&](json::Writer& writer) {
                      write_text(writer, "requestId", report.request_id);
                      write_status(writer, report.status, report.error_type);
                      writer.name("metrics");
                      writer.begin_object();
                      write_ms(writer, "durationMs", report.duration_ms);
                      writer.end_object();
                    }));
}

std::optional<PlatformLine> report_line(const FunctionVersion& function, Instant at, const Report& report) {
  if (!function.log.json) return with_level(function, "INFO", report_text(report));
  return with_level(function, level_of(report.status, "INFO"), platform_event(at, "platform.report", [&](json::Writer& writer) {
                      write_text(writer, "requestId", report.request_id);
                      write_metrics(writer, report);
                      write_tracing(writer, report.trace_header);
                      write_status(writer, report.status, report.error_type);
                    }));
}

std::optional<PlatformLine> dropped_line(const FunctionVersion& function, Instant at, uint64_t lines, uint64_t bytes) {
  constexpr std::string_view reason = "they were written faster than the log takes them";
  if (!function.log.json) return with_level(function, "WARN", fmt::format("{} lines of {} bytes were dropped: {}", lines, bytes, reason));
  return with_level(function, "WARN", platform_event(at, "platform.logsDropped", [&](json::Writer& writer) {
                      write_text(writer, "reason", reason);
                      writer.name("droppedRecords");
                      writer.number(lines);
                      writer.name("droppedBytes");
                      writer.number(bytes);
                    }));
}

std::string time_text(Instant at) {
  std::string text = iso8601(at, true);
  if (!text.contains('.')) text.insert(text.size() - 1, ".000");
  return text;
}

bool is_logged(std::string_view level, std::string_view least) {
  constexpr std::array<std::string_view, 6> order = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
  constexpr size_t info = 2;
  auto rank = [&](std::string_view word) {
    std::string upper(word);
    for (char& letter : upper) letter = letter >= 'a' && letter <= 'z' ? char(letter - 'a' + 'A') : letter;
    if (upper == "WARNING") upper = "WARN";
    if (upper == "CRITICAL") upper = "FATAL";
    const size_t found = size_t(std::ranges::find(order, upper) - order.begin());
    return found < order.size() ? found : info;
  };
  return rank(level) >= rank(least);
}

}  // namespace outcrop::runner
