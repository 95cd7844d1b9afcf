#include "services/dynamodb/value/stored_attributes.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace outcrop::dynamodb {

namespace {

Attributes item_of_every_type() {
  Attributes inner;
  inner["deep"] = List{std::string("x"), Null(), true};
  Attributes item;
  item["s"] = std::string("ü");
  item["b"] = Binary{std::string("\0\xff", 2)};
  item["t"] = true;
  item["f"] = false;
  item["z"] = Null();
  item["m"] = std::move(inner);
  item["ss"] = StringSet{{"one", "two"}};
  item["bs"] = BinarySet{{Binary{"b"}}};
  item["e"] = std::string();
  return item;
}

// Frozen: items lie on disk like this.
constexpr std::string_view golden_item =
    "01"
    "09"
    "0173"
    "00"
    "02c3bc"
    "0162"
    "02"
    "0200ff"
    "0174"
    "03"
    "01"
    "0166"
    "03"
    "00"
    "017a"
    "04"
    "016d"
    "05"
    "01"
    "0464656570"
    "06"
    "03"
    "000178"
    "04"
    "0301"
    "027373"
    "07"
    "02"
    "036f6e65"
    "0374776f"
    "026273"
    "09"
    "01"
    "0162"
    "0165"
    "00"
    "00";

TEST(StoredAttributesTest, TheBytesOfAnItemAreFrozen) {
  EXPECT_EQ(hex(store_attributes(item_of_every_type())), golden_item);
  const Result<Attributes> read = load_attributes(*unhex(golden_item));
  ASSERT_TRUE(read);
  EXPECT_TRUE(equal(Value(*read), Value(item_of_every_type())));
}

TEST(StoredAttributesTest, NumbersComeBackAsTheyWere) {
  for (const char* text :
       {"0", "1", "-1.5", "1E+125", "-9.9999999999999999999999999999999999999E-130", "12345678901234567890123456789012345678"}) {
    Attributes item;
    item["n"] = *Decimal::parse(text);
    item["ns"] = NumberSet{{*Decimal::parse(text)}};
    const Result<Attributes> read = load_attributes(store_attributes(item));
    ASSERT_TRUE(read) << text;
    EXPECT_TRUE(equal(Value(*read), Value(item))) << text;
  }
}

TEST(StoredAttributesTest, BytesThatAreCutOrGoOnAreNoItem) {
  const std::string bytes = *unhex(golden_item);
  for (size_t kept = 0; kept < bytes.size(); ++kept) EXPECT_FALSE(load_attributes(bytes.substr(0, kept))) << kept;
  EXPECT_FALSE(load_attributes(bytes + '\0'));
  EXPECT_FALSE(load_attributes("\x02" + bytes.substr(1))) << "another version";
}

TEST(StoredAttributesTest, ANumberOfOtherBytesIsNoItem) {
  for (const char* number : {"00", "0181", "02817f", "0481010200", "04817f0001", "048182ff00"})
    EXPECT_FALSE(load_attributes(*unhex(std::string("01"
                                                    "01"
                                                    "016e"
                                                    "01") +
                                        number)))
        << number;
}

TEST(StoredAttributesTest, WhatIsNestedTooDeeplyIsNoItem) {
  std::string bytes = *unhex(
      "01"
      "01"
      "0161");
  for (int i = 0; i < 100'000; ++i) bytes += "\x06\x01";
  EXPECT_FALSE(load_attributes(bytes));
}

}  // namespace

}  // namespace outcrop::dynamodb
