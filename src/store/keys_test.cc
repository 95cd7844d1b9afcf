// Encoded keys sort as their tuples and decode to them.
#include "store/keys.h"

#include <tuple>

#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

using Tuple = std::tuple<std::string, uint64_t, int64_t, std::string, uint32_t, uint8_t>;

std::string encode(const Tuple& t) {
  return KeyWriter()
      .text(std::get<0>(t))
      .u64(std::get<1>(t))
      .i64(std::get<2>(t))
      .text(std::get<3>(t))
      .u32(std::get<4>(t))
      .u8(std::get<5>(t))
      .str();
}

// Short strings over few bytes and integers at their edges, so that neighbours meet.
std::string random_text(Random& random) {
  static constexpr std::string_view bytes(
      "\0\x01\xff\xfe"
      "ab",
      6);
  std::string text(random.below(4), ' ');
  for (char& c : text) c = bytes[random.below(bytes.size())];
  return text;
}

template <class T>
T random_integer(Random& random) {
  const T edges[] = {0, 1, T(-1), std::numeric_limits<T>::max(), std::numeric_limits<T>::min(), T(random.next())};
  return edges[random.below(std::size(edges))];
}

Tuple random_tuple(Random& random) {
  return {random_text(random), random_integer<uint64_t>(random), random_integer<int64_t>(random),
          random_text(random), random_integer<uint32_t>(random), random_integer<uint8_t>(random)};
}

TEST(Keys, SortAsTheirTuplesDo) {
  SeededRandom random(test_seed());
  for (int i = 0; i < 20'000; ++i) {
    const Tuple a = random_tuple(random), b = random_tuple(random);
    ASSERT_EQ(a < b, encode(a) < encode(b)) << "seed " << test_seed() << ", pair " << i;
    ASSERT_EQ(a == b, encode(a) == encode(b)) << "seed " << test_seed() << ", pair " << i;
  }
}

TEST(Keys, DecodeToWhatWasEncoded) {
  SeededRandom random(test_seed());
  for (int i = 0; i < 5'000; ++i) {
    const Tuple t = random_tuple(random);
    const std::string key = encode(t);
    KeyReader reader(key);
    EXPECT_EQ(reader.text(), std::get<0>(t));
    EXPECT_EQ(reader.u64(), std::get<1>(t));
    EXPECT_EQ(reader.i64(), std::get<2>(t));
    EXPECT_EQ(reader.text(), std::get<3>(t));
    EXPECT_EQ(reader.u32(), std::get<4>(t));
    EXPECT_EQ(reader.u8(), std::get<5>(t));
    ASSERT_TRUE(reader.at_end()) << "seed " << test_seed() << ", tuple " << i;
  }
}

TEST(Keys, HaveTheseBytes) {
  EXPECT_EQ(KeyWriter("s").text(std::string_view("a\0b", 3)).str(), std::string("sa\0\xff"
                                                                                "b\0\x01",
                                                                                7));
  EXPECT_EQ(KeyWriter().u32(0x01020304).str(), "\x01\x02\x03\x04");
  EXPECT_EQ(KeyWriter().i64(-1).str(), "\x7f\xff\xff\xff\xff\xff\xff\xff");
}

TEST(Keys, AShortKeyIsRefusedFromThereOn) {
  KeyReader reader("abc");
  EXPECT_EQ(reader.u32(), std::nullopt);
  EXPECT_EQ(reader.u8(), std::nullopt);
  EXPECT_FALSE(reader.at_end());
}

TEST(Keys, TextWithoutItsTerminatorIsRefused) {
  for (std::string_view key : {std::string_view("abc"), std::string_view("a\0", 2), std::string_view("a\0\x02", 3)}) {
    EXPECT_EQ(KeyReader(key).text(), std::nullopt);
  }
}

TEST(Keys, APrefixIsSkippedOnlyWhenItIsThere) {
  KeyReader reader("q/rest");
  EXPECT_TRUE(reader.skip("q/"));
  EXPECT_EQ(reader.rest(), "rest");
  EXPECT_EQ(reader.raw(2), "re");
  EXPECT_FALSE(reader.skip("xx"));
  EXPECT_EQ(reader.raw(1), std::nullopt);
}

}  // namespace
}  // namespace outcrop::store
