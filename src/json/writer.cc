// Writing JSON: numbers, escapes, whole values.
#include "json/writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "json/scan.h"
#include "json/utf8.h"

namespace outcrop::json {

namespace {

void append_escape(std::string& out, char c) {
  constexpr char hex_digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex_digits[uint8_t(c) >> 4];
      out += hex_digits[uint8_t(c) & 15];
  }
}

// Copies ASCII text that needs no escapes; false as soon as it is none.
bool copy_plain(std::string_view text, char* to) {
  constexpr size_t block = detail::block_bytes;
  auto copy_block = [&](size_t position) {
    const detail::Block bytes(text.data() + position);
    bytes.store(to + position);
    return bytes.marks();
  };
  size_t done = 0;
  for (; text.size() - done >= 4 * block; done += 4 * block) {
    const auto first = copy_block(done), second = copy_block(done + block);
    if (detail::Block::any(first, second, copy_block(done + 2 * block), copy_block(done + 3 * block))) return false;
  }
  for (; text.size() - done >= block; done += block) {
    const auto marks = copy_block(done);
    if (detail::Block::any(marks, marks, marks, marks)) return false;
  }
  if (done > 0 && done < text.size()) {  // the rest together with some of what came before
    const auto marks = copy_block(text.size() - block);
    return !detail::Block::any(marks, marks, marks, marks);
  }
  for (; done < text.size(); ++done) {
    if (detail::interrupts_string(text[done]) || uint8_t(text[done]) >= 0x80) return false;
    to[done] = text[done];
  }
  return true;
}

// In quotes; false, and nothing, for text that cannot be copied as it is.
bool append_plain(std::string& out, std::string_view text) {
  const size_t before = out.size(), after = before + text.size() + 2;
  out.resize_and_overwrite(after, [&](char* all, size_t) {
    all[before] = all[after - 1] = '"';
    return copy_plain(text, all + before + 1) ? after : before;
  });
  return out.size() > before;
}

template <class Float>
void write_float(Writer& writer, Float number) {
  if (std::isnan(number)) return writer.raw("\"NaN\"");
  if (std::isinf(number)) return writer.raw(number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  writer.raw(std::string_view(text, end));
}

void write_pretty_value(const Value& value, size_t level, std::string& out);

void start_line(size_t level, std::string& out) {
  out += '\n';
  out.append(2 * level, ' ');
}

void write_pretty_array(const Array& elements, size_t level, std::string& out) {
  out += '[';
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out += ',';
    start_line(level + 1, out);
    write_pretty_value(elements[i], level + 1, out);
  }
  start_line(level, out);
  out += ']';
}

void write_pretty_object(const Object& members, size_t level, std::string& out) {
  out += '{';
  bool first = true;
  for (const Member& member : members) {
    if (!std::exchange(first, false)) out += ',';
    start_line(level + 1, out);
    append_quoted(out, member.name());
    out += ": ";
    write_pretty_value(member.value, level + 1, out);
  }
  start_line(level, out);
  out += '}';
}

void write_pretty_value(const Value& value, size_t level, std::string& out) {
  if (value.is_array() && !value.as_array().empty())
    write_pretty_array(value.as_array(), level, out);
  else if (value.is_object() && !value.as_object().empty())
    write_pretty_object(value.as_object(), level, out);
  else
    write(value, out);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  if (append_plain(out, text)) return;
  const char* at = text.data();
  const char* end = at + text.size();
  out += '"';
  while (true) {
    bool non_ascii = false;
    const char* stop = detail::find_interrupt(at, end, non_ascii);
    std::string_view run(at, size_t(stop - at));
    if (non_ascii)
      append_as_utf8(out, run);
    else
      out += run;
    if (stop == end) break;
    append_escape(out, *stop);
    at = stop + 1;
  }
  out += '"';
}

void Writer::name(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  comma_ = false;
}

void Writer::string(std::string_view text) {
  separate();
  append_quoted(out_, text);
  comma_ = true;
}

void Writer::write_signed(int64_t number) {
  char text[24];
  raw(std::string_view(text, std::to_chars(text, text + sizeof text, number).ptr));
}

void Writer::write_unsigned(uint64_t number) {
  char text[24];
  raw(std::string_view(text, std::to_chars(text, text + sizeof text, number).ptr));
}

void Writer::number(double number) { write_float(*this, number); }
void Writer::number(float number) { write_float(*this, number); }

void Writer::epoch_seconds(int64_t ms_since_epoch) {
  uint64_t magnitude = ms_since_epoch < 0 ? 0 - uint64_t(ms_since_epoch) : uint64_t(ms_since_epoch);
  std::string text = ms_since_epoch < 0 ? "-" : "";
  text += std::to_string(magnitude / 1000);
  if (uint64_t ms = magnitude % 1000) {
    std::string fraction = std::to_string(1000 + ms);
    fraction[0] = '.';
    while (fraction.ends_with('0')) fraction.pop_back();
    text += fraction;
  }
  raw(text);
}

void Writer::value(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return null();
    case Kind::boolean:
      return boolean(value.as_bool());
    case Kind::number:
      return raw(value.number_text());
    case Kind::string:
      return string(value.as_string());
    case Kind::array:
      begin_array();
      for (const Value& element : value.as_array()) this->value(element);
      return end_array();
    case Kind::object:
      begin_object();
      for (const Member& member : value.as_object()) {
        name(member.name());
        this->value(member.value);
      }
      return end_object();
  }
}

void write(const Value& value, std::string& out) { Writer(out).value(value); }

std::string write(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

std::string write_pretty(const Value& value) {
  std::string out;
  write_pretty_value(value, 0, out);
  return out;
}

}  // namespace outcrop::json
