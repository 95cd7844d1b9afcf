// What requests and responses of HTTP/1.x have in common (RFC 9112): lines, fields, and the fields that say where a
// message ends. Strict wherever two parsers could disagree about that: what is doubtful is refused, never repaired.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/syntax.h"

namespace outcrop::net {

enum class ParseState { needs_more, complete, refused };

// A field line as name and value; an empty name says that it is malformed.
struct FieldLine {
  std::string_view name, value;
};
FieldLine split_field(std::string_view line);

// Whether a field says where its message ends or what becomes of the connection: whoever frames a message writes these.
bool is_framing_field(std::string_view name);

// Cuts a head into lines. An incomplete line stays with the caller, who comes again with what follows it.
class HeadLines {
 public:
  HeadLines(size_t first_line_bytes_max, size_t head_bytes_max)
      : first_line_bytes_max_(first_line_bytes_max), head_bytes_max_(head_bytes_max) {}

  // The line at the front of `input`, without its CR LF. Complete: there is one.
  ParseState next(std::string_view input, std::string_view& line);
  // The first line that counts has been taken; empty ones may have come before it.
  void first_line_done() { has_first_line_ = true; }
  bool has_first_line() const { return has_first_line_; }
  size_t bytes() const { return bytes_; }  // of the lines given
  const Refusal& refusal() const { return refusal_; }

 private:
  ParseState refuse(int status, std::string_view reason);

  size_t first_line_bytes_max_, head_bytes_max_;
  size_t bytes_ = 0;
  size_t scanned_ = 0;  // of the incomplete line: no line end in it
  bool has_first_line_ = false;
  Refusal refusal_;
};

// What a head says about the message it begins.
struct Framing {
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  bool keep_alive = true;
  bool wants_upgrade = false;  // "connection: upgrade"; the upgrade field says to what

  // Looks at a field; refuses one that leaves the end of the message in doubt (status 0: it does not).
  Refusal take(std::string_view name, std::string_view value);
  // At the end of the head: what all fields say together.
  Refusal settle(int http_minor);

 private:
  bool says_close_ = false, says_keep_alive_ = false;
};

}  // namespace outcrop::net
