#include "json/pointer.h"

#include <gtest/gtest.h>

namespace outcrop::json {
namespace {

std::string found(std::string_view pointer, std::string_view value) {
  const Value whole = *parse(value);
  const Value* at = Pointer::parse(pointer)->find(whole);
  return at ? write(*at) : "nothing";
}

TEST(JsonPointer, NamesMembersAndElements) {
  EXPECT_EQ(found("/choices/1/text", R"({"choices":[{"text":"a"},{"text":"b"}]})"), R"("b")");
  EXPECT_EQ(found("", R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(found("/", R"({"":1})"), "1");
}

TEST(JsonPointer, StrokesAndTildesOfNamesAreEscaped) {
  EXPECT_EQ(found("/a~1b/m~0n", R"({"a/b":{"m~n":2}})"), "2");
  EXPECT_EQ(found("/~01", R"({"~1":3})"), "3");
}

TEST(JsonPointer, FindsNothingWhereThereIsNothing) {
  for (const char* pointer : {"/b", "/a/0/x", "/a/2", "/a/01", "/a/-", "/a/18446744073709551616", "/c/d"})
    EXPECT_EQ(found(pointer, R"({"a":[1,2],"c":"text"})"), "nothing") << pointer;
}

TEST(JsonPointer, OtherTextsAreNone) {
  for (const char* text : {"a", "a/b", "/a~", "/a~2", "#/a"}) EXPECT_FALSE(Pointer::parse(text)) << text;
}

TEST(JsonPointer, CopiesKeepTheirPlaces) {
  const Value from = *parse(R"({"usage":{"in":1,"out":2},"choices":[{"a":1},{"b":[5,6]}]})");
  Value to = Value::object();
  EXPECT_TRUE(Pointer::parse("/usage/out")->copy(from, to));
  EXPECT_TRUE(Pointer::parse("/choices/1/b/0")->copy(from, to));
  EXPECT_FALSE(Pointer::parse("/usage/none")->copy(from, to));
  EXPECT_EQ(write(to), R"({"usage":{"out":2},"choices":[null,{"b":[5]}]})");
}

}  // namespace
}  // namespace outcrop::json
