// Keys from a damaged database: reading them refuses or gives what writes the same bytes again.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "store/keys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  store::KeyReader reader(input);
  store::KeyWriter writer;
  for (unsigned turn = 0; !reader.rest().empty(); ++turn) {
    if (turn % 3 == 0) {
      const auto text = reader.text();
      if (!text) return 0;
      writer.text(*text);
    } else if (turn % 3 == 1) {
      const auto number = reader.i64();
      if (!number) return 0;
      writer.i64(*number);
    } else {
      const auto number = reader.u32();
      if (!number) return 0;
      writer.u32(*number);
    }
  }
  check(writer.str() == input, "a key that was read writes other bytes");
  return 0;
}
