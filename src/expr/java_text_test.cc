// Numbers and values as Java's toString() writes them.
#include "expr/java_text.h"

#include <gtest/gtest.h>

namespace outcrop::expr {
namespace {

TEST(JavaTextTest, DoublesAreJavas) {
  EXPECT_EQ(java_double(0), "0.0");
  EXPECT_EQ(java_double(-0.0), "-0.0");
  EXPECT_EQ(java_double(1), "1.0");
  EXPECT_EQ(java_double(100), "100.0");
  EXPECT_EQ(java_double(-1.5), "-1.5");
  EXPECT_EQ(java_double(0.001), "0.001");
  EXPECT_EQ(java_double(0.00099), "9.9E-4");
  EXPECT_EQ(java_double(9999999), "9999999.0");
  EXPECT_EQ(java_double(1e7), "1.0E7");
  EXPECT_EQ(java_double(123456789.25), "1.2345678925E8");
  EXPECT_EQ(java_double(1e-300), "1.0E-300");
}

TEST(JavaTextTest, ValuesAreJavas) {
  EXPECT_EQ(java_text(*json::parse(R"({"a": [1, "x", null, true], "b": {"c": 1.0}, "d": [], "e": {}})")),
            "{a=[1, x, null, true], b={c=1.0}, d=[], e={}}");
}

}  // namespace
}  // namespace outcrop::expr
