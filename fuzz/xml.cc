// XML text: reading never fails in another way than saying so, and what the tree holds can be written and read back.
#include "base/check.h"
#include "wire/xml_reader.h"
#include "wire/xml_writer.h"

namespace {

using namespace outcrop::wire;

// Attributes are left out: the reader has no list of them.
void write(XmlWriter& writer, const XmlElement& element) {
  writer.open(element.name());
  writer.text(element.text());
  for (auto child = element.first_child(); child; child = child->next()) write(writer, *child);
  writer.close(element.name());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto document = XmlDocument::parse({reinterpret_cast<const char*>(data), size});
  if (!document) {
    outcrop::check(!document.error().message().empty(), "an error without a message");
    return 0;
  }
  std::string once, twice;
  XmlWriter first(once);
  write(first, document->root());
  auto again = XmlDocument::parse(once);
  outcrop::check(again.has_value(), "what was written does not read back");
  XmlWriter second(twice);
  write(second, again->root());
  outcrop::check(once == twice, "what was read back differs");
  return 0;
}
