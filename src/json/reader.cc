// The pull reader, and parse() on top of it.
#include "json/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "json/scan.h"
#include "json/utf8.h"

namespace outcrop::json {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char* append_utf8(char* to, uint32_t character) {
  if (character < 0x80) {
    *to++ = char(character);
  } else if (character < 0x800) {
    *to++ = char(0xc0 | character >> 6);
    *to++ = char(0x80 | (character & 63));
  } else if (character < 0x10000) {
    *to++ = char(0xe0 | character >> 12);
    *to++ = char(0x80 | (character >> 6 & 63));
    *to++ = char(0x80 | (character & 63));
  } else {
    *to++ = char(0xf0 | character >> 18);
    *to++ = char(0x80 | (character >> 12 & 63));
    *to++ = char(0x80 | (character >> 6 & 63));
    *to++ = char(0x80 | (character & 63));
  }
  return to;
}

}  // namespace

std::string ParseError::message() const { return fmt::format("line {}, column {}: {}", line, column, problem); }

Reader::Reader(std::string_view text, ParseLimits limits)
    : begin_(text.data()),
      at_(text.data()),
      end_(text.data() + text.size()),
      depth_limit_(uint32_t(std::min(limits.depth, depth_max))),
      values_left_(limits.values) {}

Token Reader::next() {
  if (token_ == Token::error) return token_;
  skip_space();
  switch (expect_) {
    case Expect::value:
      return read_value();
    case Expect::first_element:
      if (at_ < end_ && *at_ == ']') return close(false);
      return read_value();
    case Expect::first_name:
      if (at_ < end_ && *at_ == '}') return close(true);
      return read_name();
    case Expect::after_value:
      break;
  }
  if (depth_ == 0) return at_ == end_ ? token_ = Token::end : fail("text after the value");
  if (at_ == end_) return fail("the text ends too early");
  bool object = in_object();
  if (*at_ == ',') {
    ++at_;
    skip_space();
    return object ? read_name() : read_value();
  }
  if (*at_ == (object ? '}' : ']')) return close(object);
  return fail(object ? "expected ',' or '}'" : "expected ',' or ']'");
}

Token Reader::read_value() {
  if (at_ == end_) return fail("the text ends too early");
  if (values_left_-- == 0) return fail("too many values");
  expect_ = Expect::after_value;
  switch (*at_) {
    case '"':
      if (!read_string()) return token_;
      return token_ = Token::string;
    case '{':
      return open(true);
    case '[':
      return open(false);
    case 't':
      return read_word("true", Token::true_value);
    case 'f':
      return read_word("false", Token::false_value);
    case 'n':
      return read_word("null", Token::null);
    default:
      return read_number();
  }
}

Token Reader::read_name() {
  if (at_ == end_) return fail("the text ends too early");
  if (*at_ != '"') return fail("expected a member's name");
  if (!read_string()) return token_;
  skip_space();
  if (at_ == end_ || *at_ != ':') return fail("expected ':'");
  ++at_;
  expect_ = Expect::value;
  return token_ = Token::name;
}

Token Reader::open(bool object) {
  if (depth_ == depth_limit_) return fail("nested too deeply");
  uint64_t bit = uint64_t(1) << (depth_ % 64);
  uint64_t& word = containers_[depth_ / 64];
  word = object ? word | bit : word & ~bit;
  ++depth_;
  ++at_;
  expect_ = object ? Expect::first_name : Expect::first_element;
  return token_ = object ? Token::begin_object : Token::begin_array;
}

Token Reader::close(bool object) {
  ++at_;
  --depth_;
  expect_ = Expect::after_value;
  return token_ = object ? Token::end_object : Token::end_array;
}

Token Reader::read_word(std::string_view word, Token token) {
  if (size_t(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) return fail("expected a value");
  at_ += word.size();
  return token_ = token;
}

Token Reader::read_number() {
  const char* start = at_;
  auto digits = [&] {
    const char* first = at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  };
  if (*at_ == '-') ++at_;
  const char* integer = at_;
  if (!digits()) return at_ == start ? fail("expected a value") : fail("expected a digit");
  if (*integer == '0' && at_ - integer > 1) return fail_at(integer, "a number with a leading zero");
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return fail("expected a digit");
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return fail("expected a digit");
  }
  text_ = {start, size_t(at_ - start)};
  return token_ = Token::number;
}

