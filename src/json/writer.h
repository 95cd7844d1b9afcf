// Appends JSON to a string. Commas are its business; nesting is the caller's. What comes out is valid JSON
// whatever strings go in: UTF-8 stays as it is, bytes that are none become U+FFFD.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "json/json.h"

namespace outcrop::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  Writer(const Writer&) = delete;

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void name(std::string_view name);

  void null() { raw("null"); }
  void boolean(bool truth) { raw(truth ? "true" : "false"); }
  void string(std::string_view text);
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  void number(I number) {
    if constexpr (std::signed_integral<I>)
      write_signed(number);
    else
      write_unsigned(number);
  }
  // The shortest text that reads back as the same double (or float). NaN and infinities become the strings "NaN", "Infinity" and
  // "-Infinity", as AWS's JSON protocols have them.
  void number(double number);
  void number(float number);
  // An instant as epoch seconds with up to three decimals, without going through a double.
  void epoch_seconds(int64_t ms_since_epoch);
  void value(const Value& value);
  // Text that is a JSON value already.
  void raw(std::string_view json) {
    separate();
    out_ += json;
    comma_ = true;
  }

  std::string& out() { return out_; }

 private:
  void separate() {
    if (comma_) out_ += ',';
  }
  void open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
  }
  void close(char bracket) {
    out_ += bracket;
    comma_ = true;
  }
  void write_signed(int64_t number);
  void write_unsigned(uint64_t number);

  std::string& out_;
  bool comma_ = false;  // something stands before, on this level
};

// `text` in quotes, escaped.
void append_quoted(std::string& out, std::string_view text);

}  // namespace outcrop::json
