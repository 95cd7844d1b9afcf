#include "net/websocket/utf8_validator.h"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.h"

namespace outcrop::net {
namespace {

// What text that comes in pieces of `piece` bytes is found to be: refused, unfinished or valid.
std::string verdict(std::string_view text, size_t piece) {
  Utf8Validator validator;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!validator.feed(text.substr(0, piece))) return "refused";
  }
  return validator.complete() ? "valid" : "unfinished";
}

TEST(Utf8Validator, TheVerdictDoesNotDependOnThePieces) {
  struct Case {
    std::string_view text, verdict;
  };
  const Case cases[] = {
      {"", "valid"},
      {"plain text that is longer than a few words", "valid"},
      {"κόσμε, mixed with ASCII, 漢字 and 😀.", "valid"},
      {"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "valid"},  // the edges
      {"\xce", "unfinished"},
      {"12345678\xf0\x9f\x98", "unfinished"},
      {"\x80", "refused"},                        // a continuation without a beginning
      {"12345678abc\xbf", "refused"},             //
      {"\xc0\x80", "refused"},                    // overlong
      {"\xc1\xbf", "refused"},                    //
      {"\xe0\x9f\xbf", "refused"},                //
      {"\xf0\x8f\xbf\xbf", "refused"},            //
      {"\xed\xa0\x80", "refused"},                // a surrogate
      {"\xf4\x90\x80\x80", "refused"},            // above U+10FFFF
      {"\xf5\x80\x80\x80", "refused"},            //
      {"\xfe", "refused"},                        //
      {"\xce then ASCII", "refused"},             // a character cut short
      {"\xe2\x82\xe2\x82\xac", "refused"},        //
      {"\xf0\x9f\x98\xce\xba later", "refused"},  //
  };
  for (const Case& each : cases) {
    for (size_t piece : {1, 2, 3, 7, 8, 100}) EXPECT_EQ(verdict(each.text, piece), each.verdict) << each.text << " by " << piece;
  }
}

TEST(Utf8Validator, AgreesWithTheWholeTextsCheckOnEveryPairAndTripleOfBytes) {
  constexpr uint8_t thirds[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xff};
  std::string text(3, '\0');
  for (int pair = 0; pair < 0x10000; ++pair) {
    text[0] = char(pair >> 8), text[1] = char(pair);
    for (uint8_t third : thirds) {
      text[2] = char(third);
      ASSERT_EQ(verdict(text, 1) == "valid", is_valid_utf8(text)) << hex(text);
    }
  }
}

TEST(Utf8Validator, AWrongByteIsSeenAtOnceAndForEver) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.feed("\xf4"));
  EXPECT_FALSE(validator.feed("\x90"));
  EXPECT_FALSE(validator.feed("fine"));
  EXPECT_FALSE(validator.complete());
}

}  // namespace
}  // namespace outcrop::net
