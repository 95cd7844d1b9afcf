// The shared configuration files of AWS's tools: any text is read, and settings are of the section that was asked for.
#include <cstddef>
#include <cstdint>

#include "auth/credentials/aws_profile.h"
#include "base/check.h"

using namespace outcrop::auth;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (ProfileFile kind : {ProfileFile::config, ProfileFile::credentials}) {
    const auto settings = profile_in(text, kind, "default");
    if (!settings) continue;
    outcrop::check(text.contains('['), "a profile without a section");
    for (const auto& [name, value] : *settings) outcrop::check(!value.contains('\n') && !name.contains('='), "a setting that is none");
  }
  return 0;
}
