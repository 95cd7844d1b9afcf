// Where a call stands in a trace: whatever headers say, what is taken for ids is ids, and traceparent written again is read the same. The
// second line is X-Amzn-Trace-Id.
#include "core/telemetry/trace_context.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace {

using namespace outcrop::telemetry;

bool is_hex_of(std::string_view text, size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_ids(const TraceContext& context) {
  if (context.trace_id.empty()) {
    outcrop::check(context == TraceContext(), "a part of a context without a trace");
    return;
  }
  outcrop::check(is_hex_of(context.trace_id, 32), "no trace id");
  outcrop::check(context.span_id.empty() || is_hex_of(context.span_id, 16), "no span id");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\n'), text.size());
  const TraceContext context = read_traceparent(text.substr(0, end));
  check_ids(context);
  if (!context.trace_id.empty()) outcrop::check(read_traceparent(write_traceparent(context)) == context, "it changes");
  check_ids(read_xray_header(text.substr(std::min(end + 1, text.size()))));
  return 0;
}
