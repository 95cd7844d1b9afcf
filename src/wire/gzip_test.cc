#include "wire/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/random.h"

namespace outcrop::wire {
namespace {

std::string gzipped(std::string_view plain) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, uLong(plain.size())) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plain.data()));
  stream.avail_in = uInt(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = uInt(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string noise(size_t bytes) {
  SeededRandom random(3);
  std::string text(bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(text)));
  return text;
}

TEST(Gzip, PlainBytesComeBack) {
  for (const std::string& plain : {std::string(), std::string("{}"), std::string(200'000, 'a'), noise(100'000)})
    EXPECT_EQ(gunzip(gzipped(plain), 200'000).value(), plain);
}

TEST(Gzip, MembersAreJoined) { EXPECT_EQ(gunzip(gzipped("one ") + gzipped("two"), 100).value(), "one two"); }

TEST(Gzip, TheBoundHoldsToTheByte) {
  std::string bomb = gzipped(std::string(50'000'000, 'x'));
  EXPECT_LT(bomb.size(), 60'000u);
  Result<std::string> plain = gunzip(bomb, 1 << 20);
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().status, 413);
  EXPECT_EQ(gunzip(gzipped(std::string(1000, 'x')), 1000).value().size(), 1000u);
  EXPECT_FALSE(gunzip(gzipped(std::string(1001, 'x')), 1000));
  EXPECT_EQ(gunzip(gzipped(""), 0).value(), "");
}

TEST(Gzip, DamageIsSeen) {
  std::string whole = gzipped("a body of some length, to be damaged");
  for (size_t cut = 0; cut < whole.size(); ++cut) EXPECT_FALSE(gunzip(whole.substr(0, cut), 1000)) << cut;
  std::string wrong_checksum = whole;
  wrong_checksum[whole.size() - 6] ^= 1;
  EXPECT_FALSE(gunzip(wrong_checksum, 1000));
  EXPECT_FALSE(gunzip(whole + "x", 1000));
  EXPECT_FALSE(gunzip("not gzip at all", 1000));
}

}  // namespace
}  // namespace outcrop::wire
