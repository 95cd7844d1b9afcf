// Appends XML to a string. Elements without content close themselves: <Name/>.
//
// Text is escaped as AWS's services do: & < > " as entities, and as character references what a parser would
// change or refuse (carriage returns; in attributes tabs and newlines). XML 1.0 has no way to carry the other control
// characters: S3 sends references such as &#x1b; all the same, which lenient clients read, and so does this.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::wire {

class XmlWriter {
 public:
  explicit XmlWriter(std::string& out) : out_(out) {}
  XmlWriter(const XmlWriter&) = delete;

  void open(std::string_view name);
  // After open(), before any content.
  void attribute(std::string_view name, std::string_view value);
  // xmlns="uri"; for "prefix=uri", xmlns:prefix="uri".
  void xml_namespace(std::string_view uri);
  void text(std::string_view text);
  // Text that needs no escapes: numbers, base64, timestamps.
  void plain(std::string_view text);
  void close(std::string_view name);

  // <name>text</name>
  void element(std::string_view name, std::string_view content) {
    open(name);
    text(content);
    close(name);
  }

 private:
  void end_tag();

  std::string& out_;
  bool in_tag_ = false;
};

}  // namespace outcrop::wire
