#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/random.h"
#include "base/time.h"

namespace outcrop {
namespace {

TEST(Encoding, Base64FollowsTheRfcsExamples) {
  for (auto [plain, text] :
       {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64(plain), text);
    EXPECT_EQ(unbase64(text), plain);
  }
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
  EXPECT_FALSE(unbase64("Zg="));
  EXPECT_FALSE(unbase64("Z==="));
  EXPECT_FALSE(unbase64("Zm 9"));
}

TEST(Encoding, HexAndPercentRoundTrip) {
  SeededRandom random(7);
  std::string bytes(257, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  EXPECT_EQ(unhex(hex(bytes)), bytes);
  EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
  EXPECT_EQ(unbase64(base64(bytes)), bytes);
  EXPECT_EQ(percent_encode("a/b c~", true), "a/b%20c~");
  EXPECT_FALSE(percent_decode("%4"));
  EXPECT_FALSE(percent_decode("%zz"));
  EXPECT_EQ(percent_decode("a+b", true), "a b");
}

TEST(Encoding, InvalidUtf8IsSeen) {
  EXPECT_TRUE(is_valid_utf8("grüße 😀"));
  for (const char* wrong : {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x80"}) EXPECT_FALSE(is_valid_utf8(wrong));
}

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(hex(md5("hello")), "5d41402abc4b2a76b9719d911017c592");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  // RFC 4231, cases 2 and 6 (a key longer than a block).
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  Sha256 parts;
  parts.add("ab");
  parts.add("c");
  EXPECT_EQ(parts.finish(), sha256("abc"));
}

TEST(Time, FormatsOfOneInstant) {
  Instant at = instant_from_ms(1'440'938'160'123);
  EXPECT_EQ(iso8601(at), "2015-08-30T12:36:00Z");
  EXPECT_EQ(iso8601(at, true), "2015-08-30T12:36:00.123Z");
  EXPECT_EQ(iso8601_basic(at), "20150830T123600Z");
  EXPECT_EQ(http_date(at), "Sun, 30 Aug 2015 12:36:00 GMT");
}

TEST(Random, UuidsHaveTheirVersionAndAreReproducible) {
  SeededRandom one(42), two(42);
  std::string id = one.uuid();
  EXPECT_EQ(id, two.uuid());
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
}

}  // namespace
}  // namespace outcrop
