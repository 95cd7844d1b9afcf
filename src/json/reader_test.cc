#include "json/reader.h"

#include <gtest/gtest.h>

namespace outcrop::json {
namespace {

TEST(JsonReader, GivesTokenByToken) {
  Reader reader(R"({"a":[1,"x\ty",true],"b":null})");
  std::vector<Token> tokens;
  std::string texts;
  for (Token token = reader.next(); token != Token::end && token != Token::error; token = reader.next()) {
    tokens.push_back(token);
    if (token == Token::name || token == Token::string || token == Token::number) texts.append(reader.text()).append("|");
  }
  EXPECT_EQ(reader.token(), Token::end);
  EXPECT_EQ(texts, "a|1|x\ty|b|");
  EXPECT_EQ(tokens, (std::vector{Token::begin_object, Token::name, Token::begin_array, Token::number, Token::string, Token::true_value,
                                 Token::end_array, Token::name, Token::null, Token::end_object}));
}

TEST(JsonReader, TextWithoutEscapesIsAViewOfTheInput) {
  std::string_view input = R"("plain")";
  Reader reader(input);
  reader.next();
  EXPECT_EQ(reader.text().data(), input.data() + 1);
}

TEST(JsonReader, SkipPassesOverWholeValues) {
  Reader reader(R"({"a":{"b":[1,{"c":2}]},"d":5,"e":[]})");
  EXPECT_EQ(reader.next(), Token::begin_object);
  EXPECT_EQ(reader.next(), Token::name);
  EXPECT_TRUE(reader.skip());
  EXPECT_EQ(reader.next(), Token::name);
  EXPECT_EQ(reader.text(), "d");
  EXPECT_EQ(reader.next(), Token::number);
  EXPECT_TRUE(reader.skip());
  EXPECT_EQ(reader.next(), Token::name);
  EXPECT_EQ(reader.next(), Token::begin_array);
  EXPECT_TRUE(reader.skip());
  EXPECT_EQ(reader.next(), Token::end_object);
  EXPECT_EQ(reader.next(), Token::end);
}

TEST(JsonReader, SkippedTextIsStillChecked) {
  Reader reader(R"({"a":[1,01]})");
  reader.next();
  reader.next();
  EXPECT_FALSE(reader.skip());
  EXPECT_EQ(reader.error().problem, "a number with a leading zero");
  EXPECT_EQ(reader.next(), Token::error);
}

TEST(JsonReader, CapturesAValueInTheMiddle) {
  Reader reader(R"({"document":{"k":[1,2]},"after":true})");
  reader.next();
  reader.next();
  Value document;
  ASSERT_TRUE(reader.capture(document));
  EXPECT_EQ(write(document), R"({"k":[1,2]})");
  EXPECT_EQ(reader.next(), Token::name);
  EXPECT_EQ(reader.text(), "after");
}

TEST(JsonReader, ManyEscapesOutgrowTheBuffer) {
  std::string escaped = "\"", plain;
  for (int i = 0; i < 5000; ++i) {
    escaped += i % 7 ? "\\\"" : "\\u20ac plain text of some length";
    plain += i % 7 ? "\"" : "€ plain text of some length";
  }
  Reader reader(escaped += "\"");
  EXPECT_EQ(reader.next(), Token::string);
  EXPECT_EQ(reader.text(), plain);
  EXPECT_EQ(reader.next(), Token::end);
}

}  // namespace
}  // namespace outcrop::json
