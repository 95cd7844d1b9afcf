// A pull reader over JSON text: tokens one by one, no tree, so that the wire decodes straight into structs.
//
// Strict RFC 8259: control characters in strings, invalid UTF-8, numbers with leading zeros, trailing commas
// and anything after the value are errors. So is a lone surrogate escape ("\ud83d"): it stands for no
// character, UTF-8 cannot carry it, and AWS's services differ in what they make of it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "json/json.h"

namespace outcrop::json {

enum class Token : uint8_t {
  begin_object,
  end_object,
  begin_array,
  end_array,
  name,
  string,
  number,
  true_value,
  false_value,
  null,
  end,
  error
};

class Reader {
 public:
  // `text` must outlive the reader. A depth above depth_max counts as depth_max.
  explicit Reader(std::string_view text, ParseLimits limits = {});
  Reader(const Reader&) = delete;

  // The next token. After the outermost value: `end`, or an error when more follows. An error stays.
  Token next();
  // The token that next() gave last.
  Token token() const { return token_; }

  // Of the last name or string without its escapes, or of the last number as written. Valid until next().
  std::string_view text() const { return text_; }

  // Passes over the rest of the value whose first token came last; after a name, over its value.
  // False on error.
  bool skip();
  // The value whose first token came last; after a name, its value. False on error.
  bool capture(Value& out);

  size_t depth() const { return depth_; }
  size_t offset() const { return size_t(at_ - begin_); }
  // What went wrong, once next() gave Token::error.
  ParseError error() const;

 private:
  enum class Expect : uint8_t { value, first_element, first_name, after_value };

  Token fail(const char* problem) { return fail_at(at_, problem); }
  Token fail_at(const char* at, const char* problem);
  Token read_value();
  Token read_name();
  Token read_number();
  Token read_word(std::string_view word, Token token);
  bool read_string();
  bool read_escaped_string(const char* start, bool non_ascii);
  char* read_escape(char* to);
  int read_hex4();
  bool check_utf8(const char* start);
  bool fail_string();
  void reserve_unescaped(size_t bytes, size_t keep);
  Token open(bool object);
  Token close(bool object);
  void skip_space();
  bool in_object() const { return (containers_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1) != 0; }
  struct Unfinished;
  bool build(Value& out, Unfinished& unfinished);
  bool build_array(Value& out, Unfinished& unfinished);
  bool build_object(Value& out, Unfinished& unfinished);

  const char* const begin_;
  const char* at_;
  const char* const end_;
  Token token_ = Token::end;
  Expect expect_ = Expect::value;
  uint32_t depth_ = 0;
  uint32_t depth_limit_;
  size_t values_left_;
  std::string_view text_;
  std::unique_ptr<char[]> unescaped_;
  size_t unescaped_capacity_ = 0;
  const char* error_at_ = nullptr;
  const char* problem_ = nullptr;
  std::array<uint64_t, (depth_max + 63) / 64> containers_;  // one bit a level: whether it is an object
};

}  // namespace outcrop::json
