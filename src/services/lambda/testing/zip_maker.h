// Makes deployment packages for tests, also such as no tool would make.
#pragma once
#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"

namespace outcrop::lambda {

struct ZippedFile {
  std::string name, content;
  uint32_t mode = 0100644;  // of Unix, with its kind
  bool deflate = false;
  uint16_t flags = 0;
  uint32_t claimed_size_more = 0;  // than there is
  bool wrong_checksum = false;
};

class ZipMaker {
 public:
  ZipMaker& add(ZippedFile file) {
    const uint32_t crc = crc32(file.content) + (file.wrong_checksum ? 1 : 0);
    const std::string packed = file.deflate ? deflated(file.content) : file.content;
    const auto size = static_cast<uint32_t>(file.content.size()) + file.claimed_size_more;
    const auto offset = static_cast<uint32_t>(bytes_.size());
    number(bytes_, 0x04034b50, 4);
    common(bytes_, file, crc, packed.size(), size);
    bytes_ += file.name + packed;
    number(directory_, 0x02014b50, 4);
    number(directory_, 3 << 8 | 63, 2);  // made by Unix
    common(directory_, file, crc, packed.size(), size);
    number(directory_, 0, 2);  // comment
    number(directory_, 0, 4);  // disk, internal attributes
    number(directory_, static_cast<uint64_t>(file.mode) << 16, 4);
    number(directory_, offset, 4);
    directory_ += file.name;
    ++count_;
    return *this;
  }
  ZipMaker& add(std::string name, std::string content) { return add({.name = std::move(name), .content = std::move(content)}); }

  std::string finish() const {
    std::string whole = bytes_ + directory_;
    number(whole, 0x06054b50, 4);
    number(whole, 0, 4);
    number(whole, count_, 2);
    number(whole, count_, 2);
    number(whole, directory_.size(), 4);
    number(whole, bytes_.size(), 4);
    number(whole, 0, 2);
    return whole;
  }

  // With the numbers of the directory in its 64-bit form.
  std::string finish_wide() const {
    std::string whole = bytes_ + directory_;
    const size_t end64 = whole.size();
    number(whole, 0x06064b50, 4);
    number(whole, 44, 8);
    number(whole, 45 | 45 << 16, 4);
    number(whole, 0, 8);
    number(whole, count_, 8);
    number(whole, count_, 8);
    number(whole, directory_.size(), 8);
    number(whole, bytes_.size(), 8);
    number(whole, 0x07064b50, 4);
    number(whole, 0, 4);
    number(whole, end64, 8);
    number(whole, 1, 4);
    number(whole, 0x06054b50, 4);
    number(whole, 0, 4);
    number(whole, 0xffffffff, 4);
    number(whole, 0xffffffff, 4);
    number(whole, 0xffffffff, 4);
    number(whole, 0, 2);
    return whole;
  }

 private:
  static void number(std::string& out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  }
  static void common(std::string& out, const ZippedFile& file, uint32_t crc, size_t packed, uint32_t size) {
    number(out, 20, 2);
    number(out, file.flags, 2);
    number(out, file.deflate ? 8 : 0, 2);
    number(out, 0, 4);  // time and date
    number(out, crc, 4);
    number(out, packed, 4);
    number(out, size, 4);
    number(out, file.name.size(), 2);
    number(out, 0, 2);  // extra
  }
  static std::string deflated(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
  }

  std::string bytes_, directory_;
  int count_ = 0;
};

// One file of a function that nothing runs.
inline std::string a_package(std::string content = "exports.handler = async () => 1;\n") {
  return ZipMaker().add("index.js", std::move(content)).finish();
}

}  // namespace outcrop::lambda
