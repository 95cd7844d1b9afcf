// Writing XML, its escapes above all.
#include "wire/xml_writer.h"

#include <fmt/format.h>

#include "json/utf8.h"

namespace outcrop::wire {

namespace {

// U+FFFE and U+FFFF are characters to UTF-8, but not to XML. Both are EF BF BE/BF.
bool is_noncharacter_at(std::string_view text, size_t i) {
  return text.size() - i >= 3 && text[i] == '\xef' && text[i + 1] == '\xbf' && uint8_t(text[i + 2]) >= 0xbe;
}

void append_escaped(std::string& out, std::string_view text, bool in_attribute) {
  size_t run = 0;
  auto replace = [&](size_t i, size_t bytes, std::string_view with) {
    out.append(text.substr(run, i - run)).append(with);
    run = i + bytes;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '&')
      replace(i, 1, "&amp;");
    else if (c == '<')
      replace(i, 1, "&lt;");
    else if (c == '>')
      replace(i, 1, "&gt;");
    else if (c == '"')
      replace(i, 1, "&quot;");
    else if (uint8_t(c) < 0x20 && (in_attribute || (c != '\n' && c != '\t')))
      replace(i, 1, fmt::format("&#x{:x};", uint8_t(c)));
    else if (c == '\xef' && is_noncharacter_at(text, i))
      replace(i, 3, text[i + 2] == '\xbe' ? "&#xfffe;" : "&#xffff;");
  }
  out += text.substr(run);
}

void append_xml_text(std::string& out, std::string_view text, bool in_attribute) {
  if (json::valid_utf8_prefix(text) == text.size()) return append_escaped(out, text, in_attribute);
  std::string valid;
  json::append_as_utf8(valid, text);
  append_escaped(out, valid, in_attribute);
}

}  // namespace

void XmlWriter::end_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

void XmlWriter::open(std::string_view name) {
  end_tag();
  out_.append("<").append(name);
  in_tag_ = true;
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  out_.append(" ").append(name).append("=\"");
  append_xml_text(out_, value, true);
  out_ += '"';
}

void XmlWriter::xml_namespace(std::string_view uri) {
  // A URI may hold '=' too, but no prefix holds ':'.
  size_t equals = uri.find('=');
  if (equals < uri.find(':'))
    attribute("xmlns:" + std::string(uri.substr(0, equals)), uri.substr(equals + 1));
  else
    attribute("xmlns", uri);
}

void XmlWriter::text(std::string_view text) {
  if (text.empty()) return;
  end_tag();
  append_xml_text(out_, text, false);
}

void XmlWriter::plain(std::string_view text) {
  if (text.empty()) return;
  end_tag();
  out_ += text;
}

void XmlWriter::close(std::string_view name) {
  if (in_tag_)
    out_ += "/>";
  else
    out_.append("</").append(name).append(">");
  in_tag_ = false;
}

}  // namespace outcrop::wire
