// Deployment packages of functions as untrusted bytes: what is read is inflated, within its bounds.
#include "services/lambda/code/zip_archive.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const auto archive = lambda::ZipArchive::read(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!archive) return 0;
  for (const lambda::ZipEntry& entry : archive->entries()) {
    if (entry.name.empty() || entry.name.front() == '/' || ('/' + entry.name + '/').contains("/../")) __builtin_trap();
    uint64_t given = 0;
    (void)lambda::inflate_entry(entry, [&](std::string_view part) -> Result<void> {
      given += part.size();
      if (given > 1 << 20) return fail("TooMuch", 400, "enough for one run");
      return {};
    });
    if (given > entry.size) __builtin_trap();
  }
  return 0;
}
