// The head of an HTTP/2 request from its fields (RFC 9113 section 8.3). nghttp2 has seen to the form: pseudo fields are
// there, once and first, names are lower-case tokens, values are free of control characters, and nothing in them speaks of
// a connection. Here is what our HTTP/1.1 asks beyond that, so that a request means the same whichever way it came.
#pragma once
#include <optional>

#include "net/http.h"
#include "net/syntax.h"

namespace outcrop::net {

class Http2HeadReader {
 public:
  explicit Http2HeadReader(const HeadLimits& limits) : limits_(limits) {}

  // How large a header list may be, counted as RFC 9113 does.
  static size_t list_bytes_max(const HeadLimits& limits) {
    return limits.head_bytes_max + limits.fields_max * limits::field_overhead_bytes;
  }

  // Into `head`, whose peer and tls are left alone. Fields of a head that is refused already are counted and dropped.
  void field(std::string_view name, std::string_view value, RequestHead& head);
  void end(RequestHead& head);

  // Status 0: the head can be taken.
  const Refusal& refusal() const { return refusal_; }
  std::optional<uint64_t> content_length() const { return content_length_; }
  bool expects_continue() const { return expects_continue_; }
  // So much larger than what we said we take that it must be malice.
  bool is_attack() const { return bytes_ > list_bytes_max(limits_) * limits::header_list_excess_max; }

 private:
  void refuse(int status, std::string_view reason);
  void pseudo_field(std::string_view name, std::string_view value, RequestHead& head);
  void target(std::string_view target, RequestHead& head);
  void known_field(std::string_view name, std::string_view value);
  void content_length(std::string_view value);

  HeadLimits limits_;
  Refusal refusal_;
  size_t bytes_ = 0;
  std::optional<uint64_t> content_length_;
  bool expects_continue_ = false;
  bool is_asterisk_ = false;
  std::string host_field_;
  std::string cookies_;
};

}  // namespace outcrop::net