// Reads from the opening quote to behind the closing one; a view of the input when nothing is escaped.
bool Reader::read_string() {
  const char* start = ++at_;
  bool non_ascii = false;
  at_ = detail::find_interrupt(at_, end_, non_ascii);
  if (at_ < end_ && *at_ == '\\') return read_escaped_string(start, non_ascii);
  if (at_ == end_ || *at_ != '"') return fail_string();
  text_ = {start, size_t(at_ - start)};
  if (non_ascii && !check_utf8(start)) return false;
  ++at_;
  return true;
}

bool Reader::fail_string() {
  fail(at_ == end_ ? "a string that does not end" : "a control character in a string");
  return false;
}

bool Reader::check_utf8(const char* start) {
  size_t valid = valid_utf8_prefix(text_);
  if (valid == text_.size()) return true;
  fail_at(text_.data() == start ? start + valid : start, "invalid UTF-8");
  return false;
}

// Copies and unescapes in one pass, a block at a time. Escapes only shrink, and stand for whole characters, so
// the result is valid UTF-8 exactly when the input is.
bool Reader::read_escaped_string(const char* start, bool non_ascii) {
  size_t used = size_t(at_ - start);
  reserve_unescaped(used, 0);
  std::memcpy(unescaped_.get(), start, used);
  char* to = unescaped_.get() + used;
  while (true) {
    if (size_t(unescaped_.get() + unescaped_capacity_ - to) < 2 * detail::block_bytes) {
      size_t kept = size_t(to - unescaped_.get());
      reserve_unescaped(kept * 2, kept);
      to = unescaped_.get() + kept;
    }
    if (size_t(end_ - at_) >= detail::block_bytes) {
      detail::Block block(at_);
      block.store(to);
      auto mask = block.interrupts();
      unsigned plain = mask ? detail::bytes_before(mask) : unsigned(detail::block_bytes);
      non_ascii |= (mask ? detail::first_bytes(block.non_ascii(), plain) : block.non_ascii()) != 0;
      at_ += plain;
      to += plain;
      if (!mask) continue;
    } else if (at_ < end_ && !detail::interrupts_string(*at_)) {
      non_ascii |= uint8_t(*at_) >= 0x80;
      *to++ = *at_++;
      continue;
    }
    if (at_ == end_ || uint8_t(*at_) < 0x20) return fail_string();
    if (*at_ == '"') break;
    to = read_escape(to);
    if (!to) return false;
  }
  text_ = {unescaped_.get(), size_t(to - unescaped_.get())};
  if (non_ascii && !check_utf8(start)) return false;
  ++at_;
  return true;
}

void Reader::reserve_unescaped(size_t bytes, size_t keep) {
  size_t wanted = bytes + 4 * detail::block_bytes;
  if (wanted <= unescaped_capacity_) return;
  auto grown = std::make_unique_for_overwrite<char[]>(wanted);
  if (keep > 0) std::memcpy(grown.get(), unescaped_.get(), keep);
  unescaped_ = std::move(grown);
  unescaped_capacity_ = wanted;
}

// One escape, from its backslash. Gives the end of what was written, or null on error.
char* Reader::read_escape(char* to) {
  const char* escape = at_++;
  if (at_ == end_) return fail_string(), nullptr;
  switch (char c = *at_++) {
    case '"':
    case '\\':
    case '/':
      *to = c;
      return to + 1;
    case 'b':
      *to = '\b';
      return to + 1;
    case 'f':
      *to = '\f';
      return to + 1;
    case 'n':
      *to = '\n';
      return to + 1;
    case 'r':
      *to = '\r';
      return to + 1;
    case 't':
      *to = '\t';
      return to + 1;
    case 'u':
      break;
    default:
      return fail_at(escape, "an unknown escape"), nullptr;
  }
  int unit = read_hex4();
  if (unit < 0) return fail_at(escape, "four hex digits must follow \\u"), nullptr;
  uint32_t character = uint32_t(unit);
  if (unit >= 0xd800 && unit <= 0xdfff) {
    bool pair = unit < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u';
    if (pair) at_ += 2;
    int low = pair ? read_hex4() : -1;
    if (low < 0xdc00 || low > 0xdfff) return fail_at(escape, "a lone surrogate"), nullptr;
    character = 0x10000 + (uint32_t(unit - 0xd800) << 10) + uint32_t(low - 0xdc00);
  }
  return append_utf8(to, character);
}

