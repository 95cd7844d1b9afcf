// XML bodies as a small read-only tree, over expat. UTF-8 only. Document type declarations are refused, so there are no
// entities but XML's own five; depth and size are bounded.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::wire {

class XmlElement;

struct XmlError {
  size_t line = 1, column = 1;  // column in bytes
  std::string problem;          // "mismatched tag"
  std::string message() const;  // "line 3, column 14: mismatched tag"
};

// Owns the text of a tree.
class XmlDocument {
 public:
  static std::expected<XmlDocument, XmlError> parse(std::string_view text);

  XmlDocument(XmlDocument&&) noexcept = default;
  XmlDocument& operator=(XmlDocument&&) noexcept = default;

  // Valid while the document stays where it is.
  XmlElement root() const;

 private:
  friend class XmlElement;
  friend class XmlTreeBuilder;

  static constexpr uint32_t none = UINT32_MAX;
  struct Attribute {
    std::string_view name, value;
  };
  struct Node {
    std::string_view name, text;
    uint32_t first_child = none, next_sibling = none;
    uint32_t first_attribute = 0, attribute_count = 0;
  };

  XmlDocument() = default;

  std::vector<char> text_;  // what the views of nodes and attributes show
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
};

// An element of a document: a handle, to be copied freely.
class XmlElement {
 public:
  std::string_view name() const { return node().name; }  // without a namespace prefix
  // The character data directly in this element, joined; children and comments are passed over.
  std::string_view text() const { return node().text; }
  // By its name as written, with the prefix if there is one: "xsi:type".
  std::optional<std::string_view> attribute(std::string_view name) const;
  // The first child of that name.
  std::optional<XmlElement> find(std::string_view name) const;

  // For each child: for (auto child = parent.first_child(); child; child = child->next()).
  std::optional<XmlElement> first_child() const { return at(node().first_child); }
  std::optional<XmlElement> next() const { return at(node().next_sibling); }

 private:
  friend class XmlDocument;
  XmlElement(const XmlDocument& document, uint32_t position) : document_(&document), position_(position) {}

  const XmlDocument::Node& node() const { return document_->nodes_[position_]; }
  std::optional<XmlElement> at(uint32_t position) const {
    if (position == XmlDocument::none) return std::nullopt;
    return XmlElement(*document_, position);
  }

  const XmlDocument* document_;
  uint32_t position_;
};

}  // namespace outcrop::wire
