// Cassettes, which people may change by hand: what can be read survives being written and read again, and finds itself.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "inference/replay/exchange.h"

using namespace outcrop;
using namespace outcrop::inference;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto cassette = read_cassette({reinterpret_cast<const char*>(data), size});
  if (!cassette) return 0;
  const std::string text = write_cassette(*cassette);
  const auto again = read_cassette(text);
  check(again.has_value(), "a written cassette cannot be read");
  check(write_cassette(*again) == text, "a cassette changes by being written");
  for (Match match : {Match::exact, Match::normalised}) {
    check(key_of({cassette->kind, cassette->model_id, cassette->request}, match) ==
              key_of({again->kind, again->model_id, again->request}, match),
          "a cassette does not find itself");
  }
  const json::Value once = normalised(cassette->request);
  check(json::write(normalised(once)) == json::write(once), "what is normalised changes by being normalised");
  check(difference(cassette->request, cassette->request).place.empty(), "a request differs from itself");
  return 0;
}
