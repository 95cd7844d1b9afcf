// Reading structures from XML elements.
#include <fmt/format.h>

#include "wire/scalar_text.h"
#include "wire/xml_shapes.h"

namespace outcrop::wire {
namespace {

using XmlRead = std::expected<void, XmlProblem>;

std::string_view without_white_space(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  size_t begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(white) - begin + 1);
}

XmlRead read_xml_scalar(std::string_view name, std::string_view text, const Shape& shape, void* value) {
  if (shape.kind != Kind::string) text = without_white_space(text);
  auto parsed = parse_scalar(text, shape, value, TimestampFormat::date_time);
  if (parsed) return {};
  return std::unexpected(fmt::format("{} {}", name, parsed.error()));
}

// Recursion is bounded: documents are (limits::xml_depth_max).
class XmlReading {
 public:
  explicit XmlReading(Missing& missing) : missing_(missing) {}

  XmlRead structure(const XmlElement& element, const Shape& shape, void* out, const Path& path, uint64_t seen) {
    for (size_t i = 0; i < shape.members.size(); ++i) {
      if (shape.members[i].location != Location::body) continue;
      auto came = member(element, shape.members[i], out, path);
      if (!came) return std::unexpected(std::move(came.error()));
      if (*came) seen |= Missing::bit(i);
    }
    missing_.note(shape, seen, path);
    return {};
  }

  XmlRead value(const XmlElement& element, const Shape& shape, void* out, const Path& path) {
    switch (shape.kind) {
      case Kind::structure:
      case Kind::union_:
        return structure(element, shape, out, path, 0);
      case Kind::list:
        return children(element, shape.element_name, shape, out, path);
      case Kind::map:
        return children(element, "entry", shape, out, path);
      case Kind::document:
        return std::unexpected(fmt::format("{} is a document, which XML cannot carry", element.name()));
      default:
        return read_xml_scalar(element.name(), element.text(), shape, out);
    }
  }

 private:
  // Whether it came.
  std::expected<bool, XmlProblem> member(const XmlElement& parent, const Member& member, void* out, const Path& path) {
    XmlRead read;
    if (member.is(Member::xml_attribute)) {
      std::optional<std::string_view> text = parent.attribute(member.wire_name);
      if (!text) return false;
      read = read_xml_scalar(member.wire_name, *text, *member.shape, member.emplace(out));
    } else {
      std::optional<XmlElement> child = parent.find(member.wire_name);
      if (!child) return false;
      if (member.is(Member::flattened))
        read = children(parent, member.wire_name, *member.shape, member.emplace(out), path.child(member));
      else
        read = value(*child, *member.shape, member.emplace(out), path.child(member));
    }
    if (!read) return std::unexpected(std::move(read.error()));
    return true;
  }

  // The elements of a list or entries of a map: the children of that name.
  XmlRead children(const XmlElement& parent, std::string_view name, const Shape& shape, void* collection, const Path& path) {
    size_t position = 0;
    for (auto child = parent.first_child(); child; child = child->next()) {
      if (child->name() != name) continue;
      XmlRead read = shape.kind == Kind::map
                         ? entry(*child, shape, collection, path)
                         : value(*child, *shape.element, held(shape, shape.list->append(collection)), path.element(position++));
      if (!read) return read;
    }
    return {};
  }

  XmlRead entry(const XmlElement& element, const Shape& shape, void* map, const Path& path) {
    std::optional<XmlElement> key = element.find(shape.key_name), content = element.find(shape.element_name);
    if (!key || !content) return std::unexpected(fmt::format("{} lacks its {}", element.name(), key ? shape.element_name : shape.key_name));
    return value(*content, *shape.element, held(shape, shape.map->insert(map, key->text())), path.value(key->text()));
  }

  static void* held(const Shape& shape, void* holder) { return shape.presence ? shape.presence->emplace(holder) : holder; }

  Missing& missing_;
};

}  // namespace

std::expected<void, XmlProblem> read_xml_members(const XmlElement& element, const Shape& shape, void* structure, Missing& missing,
                                                 const Path& path, uint64_t seen) {
  return XmlReading(missing).structure(element, shape, structure, path, seen);
}

std::expected<void, XmlProblem> read_xml_value(const XmlElement& element, const Shape& shape, void* value, Missing& missing,
                                               const Path& path) {
  return XmlReading(missing).value(element, shape, value, path);
}

}  // namespace outcrop::wire
