// ZipArchive: a deployment package, read by its central directory (PKWARE APPNOTE 6.3.10, zip64 included). It came from outside, so that
// nothing in it is believed: names stay below the folder they are unpacked to, sizes hold before memory is taken.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::lambda {

struct ZipEntry {
  enum class Kind : uint8_t { file, directory, symbolic_link };
  Kind kind = Kind::file;
  std::string name;          // "lib/index.js": relative, without "." and ".." and a slash at its end
  uint32_t mode = 0;         // permission bits; 0: the archive has none
  uint64_t size = 0;         // inflated
  std::string_view content;  // as it is in the archive
  bool is_deflated = false;
  uint32_t crc32 = 0;
};

// Views into `bytes`, which must outlive it.
class ZipArchive {
 public:
  // Faults: InvalidParameterValueException 400, in AWS's words for what is no archive and for what is too large when unpacked.
  static Result<ZipArchive> read(std::string_view bytes);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  uint64_t unpacked_bytes() const { return unpacked_bytes_; }

 private:
  ZipArchive() = default;
  Result<void> check_names();

  std::vector<ZipEntry> entries_;
  uint64_t unpacked_bytes_ = 0;
};

// Gives an entry's content part by part to `sink`, whose fault ends it; never more than its size says. Faults as read() when the content
// is not what the entry says.
Result<void> inflate_entry(const ZipEntry& entry, const std::function<Result<void>(std::string_view)>& sink);

}  // namespace outcrop::lambda
