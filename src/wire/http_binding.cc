// Reading and writing what is bound to labels, queries and headers.
#include "wire/http_binding.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "json/json.h"
#include "wire/form.h"
#include "wire/scalar_text.h"

namespace outcrop::wire {
namespace {

using Bound = std::expected<bool, BindingProblem>;  // whether the member came

std::string_view without_outer_space(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Cuts the next element off the front of a header's list (RFC 9110 section 5.6.1), quotes taken off; none for an empty
// element. Dates hold one comma themselves.
std::optional<std::string> next_header_element(std::string_view& list, bool is_date) {
  list = without_outer_space(list);
  if (list.starts_with('"')) {
    std::string element;
    size_t i = 1;
    for (; i < list.size() && list[i] != '"'; ++i) {
      if (list[i] == '\\' && i + 1 < list.size()) ++i;
      element += list[i];
    }
    size_t comma = list.find(',', i);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
  }
  size_t comma = list.find(',');
  if (is_date && comma != std::string_view::npos) comma = list.find(',', comma + 1);
  std::string element(without_outer_space(list.substr(0, comma)));
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  if (element.empty()) return std::nullopt;
  return element;
}

// What a peer would take for the end of a header, or for a header of its own, becomes a space.
std::string header_safe(std::string text) {
  for (char& c : text) {
    if ((static_cast<uint8_t>(c) < 0x20 && c != '\t') || c == '\x7f') c = ' ';
  }
  return text;
}

bool is_http_date(const Shape& shape) {
  return shape.kind == Kind::timestamp && (shape.timestamp == TimestampFormat::standard || shape.timestamp == TimestampFormat::http_date);
}

class BindingReading {
 public:
  explicit BindingReading(const Request& request) : request_(request) {}

  std::expected<uint64_t, BindingProblem> read(const Shape& shape, void* structure) {
    uint64_t seen = 0;
    for (size_t i = 0; i < shape.members.size(); ++i) {
      Bound came = read_member(shape.members[i], structure);
      if (!came) return std::unexpected(std::move(came.error()));
      if (*came) seen |= Missing::bit(i);
    }
    return seen;
  }

 private:
  Bound read_member(const Member& member, void* structure) {
    switch (member.location) {
      case Location::path:
        return read_label(member, structure);
      case Location::query:
        return member.shape->kind == Kind::map ? read_query_map(member, structure) : read_query(member, structure);
      case Location::header:
        return read_header(member, structure);
      case Location::headers:
        return read_header_map(member, structure);
      default:
        return false;
    }
  }

  static Bound scalar(std::string_view text, const Shape& shape, void* value, TimestampFormat standard, std::string_view place,
                      std::string_view name) {
    std::string problem = "is not valid UTF-8";
    if (is_valid_utf8(text)) {
      auto parsed = parse_scalar(text, shape, value, standard);
      if (parsed) return true;
      problem = std::move(parsed.error());
      if (!shape.sensitive) return std::unexpected(fmt::format("The value '{}' of the {} {} {}", text, place, name, problem));
    }
    return std::unexpected(fmt::format("The value of the {} {} {}", place, name, problem));
  }

  Bound read_label(const Member& member, void* structure) {
    auto label = std::ranges::find(request_.labels, member.wire_name, &Label::name);
    if (label == request_.labels.end()) return false;
    std::optional<std::string> text = percent_decode(label->value);
    if (!text) return std::unexpected(fmt::format("The label {} of the path contains a malformed escape", member.wire_name));
    return scalar(*text, *member.shape, member.emplace(structure), TimestampFormat::date_time, "label", member.wire_name);
  }

  std::expected<void, BindingProblem> parse_query() {
    if (query_) return {};
    Result<Form> parsed = Form::parse(request_.head.query);
    if (!parsed) return std::unexpected(std::move(parsed.error().message));
    query_.emplace(std::move(*parsed));
    return {};
  }

  // A parameter without a value ("?force") is as good as none where text makes no sense.
  static bool says_nothing(std::string_view text, const Shape& shape) { return text.empty() && shape.kind != Kind::string; }

  Bound read_query(const Member& member, void* structure) {
    if (auto parsed = parse_query(); !parsed) return std::unexpected(std::move(parsed.error()));
    const Shape& shape = *member.shape;
    void* list = nullptr;
    for (const FormField& field : query_->fields()) {
      if (field.name != member.wire_name) continue;
      const Shape& of_text = shape.kind == Kind::list ? *shape.element : shape;
      if (says_nothing(field.value, of_text)) continue;
      void* value = nullptr;
      if (shape.kind == Kind::list) {
        if (!list) list = member.emplace(structure);
        value = append(shape, list);
      } else {
        value = member.emplace(structure);
      }
      Bound came = scalar(field.value, of_text, value, TimestampFormat::date_time, "query parameter", member.wire_name);
      if (!came || shape.kind != Kind::list) return came;
    }
    return list != nullptr;
  }

  static void* append(const Shape& shape, void* list) {
    void* element = shape.list->append(list);
    return shape.presence ? shape.presence->emplace(element) : element;
  }

  // Of strings, or of lists of strings.
  Bound read_query_map(const Member& member, void* structure) {
    if (auto parsed = parse_query(); !parsed) return std::unexpected(std::move(parsed.error()));
    if (query_->fields().empty()) return false;
    const Shape& shape = *member.shape;
    void* map = member.emplace(structure);
    std::vector<FormField> fields(query_->fields().begin(), query_->fields().end());
    // Values of one name stay in the order in which they came: they lie so in the form.
    std::ranges::sort(fields, {}, [](const FormField& field) { return std::pair(field.name, field.value.data()); });
    for (size_t i = 0; i < fields.size();) {
      std::string_view name = fields[i].name;
      void* value = shape.map->insert(map, name);
      if (shape.presence) value = shape.presence->emplace(value);
      bool is_first = true;
      for (; i < fields.size() && fields[i].name == name; ++i, is_first = false) {
        bool is_list = shape.element->kind == Kind::list;
        if (!is_list && !is_first) continue;
        Bound came = scalar(fields[i].value, is_list ? *shape.element->element : *shape.element,
                            is_list ? append(*shape.element, value) : value, TimestampFormat::date_time, "query parameter", name);
        if (!came) return came;
      }
    }
    return true;
  }

  Bound read_header(const Member& member, void* structure) {
    if (member.shape->kind == Kind::list) return read_header_list(member, structure);
    const std::string* text = request_.head.headers.find(member.wire_name);
    if (!text || says_nothing(*text, *member.shape)) return false;
    void* value = member.emplace(structure);
    if (!member.is(Member::json_value)) return scalar(*text, *member.shape, value, TimestampFormat::http_date, "header", member.wire_name);
    std::optional<std::string> json = unbase64(*text);
    if (!json || !json::parse(*json)) return std::unexpected(fmt::format("The header {} is not JSON in base64", member.wire_name));
    *static_cast<std::string*>(value) = *std::move(json);
    return true;
  }

  // Several lines of one name are one list.
  Bound read_header_list(const Member& member, void* structure) {
    const Shape& shape = *member.shape;
    void* list = nullptr;
    for (const net::Header& header : request_.head.headers) {
      if (!ascii_equal_ignoring_case(header.name, member.wire_name)) continue;
      if (!list) list = member.emplace(structure);
      for (std::string_view rest = header.value; !without_outer_space(rest).empty();) {
        std::optional<std::string> element = next_header_element(rest, is_http_date(*shape.element));
        if (!element) continue;
        Bound came = scalar(*element, *shape.element, append(shape, list), TimestampFormat::http_date, "header", member.wire_name);
        if (!came) return came;
      }
    }
    return list != nullptr;
  }

  Bound read_header_map(const Member& member, void* structure) {
    const Shape& shape = *member.shape;
    void* map = nullptr;
    for (const net::Header& header : request_.head.headers) {
      std::string name = ascii_lower(header.name);
      std::string prefix = ascii_lower(member.wire_name);
      if (!name.starts_with(prefix)) continue;
      if (!map) map = member.emplace(structure);
      void* value = shape.map->insert(map, std::string_view(name).substr(prefix.size()));
      if (shape.presence) value = shape.presence->emplace(value);
      Bound came = scalar(header.value, *shape.element, value, TimestampFormat::http_date, "header", header.name);
      if (!came) return came;
    }
    return map != nullptr;
  }

  const Request& request_;
  std::optional<Form> query_;
};

// Quoted where a comma, a quote or nothing at all would be lost.
std::string header_element_text(const Shape& shape, const void* element) {
  std::string text = scalar_text(shape, element, TimestampFormat::http_date);
  if (shape.kind != Kind::string) return text;
  bool is_plain = !text.empty() && text.find_first_of(",\"") == std::string::npos && without_outer_space(text).size() == text.size();
  if (is_plain) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string header_text(const Member& member, const void* value) {
  const Shape& shape = *member.shape;
  if (member.is(Member::json_value)) return base64(*static_cast<const std::string*>(value));
  if (shape.kind != Kind::list) return scalar_text(shape, value, TimestampFormat::http_date);
  std::string text;
  for (size_t i = 0, size = shape.list->size(value); i < size; ++i) {
    const void* element = shape.list->at(value, i);
    if (shape.presence) element = shape.presence->get(element);
    if (!element) continue;
    if (!text.empty()) text += ", ";
    text += header_element_text(*shape.element, element);
  }
  return text;
}

void write_header_map(const Member& member, const void* map, net::Headers& headers) {
  const Shape& shape = *member.shape;
  for (size_t i = 0, size = shape.map->size(map); i < size; ++i) {
    MapAccess::Entry entry = shape.map->at(map, i);
    const void* value = shape.presence ? shape.presence->get(entry.value) : entry.value;
    if (!value) continue;
    headers.add(header_safe(fmt::format("{}{}", member.wire_name, *entry.key)),
                header_safe(scalar_text(*shape.element, value, TimestampFormat::http_date)));
  }
}

// A member that nobody set is zero.
int status_of(int32_t given, int otherwise) { return given >= 100 && given <= 599 ? given : otherwise; }

}  // namespace

std::expected<uint64_t, BindingProblem> read_bindings(const Shape& shape, const Request& request, void* structure) {
  return BindingReading(request).read(shape, structure);
}

void write_bindings(const Shape& shape, const void* structure, net::ResponseHead& head) {
  for (const Member& member : shape.members) {
    const void* value = member.location == Location::body ? nullptr : member.get(structure);
    if (!value) continue;
    if (member.location == Location::header)
      head.headers.set(member.wire_name, header_safe(header_text(member, value)));
    else if (member.location == Location::headers)
      write_header_map(member, value, head.headers);
    else if (member.location == Location::status_code)
      head.status = status_of(*static_cast<const int32_t*>(value), head.status);
  }
}

size_t payload_position(const Shape& shape) {
  auto at = std::ranges::find(shape.members, Location::payload, &Member::location);
  return at == shape.members.end() ? no_payload : static_cast<size_t>(at - shape.members.begin());
}

bool has_body_members(const Shape& shape) {
  return std::ranges::any_of(shape.members, [](const Member& member) { return member.location == Location::body; });
}

std::string media_type_of(const net::Headers& headers) {
  std::string_view value = headers.get("content-type");
  return ascii_lower(without_outer_space(value.substr(0, value.find(';'))));
}

}  // namespace outcrop::wire
