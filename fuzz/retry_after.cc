// A Retry-After field as untrusted text: whatever it says, the wait is within its bounds.
#include "inference/endpoints/retry_after.h"
#include "base/check.h"
#include "inference/endpoints/limits.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (int64_t now_ms : {int64_t{0}, int64_t{784'111'777'000}}) {
    const Milliseconds wait = inference::retry_after_of(text, instant_from_ms(now_ms));
    check(wait >= Milliseconds(0) && wait <= inference::limits::retry_after_max, "a wait without bounds");
  }
  return 0;
}
