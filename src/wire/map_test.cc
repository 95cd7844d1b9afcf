#include "wire/map.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace outcrop::wire {
namespace {

TEST(WireMap, KeepsTheOrderInWhichKeysCame) {
  Map<int> map;
  for (const char* key : {"b", "a", "c", "a"}) ++map[key];
  std::vector<std::pair<std::string, int>> entries;
  for (const auto& entry : map) entries.emplace_back(entry.key, entry.value);
  EXPECT_EQ(entries, (std::vector<std::pair<std::string, int>>{{"b", 1}, {"a", 2}, {"c", 1}}));
}

TEST(WireMap, FindsEveryKeyOfManyAndNoOther) {
  Map<int> map;
  for (int i = 0; i < 5000; ++i) map[std::to_string(i)] = i;
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(*map.find(std::to_string(i)), i);
  EXPECT_FALSE(map.contains("5000"));
  EXPECT_EQ(map.size(), 5000u);
}

TEST(WireMap, ForgetsWhatIsErasedAndFindsTheRest) {
  for (int count : {3, 40}) {
    Map<int> map;
    for (int i = 0; i < count; ++i) map[std::to_string(i)] = i;
    EXPECT_TRUE(map.erase("1"));
    EXPECT_FALSE(map.erase("1"));
    for (int i = 0; i < count; ++i) EXPECT_EQ(map.contains(std::to_string(i)), i != 1) << i << " of " << count;
    map["new"] = 7;
    EXPECT_EQ(*map.find("new"), 7);
  }
}

TEST(WireMap, CopiesAreTheirOwn) {
  Map<int> map;
  for (int i = 0; i < 100; ++i) map[std::to_string(i)] = i;
  Map<int> copy = map;
  copy["0"] = -1;
  EXPECT_EQ(*map.find("0"), 0);
  EXPECT_EQ(*copy.find("0"), -1);
  EXPECT_FALSE(copy == map);
}

}  // namespace
}  // namespace outcrop::wire
