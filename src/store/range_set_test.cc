// A union of ranges against a set of letters.
#include "store/range_set.h"

#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

using Ranges = std::vector<Range>;

TEST(RangeSet, JoinsWhatOverlapsOrTouches) {
  RangeSet set;
  set.add({"c", "e"});
  set.add({"g", "i"});
  set.add({"e", "f"});
  EXPECT_EQ(set.ranges(), (Ranges{{"c", "f"}, {"g", "i"}}));
  set.add({"d", "h"});
  EXPECT_EQ(set.ranges(), (Ranges{{"c", "i"}}));
}

TEST(RangeSet, GivesTheGapsOfARange) {
  RangeSet set;
  set.add({"c", "e"});
  set.add({"g", "i"});
  EXPECT_EQ(set.gaps({"a", "z"}), (Ranges{{"a", "c"}, {"e", "g"}, {"i", "z"}}));
  EXPECT_EQ(set.gaps({"d", "h"}), (Ranges{{"e", "g"}}));
  EXPECT_EQ(set.gaps({"c", "e"}), Ranges{});
  EXPECT_EQ(set.gaps({"e", "e"}), Ranges{});
}

TEST(RangeSet, AgreesWithASetOfLetters) {
  SeededRandom random(test_seed());
  for (int round = 0; round < 2'000; ++round) {
    RangeSet set;
    std::array<bool, 26> expected{};
    for (uint64_t i = random.below(6); i > 0; --i) {
      const uint64_t begin = random.below(26), end = random.below(27);
      set.add({std::string(1, char('a' + begin)), std::string(1, char('a' + end))});
      for (uint64_t letter = begin; letter < end; ++letter) expected[letter] = true;
    }
    std::array<bool, 26> in_gap{};
    for (const Range& gap : set.gaps({"a", "{"})) {
      for (char c = gap.begin[0]; c < gap.end[0]; ++c) in_gap[size_t(c - 'a')] = true;
    }
    for (size_t letter = 0; letter < 26; ++letter) {
      ASSERT_EQ(set.contains(std::string(1, char('a' + letter))), expected[letter]) << "seed " << test_seed() << ", round " << round;
      ASSERT_NE(in_gap[letter], expected[letter]) << "seed " << test_seed() << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace outcrop::store
