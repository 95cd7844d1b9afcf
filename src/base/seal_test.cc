#include "base/seal.h"

#include <gtest/gtest.h>

namespace outcrop {
namespace {

const std::string key(seal_key_bytes, 'k');

TEST(Seal, OpensWhatItSealed) {
  SeededRandom random(1);
  for (std::string_view plain : {"", "a", "a session of some length, with more than one block of the cipher"}) {
    std::string sealed = seal(key, "test", plain, random);
    EXPECT_EQ(sealed.size(), plain.size() + seal_overhead_bytes);
    EXPECT_EQ(unseal(key, "test", sealed), plain);
  }
}

TEST(Seal, NothingElseOpens) {
  SeededRandom random(1);
  std::string sealed = seal(key, "test", "plain", random);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = char(changed[i] ^ 1);
    EXPECT_FALSE(unseal(key, "test", changed)) << i;
    EXPECT_FALSE(unseal(key, "test", sealed.substr(0, i))) << i;
  }
  EXPECT_FALSE(unseal(key, "other purpose", sealed));
  EXPECT_FALSE(unseal(std::string(seal_key_bytes, 'x'), "test", sealed));
}

TEST(Seal, NoTwoSealsAreAlike) {
  SeededRandom random(1);
  EXPECT_NE(seal(key, "test", "plain", random), seal(key, "test", "plain", random));
}

}  // namespace
}  // namespace outcrop
