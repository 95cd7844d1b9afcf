#include "net/greeting.h"

namespace outcrop::net {

namespace {

constexpr char tls_handshake_record = 0x16;  // RFC 8446 section 5.1
// No other method begins so: the preface's own is reserved (RFC 9113 section 11.6).
constexpr std::string_view http2_begins = http2_preface.substr(0, 4);

// None while the bytes are too few to tell.
std::optional<Greeting::Protocol> protocol_of(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  if (bytes[0] == tls_handshake_record) return Greeting::Protocol::tls;
  if (!http2_begins.starts_with(bytes.substr(0, http2_begins.size()))) return Greeting::Protocol::http1;
  if (bytes.size() < http2_begins.size()) return std::nullopt;
  return Greeting::Protocol::http2;
}

}  // namespace

Task<Greeting::Protocol> Greeting::protocol(SteadyTime due) {
  for (;;) {
    if (auto known = protocol_of(channel_.buffered())) co_return *known;
    if (home_.draining()) co_return Protocol::none;
    Channel::End end = co_await channel_.fill(limits::idle_buffer_bytes, due);
    // A few bytes and then the end or nothing more: HTTP/1.1 says what is wrong with them.
    bool unfinished = end == Channel::End::end_of_stream || end == Channel::End::timed_out;
    if (unfinished && !channel_.buffered().empty()) co_return Protocol::http1;
    if (end != Channel::End::bytes) co_return Protocol::none;
  }
}

}  // namespace outcrop::net