int Reader::read_hex4() {
  if (end_ - at_ < 4) return -1;
  int unit = 0;
  for (int i = 0; i < 4; ++i) {
    int digit = hex_digit(at_[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  at_ += 4;
  return unit;
}

void Reader::skip_space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

Token Reader::fail_at(const char* at, const char* problem) {
  error_at_ = at;
  problem_ = problem;
  return token_ = Token::error;
}

ParseError Reader::error() const {
  ParseError error;
  if (!problem_) return error;
  error.offset = size_t(error_at_ - begin_);
  std::string_view before(begin_, error.offset);
  error.line = 1 + size_t(std::ranges::count(before, '\n'));
  size_t line_start = before.rfind('\n');
  error.column = error.offset - (line_start == before.npos ? 0 : line_start + 1) + 1;
  error.problem = problem_;
  return error;
}

bool Reader::skip() {
  if (token_ == Token::name) next();
  if (token_ == Token::begin_object || token_ == Token::begin_array) {
    for (uint32_t outside = depth_ - 1; depth_ > outside;)
      if (next() == Token::error) return false;
  }
  return token_ != Token::error;
}

// What containers that are still open hold so far, innermost last; so that each is allocated once, in its size.
struct Reader::Unfinished {
  Array elements;
  std::vector<Member> members;
};

bool Reader::capture(Value& out) {
  if (token_ == Token::name) next();
  Unfinished unfinished;
  return build(out, unfinished);
}

// Recursion is bounded by the reader's depth.
bool Reader::build(Value& out, Unfinished& unfinished) {
  switch (token_) {
    case Token::string:
      out = Value(text_);
      return true;
    case Token::number: {
      Value number;
      number.set_text(Kind::number, text_);
      out = std::move(number);
      return true;
    }
    case Token::true_value:
    case Token::false_value:
      out = Value(token_ == Token::true_value);
      return true;
    case Token::null:
      out = Value();
      return true;
    case Token::begin_array:
      return build_array(out, unfinished);
    case Token::begin_object:
      return build_object(out, unfinished);
    default:
      return false;
  }
}

bool Reader::build_array(Value& out, Unfinished& unfinished) {
  Array& elements = unfinished.elements;
  size_t first = elements.size();
  while (next() != Token::end_array) {
    Value element;
    if (!build(element, unfinished)) return false;
    elements.push_back(std::move(element));
  }
  auto start = elements.begin() + ptrdiff_t(first);
  out = Value(Array(std::make_move_iterator(start), std::make_move_iterator(elements.end())));
  elements.erase(start, elements.end());
  return true;
}

bool Reader::build_object(Value& out, Unfinished& unfinished) {
  std::vector<Member>& members = unfinished.members;
  size_t first = members.size();
  while (next() == Token::name) {
    Member member(text_, Value());
    next();
    if (!build(member.value, unfinished)) return false;
    members.push_back(std::move(member));
  }
  if (token_ != Token::end_object) return false;
  auto start = members.begin() + ptrdiff_t(first);
  out = Value(Object(std::vector<Member>(std::make_move_iterator(start), std::make_move_iterator(members.end()))));
  members.erase(start, members.end());
  return true;
}

std::expected<Value, ParseError> parse(std::string_view text, ParseLimits limits) {
  Reader reader(text, limits);
  Value value;
  reader.next();
  if (reader.capture(value) && reader.next() == Token::end) return value;
  return std::unexpected(reader.error());
}

}  // namespace outcrop::json
