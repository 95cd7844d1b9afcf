#include "services/sqs/message/message_attributes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

Result<void> check_attribute_name(std::string_view name) {
  if (name.empty()) return fail(invalid_parameter("The request must contain non-empty message (user) attribute name."));
  if (name.size() > limits::attribute_name_length_max)
    return fail(invalid_parameter("Message (user) attribute name must be shorter than 256 bytes."));
  std::string lower = ascii_lower(name);
  if (lower.starts_with("aws.") || lower.starts_with("amazon."))
    return fail(invalid_parameter(
        "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use."));
  for (unsigned char c : name) {
    if (std::isalnum(c) || c == '_' || c == '-' || c == '.') continue;
    return fail(invalid_parameter(
        fmt::format("Invalid non-alphanumeric character '#x{:X}' was found in the message (user) attribute name. Can only "
                    "include alphanumeric characters, hyphens, underscores, or dots.",
                    c)));
  }
  if (name.front() == '.' || name.back() == '.')
    return fail(invalid_parameter(
        fmt::format("Message (user) attribute name can not {} with '.' character.", name.front() == '.' ? "start" : "end")));
  if (name.find("..") != std::string_view::npos)
    return fail(invalid_parameter("Message (user) attribute name can not have successive '.' character."));
  return {};
}

// SQS takes up to 38 digits, from -10^128 to 10^126 (Developer Guide, "Message attribute components").
bool is_attribute_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

bool is_message_character(char32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

Result<StoredAttribute> checked_attribute(const std::string& name, MessageAttributeValue&& given) {
  if (auto named = check_attribute_name(name); !named) return fail(std::move(named.error()));
  auto wrong = [&](std::string_view what) {
    return fail(invalid_parameter(fmt::format("The message (user) attribute '{}' {}", name, what)));
  };
  if ((given.string_list_values && !given.string_list_values->empty()) || (given.binary_list_values && !given.binary_list_values->empty()))
    return fail(unsupported_operation("Message attribute list values in SendMessage operation are not supported."));
  if (given.data_type.empty()) return wrong("must contain non-empty message attribute type.");
  if (given.data_type.size() > limits::attribute_type_length_max)
    return fail(invalid_parameter("Length of message attribute type must be less than 256 bytes."));
  std::string_view base = std::string_view(given.data_type).substr(0, given.data_type.find('.'));
  if (base != "String" && base != "Number" && base != "Binary")
    return wrong("has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
  const bool binary = base == "Binary";
  if (binary ? given.string_value.has_value() : given.binary_value.has_value())
    return wrong(fmt::format("with type '{}' must use field '{}'.", given.data_type, binary ? "Binary" : "String"));
  std::optional<std::string>& value = binary ? given.binary_value : given.string_value;
  if (!value || value->empty())
    return wrong(fmt::format("must contain non-empty message attribute value for message attribute type '{}'.", base));
  if (base == "Number" && !is_attribute_number(*value))
    return fail(invalid_parameter(fmt::format("Can't cast the value of message (user) attribute '{}' to a number.", name)));
  if (!binary && !is_message_text(*value))
    return fail(invalid_message_contents(fmt::format("Invalid characters found in the value of message (user) attribute '{}'.", name)));
  StoredAttribute attribute;
  attribute.name = name;
  attribute.data_type = std::move(given.data_type);
  attribute.value = std::move(*value);
  attribute.binary = binary;
  return attribute;
}

void append_counted(std::string& out, std::string_view bytes) {
  uint32_t length = __builtin_bswap32(uint32_t(bytes.size()));
  out.append(reinterpret_cast<const char*>(&length), sizeof length).append(bytes);
}

void append_digested(std::string& out, std::string_view name, std::string_view type, std::string_view value, bool binary) {
  append_counted(out, name);
  append_counted(out, type);
  out.push_back(binary ? '\2' : '\1');
  append_counted(out, value);
}

// Whether eight bytes are all from 0x20 to 0x7F, which most of a text is.
bool are_plain_ascii(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  constexpr uint64_t high = 0x8080808080808080, space = 0x2020202020202020;
  return ((word | (word - space)) & high) == 0;
}

}  // namespace

bool is_message_text(std::string_view text) {
  const auto plain = [](unsigned char c) { return (c >= 0x20 && c < 0x80) || c == '\t' || c == '\n' || c == '\r'; };
  for (size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size() && are_plain_ascii(text.data() + i)) {
      i += 8;
      continue;
    }
    const unsigned char first = static_cast<unsigned char>(text[i]);
    if (plain(first)) {
      ++i;
      continue;
    }
    const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (i + length > text.size()) return false;
    char32_t c = length == 1 ? first : first & (0xFF >> (length + 1));
    for (size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    if (!is_message_character(c)) return false;
    i += length;
  }
  return true;
}

Result<std::vector<StoredAttribute>> checked_attributes(wire::Map<MessageAttributeValue> given) {
  if (given.size() > limits::attributes_max)
    return fail(invalid_parameter(
        fmt::format("Number of message attributes [{}] exceeds the allowed maximum [{}].", given.size(), limits::attributes_max)));
  std::vector<StoredAttribute> attributes;
  for (auto& [name, value] : given) {
    auto attribute = checked_attribute(name, std::move(value));
    if (!attribute) return fail(std::move(attribute.error()));
    attributes.push_back(std::move(*attribute));
  }
  std::ranges::sort(attributes, {}, &StoredAttribute::name);
  return attributes;
}

Result<std::string> checked_trace_header(const wire::Map<MessageSystemAttributeValue>& given) {
  for (const auto& [name, value] : given) {
    if (name != "AWSTraceHeader") return fail(invalid_parameter(fmt::format("Message system attribute name '{}' is invalid.", name)));
    if (value.data_type != "String")
      return fail(invalid_parameter(
          fmt::format("The message system attribute '{}' has an invalid message attribute type, the set of supported type "
                      "prefixes is String.",
                      name)));
    if (!value.string_value || value.string_value->empty())
      return fail(invalid_parameter(fmt::format(
          "The message system attribute '{}' must contain non-empty message attribute value for message attribute type 'String'.", name)));
    return *value.string_value;
  }
  return std::string();
}

size_t bytes_of(const std::vector<StoredAttribute>& attributes) {
  size_t bytes = 0;
  for (const StoredAttribute& attribute : attributes) bytes += attribute.name.size() + attribute.data_type.size() + attribute.value.size();
  return bytes;
}

std::string md5_of_attributes(const std::vector<const StoredAttribute*>& attributes) {
  std::string bytes;
  for (const StoredAttribute* attribute : attributes)
    append_digested(bytes, attribute->name, attribute->data_type, attribute->value, attribute->binary);
  return hex(md5(bytes));
}

std::string md5_of_attributes(const std::vector<StoredAttribute>& attributes) {
  std::vector<const StoredAttribute*> all;
  for (const StoredAttribute& attribute : attributes) all.push_back(&attribute);
  return md5_of_attributes(all);
}

std::string md5_of_trace_header(const std::string& trace_header) {
  std::string bytes;
  append_digested(bytes, "AWSTraceHeader", "String", trace_header, false);
  return hex(md5(bytes));
}

bool is_asked_for(std::string_view name, const std::vector<std::string>& asked) {
  return std::ranges::any_of(asked, [&](std::string_view one) {
    if (one == "All" || one == "*" || one == ".*" || one == name) return true;
    return one.ends_with(".*") && name.starts_with(one.substr(0, one.size() - 2));
  });
}

}  // namespace outcrop::sqs
