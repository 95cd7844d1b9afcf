// JSON text: whatever parses must write and read back equal, and the pull reader must agree with the tree.
#include "base/check.h"
#include "json/reader.h"
#include "json/writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto value = json::parse(text, {.values = 100'000});

  json::Reader reader(text, {.values = 100'000});
  json::Token token;
  do token = reader.next();
  while (token != json::Token::end && token != json::Token::error);
  check(value.has_value() == (token == json::Token::end), "reader and parser disagree");

  if (!value) return 0;
  std::string written = json::write(*value);
  auto again = json::parse(written);
  check(again && json::write(*again) == written, "what was written does not read back");
  check(*again == *value, "what was read back differs");
  json::Value copy = *value;
  *value = nullptr;
  check(copy == *again, "a copy differs");
  return 0;
}
