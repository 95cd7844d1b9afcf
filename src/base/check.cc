#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace outcrop {

void check_failed(std::string_view text, std::source_location where) {
  std::fprintf(stderr, "%s:%u: %s: %.*s\n", where.file_name(), where.line(), where.function_name(), int(text.size()), text.data());
  std::abort();
}

}  // namespace outcrop
