#include "services/lambda/code/zip_archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "base/digest.h"
#include "base/encoding.h"
#include "gen/lambda/errors.h"
#include "services/lambda/code/limits.h"

namespace outcrop::lambda {

namespace {

// Signatures and sizes of APPNOTE sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
constexpr uint32_t local_header_signature = 0x04034b50, central_header_signature = 0x02014b50, end_signature = 0x06054b50;
constexpr uint32_t end64_signature = 0x06064b50, end64_locator_signature = 0x07064b50;
constexpr size_t local_header_bytes = 30, central_header_bytes = 46, end_bytes = 22, end64_bytes = 56, end64_locator_bytes = 20;
constexpr size_t comment_bytes_max = 0xffff;
constexpr uint16_t zip64_extra = 0x0001;
constexpr uint32_t in_zip64 = 0xffffffff;
constexpr uint16_t flag_encrypted = 1 << 0, flag_strong_encryption = 1 << 6;
constexpr uint16_t method_stored = 0, method_deflated = 8;
constexpr uint8_t made_by_unix = 3, made_by_macos = 19;
// Of a mode of Unix.
constexpr uint32_t kind_bits = 0170000, kind_directory = 0040000, kind_link = 0120000, kind_file = 0100000;

Fault not_unzippable() {
  return invalid_parameter_value_exception("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

Fault refused(std::string_view name, std::string_view reason) {
  return invalid_parameter_value_exception(fmt::format("Could not unzip uploaded file: {} {}.", name, reason));
}

// Little-endian numbers at a place of the archive; none where it ends before.
class ZipBytes {
 public:
  explicit ZipBytes(std::string_view bytes) : bytes_(bytes) {}

  size_t size() const { return bytes_.size(); }
  bool has(uint64_t offset, uint64_t size) const { return offset <= bytes_.size() && size <= bytes_.size() - offset; }
  std::string_view at(uint64_t offset, uint64_t size) const { return bytes_.substr(offset, size); }

  // Within what has() said is there.
  template <class T>
  T number(uint64_t offset) const {
    T value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) value |= T(uint8_t(bytes_[offset + i])) << (8 * i);
    return value;
  }

 private:
  std::string_view bytes_;
};

struct CentralDirectory {
  uint64_t entries = 0, offset = 0, bytes = 0;
};

// The record that ends the archive: the last place where its signature and the length of its comment fit.
std::optional<size_t> find_end(const ZipBytes& zip) {
  if (zip.size() < end_bytes) return std::nullopt;
  const size_t last = zip.size() - end_bytes;
  const size_t first = last > comment_bytes_max ? last - comment_bytes_max : 0;
  for (size_t at = last + 1; at-- > first;) {
    if (zip.number<uint32_t>(at) == end_signature && zip.number<uint16_t>(at + 20) == zip.size() - at - end_bytes) return at;
  }
  return std::nullopt;
}

std::optional<CentralDirectory> find_directory64(const ZipBytes& zip, size_t end) {
  if (end < end64_locator_bytes) return std::nullopt;
  const size_t locator = end - end64_locator_bytes;
  if (zip.number<uint32_t>(locator) != end64_locator_signature) return std::nullopt;
  const uint64_t at = zip.number<uint64_t>(locator + 8);
  if (!zip.has(at, end64_bytes) || zip.number<uint32_t>(at) != end64_signature) return std::nullopt;
  return CentralDirectory{zip.number<uint64_t>(at + 32), zip.number<uint64_t>(at + 48), zip.number<uint64_t>(at + 40)};
}

std::optional<CentralDirectory> find_directory(const ZipBytes& zip) {
  const std::optional<size_t> end = find_end(zip);
  if (!end) return std::nullopt;
  CentralDirectory directory{zip.number<uint16_t>(*end + 10), zip.number<uint32_t>(*end + 16), zip.number<uint32_t>(*end + 12)};
  const bool is_split = zip.number<uint16_t>(*end + 4) != zip.number<uint16_t>(*end + 6);
  const bool is_64 = directory.entries == 0xffff || directory.offset == in_zip64 || directory.bytes == in_zip64;
  if (is_64) {
    const std::optional<CentralDirectory> wide = find_directory64(zip, *end);
    if (wide) directory = *wide;
  } else if (is_split) {
    return std::nullopt;
  }
  if (!zip.has(directory.offset, directory.bytes)) return std::nullopt;
  return directory;
}

struct Sizes {
  uint64_t inflated, packed, offset;
};

// What did not fit into 32 bits stands in an extra field, in this order and only there (APPNOTE section 4.5.3).
bool read_zip64(const ZipBytes& zip, uint64_t at, uint64_t length, Sizes& sizes) {
  for (const uint64_t end = at + length; at + 4 <= end;) {
    const auto id = zip.number<uint16_t>(at), bytes = zip.number<uint16_t>(at + 2);
    at += 4;
    if (bytes > end - at) return false;
    if (id == zip64_extra) {
      uint64_t next = at;
      for (uint64_t* size : {&sizes.inflated, &sizes.packed, &sizes.offset}) {
        if (*size != in_zip64) continue;
        if (next + 8 > at + bytes) return false;
        *size = zip.number<uint64_t>(next);
        next += 8;
      }
      return true;
    }
    at += bytes;
  }
  return true;
}

// The name as a path below the folder, or none.
std::optional<std::string> safe_name(std::string_view name) {
  if (name.empty() || name.size() > limits::zip_name_bytes_max || name.front() == '/') return std::nullopt;
  if (name.find('\0') != std::string_view::npos || name.find('\\') != std::string_view::npos) return std::nullopt;
  std::string safe;
  size_t depth = 0;
  while (!name.empty()) {
    const size_t slash = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, slash);
    name.remove_prefix(std::min(slash + 1, name.size()));
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (part.size() > 255 || ++depth > limits::zip_depth_max) return std::nullopt;
    if (!safe.empty()) safe += '/';
    safe += part;
  }
  return safe;
}

// Where an entry's content begins: behind its local header, whose name and extra field have lengths of their own.
std::optional<uint64_t> content_of(const ZipBytes& zip, const Sizes& sizes) {
  if (!zip.has(sizes.offset, local_header_bytes) || zip.number<uint32_t>(sizes.offset) != local_header_signature) return std::nullopt;
  const uint64_t names = uint64_t(zip.number<uint16_t>(sizes.offset + 26)) + zip.number<uint16_t>(sizes.offset + 28);
  const uint64_t begin = sizes.offset + local_header_bytes + names;
  if (!zip.has(begin, sizes.packed)) return std::nullopt;
  return begin;
}

void read_mode(uint8_t made_by, uint32_t attributes, std::string_view stored_name, ZipEntry& entry) {
  const uint32_t mode = made_by == made_by_unix || made_by == made_by_macos ? attributes >> 16 : 0;
  entry.mode = mode & 0777;
  if (stored_name.ends_with('/') || (mode & kind_bits) == kind_directory) {
    entry.kind = ZipEntry::Kind::directory;
  } else if ((mode & kind_bits) == kind_link) {
    entry.kind = ZipEntry::Kind::symbolic_link;
  }
}

bool is_of_kind_unknown(uint8_t made_by, uint32_t attributes) {
  if (made_by != made_by_unix && made_by != made_by_macos) return false;
  const uint32_t kind = (attributes >> 16) & kind_bits;
  return kind != 0 && kind != kind_directory && kind != kind_link && kind != kind_file;
}

// The entry whose central header is at `at`, which moves behind it.
Result<ZipEntry> read_entry(const ZipBytes& zip, uint64_t& at, uint64_t end) {
  if (end - at < central_header_bytes || zip.number<uint32_t>(at) != central_header_signature) return fail(not_unzippable());
  const uint64_t name_bytes = zip.number<uint16_t>(at + 28), extra_bytes = zip.number<uint16_t>(at + 30);
  const uint64_t whole = central_header_bytes + name_bytes + extra_bytes + zip.number<uint16_t>(at + 32);
  if (whole > end - at) return fail(not_unzippable());
  const std::string_view name = zip.at(at + central_header_bytes, name_bytes);
  const auto flags = zip.number<uint16_t>(at + 8), method = zip.number<uint16_t>(at + 10);
  const uint8_t made_by = zip.number<uint16_t>(at + 4) >> 8;
  const auto attributes = zip.number<uint32_t>(at + 38);
  Sizes sizes{zip.number<uint32_t>(at + 24), zip.number<uint32_t>(at + 20), zip.number<uint32_t>(at + 42)};
  if (!read_zip64(zip, at + central_header_bytes + name_bytes, extra_bytes, sizes)) return fail(not_unzippable());
  std::optional<std::string> safe = safe_name(name);
  if (!safe) return fail(refused("an entry's name", "leads out of the package or is too long"));
  if (flags & (flag_encrypted | flag_strong_encryption)) return fail(refused(*safe, "is encrypted"));
  if (method != method_stored && method != method_deflated) return fail(refused(*safe, "is compressed by another method than deflate"));
  if (is_of_kind_unknown(made_by, attributes)) return fail(refused(*safe, "is neither a file, a directory nor a symbolic link"));
  const std::optional<uint64_t> begin = content_of(zip, sizes);
  if (!begin) return fail(not_unzippable());
  ZipEntry entry{.name = std::move(*safe), .size = sizes.inflated, .content = zip.at(*begin, sizes.packed)};
  read_mode(made_by, attributes, name, entry);
  entry.is_deflated = method == method_deflated;
  entry.crc32 = zip.number<uint32_t>(at + 16);
  if (!entry.is_deflated && entry.size != sizes.packed) return fail(not_unzippable());
  at += whole;
  return entry;
}

// zlib's inflation of one entry, ended with it.
class Inflation {
 public:
  explicit Inflation(std::string_view content) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream_.avail_in = static_cast<uInt>(content.size());
    is_begun_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK;
  }
  Inflation(const Inflation&) = delete;
  ~Inflation() {
    if (is_begun_) inflateEnd(&stream_);
  }

