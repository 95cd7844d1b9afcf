// The file of one blob: its content, then a CRC-32 of every 64 KiB block of it, then a trailer. Integers little-endian.
//   content | block checksums (4 each) | content size (8) | checksum of the block checksums and the size (4) | "OCB1"
// A range can be verified by reading its blocks only. Everything here blocks: it runs on the pool.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/files.h"

namespace outcrop::store {

// Appends content to a new file.
class BlobFileWriter {
 public:
  static Result<BlobFileWriter> create(const std::string& path);
  Result<void> append(std::string_view content);
  // Checksums and trailer; `durable`: on disk when it returns.
  Result<void> finish(bool durable);

 private:
  Descriptor file_;
  std::string path_;
  uint64_t size_ = 0;
  uint32_t block_checksum_ = 0;  // of the block under way
  std::string checksums_;
};

class BlobFileReader {
 public:
  // None when there is no such file; BlobCorrupt 500 when it is not whole.
  static Result<std::optional<BlobFileReader>> open(const std::string& path);
  uint64_t size() const { return size_; }
  // Content [offset, offset + length), verified; it must lie within the blob.
  Result<std::string> read(uint64_t offset, uint64_t length) const;

 private:
  std::unexpected<Fault> corrupt(std::string_view what) const;
  Result<void> read_at(uint64_t offset, char* out, size_t size) const;
  Result<void> read_trailer(uint64_t file_size);

  Descriptor file_;
  std::string path_;
  uint64_t size_ = 0;
  std::string checksums_;
};

}  // namespace outcrop::store
