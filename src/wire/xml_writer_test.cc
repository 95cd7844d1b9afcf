#include "wire/xml_writer.h"

#include <gtest/gtest.h>

#include "wire/xml_reader.h"

namespace outcrop::wire {
namespace {

std::string element_of(std::string_view text) {
  std::string out;
  XmlWriter(out).element("a", text);
  return out;
}

TEST(XmlWriter, EmptyElementsCloseThemselves) {
  std::string out;
  XmlWriter writer(out);
  writer.open("a");
  writer.xml_namespace("http://example.com/?a=b");
  writer.open("b");
  writer.xml_namespace("xsi=http://www.w3.org/2001/XMLSchema-instance");
  writer.attribute("xsi:type", "x\"<\n>");
  writer.close("b");
  writer.element("c", "");
  writer.element("d", "text");
  writer.close("a");
  EXPECT_EQ(out,
            "<a xmlns=\"http://example.com/?a=b\"><b xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
            "xsi:type=\"x&quot;&lt;&#xa;&gt;\"/><c/><d>text</d></a>");
}

TEST(XmlWriter, TextComesBackAsItWas) {
  for (std::string_view text : {"plain", "a&b<c>d\"e'f", "\r\n\t tabs and\rreturns", "é€😀", "&amp;", "]]>"}) {
    auto document = XmlDocument::parse(element_of(text));
    ASSERT_TRUE(document) << element_of(text);
    EXPECT_EQ(document->root().text(), text);
  }
}

TEST(XmlWriter, CharactersThatXmlCannotCarryBecomeReferences) {
  EXPECT_EQ(element_of("key\x1b\x07"), "<a>key&#x1b;&#x7;</a>");
  EXPECT_EQ(element_of(std::string_view("\0", 1)), "<a>&#x0;</a>");
  EXPECT_EQ(element_of("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd"), "<a>&#xfffe;&#xffff;\xef\xbf\xbd</a>");
}

TEST(XmlWriter, BytesThatAreNoUtf8BecomeTheReplacementCharacter) { EXPECT_EQ(element_of("a\xff<"), "<a>a\xef\xbf\xbd&lt;</a>"); }

}  // namespace
}  // namespace outcrop::wire