  // The next part, empty at the end; none when this is no deflated content.
  std::optional<std::string_view> next() {
    if (!is_begun_) return std::nullopt;
    if (is_ended_) return std::string_view();
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    const size_t made = buffer_.size() - stream_.avail_out;
    is_ended_ = status == Z_STREAM_END;
    if (status != Z_OK && !is_ended_) return std::nullopt;
    if (made == 0 && !is_ended_) return std::nullopt;
    return std::string_view(buffer_.data(), made);
  }

 private:
  z_stream stream_{};
  bool is_begun_ = false, is_ended_ = false;
  std::string buffer_ = std::string(limits::inflated_part_bytes, '\0');
};

}  // namespace

Result<ZipArchive> ZipArchive::read(std::string_view bytes) {
  const ZipBytes zip(bytes);
  const std::optional<CentralDirectory> directory = find_directory(zip);
  if (!directory) return fail(not_unzippable());
  if (directory->entries > limits::zip_entries_max)
    return fail(refused("the package", fmt::format("has more than {} entries", limits::zip_entries_max)));
  ZipArchive archive;
  const uint64_t end = directory->offset + directory->bytes;
  uint64_t at = directory->offset;
  for (uint64_t i = 0; i < directory->entries; ++i) {
    Result<ZipEntry> entry = read_entry(zip, at, end);
    if (!entry) return fail(std::move(entry.error()));
    if (entry->name.empty()) continue;  // "./"
    if (entry->size > limits::unzipped_bytes_max - std::min(limits::unzipped_bytes_max, archive.unpacked_bytes_))
      return fail(
          invalid_parameter_value_exception(fmt::format("Unzipped size must be smaller than {} bytes", limits::unzipped_bytes_max)));
    archive.unpacked_bytes_ += entry->size;
    archive.entries_.push_back(std::move(*entry));
  }
  if (auto usable = archive.check_names(); !usable) return fail(std::move(usable.error()));
  return archive;
}

