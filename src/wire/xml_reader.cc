// Building the tree from expat's events.
#include "wire/xml_reader.h"

#include <expat.h>
#include <fmt/format.h>

#include <climits>
#include <memory>

#include "base/check.h"
#include "json/utf8.h"
#include "wire/limits.h"

namespace outcrop::wire {

namespace {

constexpr char name_separator = '\n';  // in no URI and no name; expat puts it between URI, local name and prefix

struct QualifiedName {
  std::string_view local, prefix;
};

// Takes expat's "local", "uri\nlocal" or "uri\nlocal\nprefix" apart.
QualifiedName split_name(const char* expanded) {
  std::string_view text(expanded);
  size_t local_at = text.find(name_separator);
  if (local_at == text.npos) return {.local = text};
  text.remove_prefix(local_at + 1);
  size_t prefix_at = text.find(name_separator);
  if (prefix_at == text.npos) return {.local = text};
  return {.local = text.substr(0, prefix_at), .prefix = text.substr(prefix_at + 1)};
}

std::string written_name(const QualifiedName& name) {
  return name.prefix.empty() ? std::string(name.local) : fmt::format("{}:{}", name.prefix, name.local);
}

}  // namespace

// Receives expat's events.
class XmlTreeBuilder {
 public:
  explicit XmlTreeBuilder(std::string_view text) : parser_(XML_ParserCreate_MM("UTF-8", nullptr, separator), XML_ParserFree) {
    check(parser_ != nullptr, "expat has no memory");
    // Names, values and texts are at most as long as what they were written with.
    document_.text_.reserve(text.size());
    XML_SetUserData(parser_.get(), this);
    XML_SetReturnNSTriplet(parser_.get(), 1);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  std::expected<XmlDocument, XmlError> build(std::string_view text) && {
    if (text.size() > INT_MAX) return std::unexpected(XmlError{.problem = "the document is too large"});
    if (XML_Parse(parser_.get(), text.data(), int(text.size()), 1) == XML_STATUS_OK && !problem_) return std::move(document_);
    return std::unexpected(XmlError{
        .line = XML_GetCurrentLineNumber(parser_.get()),
        .column = XML_GetCurrentColumnNumber(parser_.get()) + 1,
        .problem = problem_ ? problem_ : XML_ErrorString(XML_GetErrorCode(parser_.get())),
    });
  }

 private:
  struct Open {
    uint32_t node;
    uint32_t last_child = XmlDocument::none;
    std::string text;
  };
  static constexpr char separator[] = {name_separator, '\0'};

  static XmlTreeBuilder& self(void* data) { return *static_cast<XmlTreeBuilder*>(data); }
  static void on_start(void* data, const char* name, const char** attributes) { self(data).start(name, attributes); }
  static void on_end(void* data, const char*) { self(data).end(); }
  static void on_text(void* data, const char* text, int size) { self(data).add_text({text, size_t(size)}); }
  static void on_doctype(void* data, const char*, const char*, const char*, int) {
    self(data).stop("document type declarations are not allowed");
  }

  void stop(const char* problem) {
    if (!problem_) problem_ = problem;
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void start(const char* name, const char** attributes) {
    if (problem_) return;
    if (depth_ == limits::xml_depth_max) return stop("elements are nested too deeply");
    uint32_t position = uint32_t(document_.nodes_.size());
    XmlDocument::Node node{.name = keep(split_name(name).local), .first_attribute = uint32_t(document_.attributes_.size())};
    for (; *attributes; attributes += 2, ++node.attribute_count)
      document_.attributes_.push_back({keep(written_name(split_name(attributes[0]))), keep(attributes[1])});
    if (document_.nodes_.size() + document_.attributes_.size() >= limits::xml_nodes_max) return stop("the document has too many elements");
    document_.nodes_.push_back(node);
    if (depth_ > 0) {
      Open& parent = open_[depth_ - 1];
      (parent.last_child == XmlDocument::none ? document_.nodes_[parent.node].first_child
                                              : document_.nodes_[parent.last_child].next_sibling) = position;
      parent.last_child = position;
    }
    if (open_.size() == depth_) open_.emplace_back();
    Open& open = open_[depth_++];
    open.node = position;
    open.last_child = XmlDocument::none;
    open.text.clear();
  }

  void end() {
    if (problem_) return;
    const Open& open = open_[--depth_];
    document_.nodes_[open.node].text = keep(open.text);
  }

  void add_text(std::string_view text) {
    if (!problem_ && depth_ > 0) open_[depth_ - 1].text += text;
  }

  // Copies to the document's text, which has room.
  std::string_view keep(std::string_view text) {
    check(document_.text_.capacity() - document_.text_.size() >= text.size(), "XML text outgrew its source");
    size_t start = document_.text_.size();
    document_.text_.insert(document_.text_.end(), text.begin(), text.end());
    return {document_.text_.data() + start, text.size()};
  }

  std::unique_ptr<std::remove_pointer_t<XML_Parser>, void (*)(XML_Parser)> parser_;
  XmlDocument document_;
  std::vector<Open> open_;  // of which the first depth_ are open; the rest keep their memory
  size_t depth_ = 0;
  const char* problem_ = nullptr;
};

std::string XmlError::message() const { return fmt::format("line {}, column {}: {}", line, column, problem); }

std::expected<XmlDocument, XmlError> XmlDocument::parse(std::string_view text) {
  // Expat would guess UTF-16 from zero bytes and byte order marks.
  if (text.contains('\0') || json::valid_utf8_prefix(text) < text.size())
    return std::unexpected(XmlError{.problem = "the document is not UTF-8 text"});
  return XmlTreeBuilder(text).build(text);
}

XmlElement XmlDocument::root() const { return XmlElement(*this, 0); }

std::optional<std::string_view> XmlElement::attribute(std::string_view name) const {
  for (uint32_t i = 0; i < node().attribute_count; ++i) {
    const XmlDocument::Attribute& attribute = document_->attributes_[node().first_attribute + i];
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

std::optional<XmlElement> XmlElement::find(std::string_view name) const {
  for (auto child = first_child(); child; child = child->next())
    if (child->name() == name) return child;
  return std::nullopt;
}

}  // namespace outcrop::wire
