// Bounded inflate over zlib.
#include "wire/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace outcrop::wire {

namespace {

constexpr size_t first_part_bytes = 16 << 10;
constexpr int gzip_only = 16 + MAX_WBITS;  // of inflateInit2: gzip with its checksum, neither zlib nor raw deflate

class Inflater {
 public:
  Inflater() { check(inflateInit2(&stream_, gzip_only) == Z_OK, "zlib has no memory"); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_ = {};
};

Fault damaged() { return {"SerializationException", 400, "The request body is not valid gzip data"}; }

}  // namespace

Result<std::string> gunzip(std::string_view compressed, size_t bytes_max) {
  check(compressed.size() <= std::numeric_limits<uInt>::max() && bytes_max < SIZE_MAX, "bodies are bounded before they are inflated");
  Inflater inflater;
  z_stream& stream = inflater.stream();
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(compressed.data()));
  stream.avail_in = uInt(compressed.size());
  std::string out;
  size_t used = 0;
  while (true) {
    // One byte above the bound tells "exactly at it" from "beyond".
    if (used == out.size()) out.resize(std::min(bytes_max + 1, std::max(first_part_bytes, out.size() * 2)));
    size_t room = std::min<size_t>(out.size() - used, std::numeric_limits<uInt>::max());
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = uInt(room);
    int status = inflate(&stream, Z_NO_FLUSH);
    used += room - stream.avail_out;
    if (used > bytes_max) return fail("RequestEntityTooLarge", 413, "The decompressed request body is too large");
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return fail(damaged());
    } else if (status != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) {
      return fail(damaged());
    }
  }
  out.resize(used);
  return out;
}

}  // namespace outcrop::wire