// Each name once, and nothing below what is no directory: what is unpacked does not depend on the order.
Result<void> ZipArchive::check_names() {
  std::unordered_set<std::string_view> others;  // than directories
  for (const ZipEntry& entry : entries_) {
    if (entry.kind == ZipEntry::Kind::directory) continue;
    if (!others.insert(entry.name).second) return fail(refused(entry.name, "is there more than once"));
  }
  for (const ZipEntry& entry : entries_) {
    if (entry.kind == ZipEntry::Kind::directory && others.contains(entry.name))
      return fail(refused(entry.name, "is a file and a directory"));
    for (size_t slash = entry.name.find('/'); slash != std::string::npos; slash = entry.name.find('/', slash + 1)) {
      if (others.contains(std::string_view(entry.name).substr(0, slash))) return fail(refused(entry.name, "lies below a file or a link"));
    }
  }
  return {};
}

Result<void> inflate_entry(const ZipEntry& entry, const std::function<Result<void>(std::string_view)>& sink) {
  uint64_t given = 0;
  uint32_t crc = 0;
  const auto give = [&](std::string_view part) -> Result<void> {
    if (part.size() > entry.size - given) return fail(not_unzippable());
    given += part.size();
    crc = outcrop::crc32(part, crc);
    return sink(part);
  };
  if (!entry.is_deflated) {
    if (auto taken = give(entry.content); !taken) return taken;
  } else {
    Inflation inflation(entry.content);
    for (;;) {
      const std::optional<std::string_view> part = inflation.next();
      if (!part) return fail(not_unzippable());
      if (part->empty()) break;
      if (auto taken = give(*part); !taken) return taken;
    }
  }
  if (given != entry.size || crc != entry.crc32) return fail(not_unzippable());
  return {};
}

}  // namespace outcrop::lambda
