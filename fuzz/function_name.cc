// Names of functions as untrusted text: the qualifier is the first line, the name the rest. What is read names itself again.
#include "services/lambda/function/function_name.h"

#include "core/testing/test_world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  static TestWorld world;
  const Call call{.world = world.world, .identity = {.account = "111122223333"}, .region = "us-east-1"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\n'), text.size());
  std::optional<std::string> qualifier;
  if (end > 0) qualifier = text.substr(0, end);
  const auto name = lambda::read_any_function_name(call, text.substr(std::min(end + 1, text.size())), qualifier);
  if (!name) return 0;
  const auto again = lambda::read_any_function_name(call, name->arn(), name->qualifier);
  if (!again || *again != *name) __builtin_trap();
  return 0;
}
