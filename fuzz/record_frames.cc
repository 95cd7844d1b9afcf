// What a function writes to its descriptor for records, as untrusted bytes, in two parts: the first byte says where it is cut.
#include "runner/log/record_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop::runner;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const size_t cut = std::min<size_t>(data[0], bytes.size());
  size_t told = 0;
  RecordFrames frames([&told](auto, uint32_t, std::string_view text) { told += text.size(); });
  frames.feed(bytes.substr(0, cut));
  frames.feed(bytes.substr(cut));
  if (told > bytes.size()) __builtin_trap();  // it told what nobody wrote
  return 0;
}
