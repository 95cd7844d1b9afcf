#include "core/telemetry/trace_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/call.h"

namespace outcrop::telemetry {

namespace {

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// An id of that many digits that are not all zero.
bool is_id(std::string_view text, size_t digits) {
  return text.size() == digits && is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "1-5759e988-bd862e3fe1be46a994272793"
std::string trace_id_of_root(std::string_view root) {
  if (root.size() != 35 || !root.starts_with("1-") || root[10] != '-') return {};
  std::string id = std::string(root.substr(2, 8)).append(root.substr(11));
  return is_id(id, 32) ? id : std::string();
}

}  // namespace

// "00-<trace-id>-<parent-id>-<flags>" (W3C Trace Context, section 3.2); later versions may have more behind.
TraceContext read_traceparent(std::string_view header) {
  constexpr size_t length = 55;
  header = trimmed(header);
  if (header.size() < length || header[2] != '-' || header[35] != '-' || header[52] != '-') return {};
  const std::string_view version = header.substr(0, 2), flags = header.substr(53, 2);
  if (!is_lower_hex(version) || version == "ff" || !is_lower_hex(flags)) return {};
  if (header.size() > length && (version == "00" || header[length] != '-')) return {};
  const std::string_view trace_id = header.substr(3, 32), span_id = header.substr(36, 16);
  if (!is_id(trace_id, 32) || !is_id(span_id, 16)) return {};
  const bool sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
  return {.trace_id = std::string(trace_id), .span_id = std::string(span_id), .sampled = sampled};
}

TraceContext read_xray_header(std::string_view header) {
  TraceContext context;
  while (!header.empty()) {
    const size_t end = std::min(header.find(';'), header.size());
    const std::string_view field = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view name = field.substr(0, equals), value = field.substr(std::min(equals + 1, field.size()));
    if (name == "Root") context.trace_id = trace_id_of_root(value);
    if (name == "Parent" && is_id(value, 16)) context.span_id = value;
    if (name == "Sampled" && (value == "0" || value == "1")) context.sampled = value == "1";
  }
  return context.trace_id.empty() ? TraceContext() : context;
}

TraceContext context_of(const Call& call) {
  TraceContext context = read_traceparent(call.traceparent);
  return context.trace_id.empty() ? read_xray_header(call.trace_header) : context;
}

std::string write_traceparent(const TraceContext& context) {
  return fmt::format("00-{}-{}-{}", context.trace_id, context.span_id, context.sampled.value_or(false) ? "01" : "00");
}

}  // namespace outcrop::telemetry
