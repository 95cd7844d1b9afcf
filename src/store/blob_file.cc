// Blob files: content with a checksum a block.
#include "store/blob_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/check.h"
#include "base/digest.h"

namespace outcrop::store {

namespace {

constexpr uint64_t block_bytes = 64 << 10;
constexpr size_t trailer_bytes = 16;
constexpr std::string_view magic = "OCB1";

void append_little_endian(std::string& out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out += char(uint8_t(value >> (8 * i)));
}

uint64_t load_little_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) value |= uint64_t(uint8_t(bytes[i])) << (8 * i);
  return value;
}

uint64_t block_count(uint64_t size) { return (size + block_bytes - 1) / block_bytes; }

}  // namespace

Result<BlobFileWriter> BlobFileWriter::create(const std::string& path) {
  BlobFileWriter writer;
  writer.path_ = path;
  writer.file_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!writer.file_) return fail_errno("cannot make", path);
  return writer;
}

Result<void> BlobFileWriter::append(std::string_view content) {
  if (auto written = write_all(file_, content, path_); !written) return written;
  while (!content.empty()) {
    const size_t rest_of_block = size_t(block_bytes - size_ % block_bytes);
    const std::string_view part = content.substr(0, rest_of_block);
    block_checksum_ = crc32(part, block_checksum_);
    size_ += part.size();
    content.remove_prefix(part.size());
    if (part.size() < rest_of_block) break;
    append_little_endian(checksums_, block_checksum_, 4);
    block_checksum_ = 0;
  }
  return {};
}

Result<void> BlobFileWriter::finish(bool durable) {
  if (size_ % block_bytes != 0) append_little_endian(checksums_, block_checksum_, 4);
  std::string end = std::move(checksums_);
  append_little_endian(end, size_, 8);
  append_little_endian(end, crc32(end), 4);
  end += magic;
  if (auto written = write_all(file_, end, path_); !written) return written;
  if (durable && ::fdatasync(file_.get()) != 0) return fail_errno("cannot sync", path_);
  return {};
}

Result<std::optional<BlobFileReader>> BlobFileReader::open(const std::string& path) {
  BlobFileReader reader;
  reader.path_ = path;
  reader.file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!reader.file_ && errno == ENOENT) return std::nullopt;
  struct stat status;
  if (!reader.file_ || ::fstat(reader.file_.get(), &status) != 0) return fail_errno("cannot open", path);
  if (auto read = reader.read_trailer(uint64_t(status.st_size)); !read) return fail(std::move(read.error()));
  return reader;
}

std::unexpected<Fault> BlobFileReader::corrupt(std::string_view what) const {
  return fail("BlobCorrupt", 500, fmt::format("the blob file {} is damaged: {}", path_, what));
}

Result<void> BlobFileReader::read_at(uint64_t offset, char* out, size_t size) const {
  while (size > 0) {
    const ssize_t n = ::pread(file_.get(), out, size, off_t(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("cannot read", path_);
    if (n == 0) return corrupt("it ends early");
    out += n;
    offset += uint64_t(n);
    size -= size_t(n);
  }
  return {};
}

Result<void> BlobFileReader::read_trailer(uint64_t file_size) {
  if (file_size < trailer_bytes) return corrupt("it is too short");
  std::string trailer(trailer_bytes, '\0');
  if (auto read = read_at(file_size - trailer_bytes, trailer.data(), trailer_bytes); !read) return read;
  const std::string_view view = trailer;
  size_ = load_little_endian(view.substr(0, 8));
  if (view.substr(12) != magic || size_ > file_size || size_ + block_count(size_) * 4 + trailer_bytes != file_size) {
    return corrupt("its trailer does not fit its size");
  }
  checksums_.resize(size_t(block_count(size_) * 4));
  if (auto read = read_at(size_, checksums_.data(), checksums_.size()); !read) return read;
  if (crc32(view.substr(0, 8), crc32(checksums_)) != load_little_endian(view.substr(8, 4))) return corrupt("its checksums do not match");
  return {};
}

Result<std::string> BlobFileReader::read(uint64_t offset, uint64_t length) const {
  check(offset <= size_ && length <= size_ - offset, "a blob was read beyond its end");
  if (length == 0) return std::string();
  const uint64_t first = offset / block_bytes * block_bytes;
  const uint64_t end = std::min(size_, block_count(offset + length) * block_bytes);
  std::string blocks(size_t(end - first), '\0');
  if (auto read = read_at(first, blocks.data(), blocks.size()); !read) return fail(std::move(read.error()));
  for (uint64_t at = first; at < end; at += block_bytes) {
    const uint32_t sum = crc32(std::string_view(blocks).substr(size_t(at - first), size_t(block_bytes)));
    const auto kept = std::string_view(checksums_).substr(size_t(at / block_bytes * 4), 4);
    if (sum != load_little_endian(kept)) return corrupt(fmt::format("the block at {} does not match its checksum", at));
  }
  blocks.resize(size_t(offset - first + length));
  blocks.erase(0, size_t(offset - first));
  return blocks;
}

}  // namespace outcrop::store
