#include "wire/xml_reader.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace outcrop::wire {
namespace {

XmlDocument read(std::string_view text) {
  auto document = XmlDocument::parse(text);
  EXPECT_TRUE(document) << (document ? "" : document.error().message());
  return document ? *std::move(document) : *XmlDocument::parse("<failed/>");
}

std::string xml_problem_of(std::string_view text) {
  auto document = XmlDocument::parse(text);
  return document ? "" : document.error().problem;
}

TEST(XmlReader, GivesElementsTextsAndAttributes) {
  XmlDocument document = read(R"(<?xml version="1.0" encoding="UTF-8"?>
<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <!-- two tags -->
  <TagSet><Tag id="1"><Key>a&amp;b</Key><Value>1 &lt; 2 &#233; <![CDATA[<raw>]]></Value></Tag><Tag><Key/></Tag></TagSet>
</Tagging>)");
  XmlElement root = document.root();
  EXPECT_EQ(root.name(), "Tagging");
  auto tags = root.find("TagSet");
  ASSERT_TRUE(tags);
  auto tag = tags->first_child();
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->attribute("id"), "1");
  EXPECT_EQ(tag->attribute("none"), std::nullopt);
  EXPECT_EQ(tag->find("Key")->text(), "a&b");
  EXPECT_EQ(tag->find("Value")->text(), "1 < 2 é <raw>");
  EXPECT_EQ(tag->next()->find("Key")->text(), "");
  EXPECT_FALSE(tag->next()->next());
  EXPECT_FALSE(tag->find("Missing"));
}

TEST(XmlReader, PrefixesAreResolved) {
  XmlDocument document = read(
      R"(<s3:Grantee xmlns:s3="http://s3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser" s3:k="v"><s3:ID>x</s3:ID></s3:Grantee>)");
  EXPECT_EQ(document.root().name(), "Grantee");
  EXPECT_EQ(document.root().attribute("xsi:type"), "CanonicalUser");
  EXPECT_EQ(document.root().attribute("s3:k"), "v");
  EXPECT_EQ(document.root().find("ID")->text(), "x");
  EXPECT_EQ(xml_problem_of("<s3:Grantee/>"), "unbound prefix");
}

TEST(XmlReader, TextAroundChildrenIsJoined) { EXPECT_EQ(read("<a>one<b>two</b>three</a>").root().text(), "onethree"); }

TEST(XmlReader, LineEndsAreNormalisedAndReferencesKept) { EXPECT_EQ(read("<a>1\r\n2&#xD;3</a>").root().text(), "1\n2\r3"); }

TEST(XmlReader, WhatIsMalformedIsRefusedWithItsPlace) {
  auto document = XmlDocument::parse("<a>\n  <b></c>\n</a>");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message(), "line 2, column 8: mismatched tag");
  for (const char* text : {"", " ", "text", "<a>", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "<a>&nope;</a>", "<a>\xff</a>",
                           "<a>\x01</a>", "<a>&#x1;</a>", "{}"})
    EXPECT_NE(xml_problem_of(text), "") << text;
}

TEST(XmlReader, DocumentTypesAndTheirEntitiesAreRefused) {
  for (const char* text :
       {R"(<!DOCTYPE a><a/>)", R"(<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>)", R"(<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>)",
        R"(<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>)"})
    EXPECT_EQ(xml_problem_of(text), "document type declarations are not allowed") << text;
}

TEST(XmlReader, OnlyUtf8IsRead) {
  for (std::string_view text :
       {std::string_view("\xff\xfe<\0a\0/\0>\0", 10), std::string_view("<\0a\0/\0>\0", 8), std::string_view("\0<\0a\0/\0>", 8)})
    EXPECT_EQ(xml_problem_of(text), "the document is not UTF-8 text");
  EXPECT_EQ(xml_problem_of("\xef\xbb\xbf<a/>"), "");
  EXPECT_EQ(read("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>").root().text(), "é");
}

TEST(XmlReader, DepthAndSizeAreBounded) {
  auto nested = [](size_t depth) {
    std::string text;
    for (size_t i = 0; i < depth; ++i) text += "<a>";
    for (size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_EQ(xml_problem_of(nested(limits::xml_depth_max)), "");
  EXPECT_EQ(xml_problem_of(nested(limits::xml_depth_max + 1)), "elements are nested too deeply");
  std::string many = "<a>";
  for (size_t i = 0; i < limits::xml_nodes_max; ++i) many += "<b/>";
  EXPECT_EQ(xml_problem_of(many + "</a>"), "the document has too many elements");
}

}  // namespace
}  // namespace outcrop::wire
