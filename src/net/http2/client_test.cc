#include "net/http2/client_test.h"

#include <nghttp2/nghttp2.h>

#include "base/check.h"
#include "net/greeting.h"

namespace outcrop::net {

namespace {

constexpr size_t frame_bytes_max = 16384;  // what the server allows

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | uint8_t(bytes[at + i]);
  return value;
}

// RFC 7541 section 5.1, with a prefix of seven bits.
void append_text(std::string& out, std::string_view text) {
  size_t left = text.size();
  if (left < 127) {
    out += char(left);
  } else {
    out += char(127);
    for (left -= 127; left >= 128; left /= 128) out += char(left % 128 + 128);
    out += char(left);
  }
  out += text;
}

}  // namespace

std::string number(uint32_t value) { return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)}; }

std::string frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload) {
  std::string out = number(uint32_t(payload.size()) << 8 | type);
  out += char(flags);
  return out + number(stream) + std::string(payload);
}

std::string header_block(const Headers& fields) {
  std::string out;
  for (const Header& field : fields) {
    out += '\0';  // without indexing, the name as text (section 6.2.2)
    append_text(out, field.name);
    append_text(out, field.value);
  }
  return out;
}

std::string setting(uint16_t name, uint32_t value) { return std::string{char(name >> 8), char(name)} + number(value); }

Http2Client::Http2Client(const TestServer& server, std::string_view settings, int receive_buffer_bytes)
    : socket_(server.endpoint, receive_buffer_bytes) {
  check(nghttp2_hd_inflate_new(&inflater_) == 0, "no memory for a test");
  send(std::string(http2_preface) + frame(settings_frame, 0, 0, settings));
}

Http2Client::~Http2Client() { nghttp2_hd_inflate_del(inflater_); }

Headers Http2Client::request(std::string_view method, std::string_view path, const Headers& more) {
  Headers fields{{":method", std::string(method)}, {":scheme", "http"}, {":path", std::string(path)}, {":authority", "localhost"}};
  for (const Header& field : more) fields.add(field.name, field.value);
  return fields;
}

void Http2Client::send_request(uint32_t stream, const Headers& fields, bool ends) {
  std::string block = header_block(fields);
  uint8_t flags = ends ? end_stream : 0, type = headers_frame;
  for (; block.size() > frame_bytes_max; type = continuation_frame, flags = 0) {
    send(frame(type, flags, stream, block.substr(0, frame_bytes_max)));
    block.erase(0, frame_bytes_max);
  }
  send(frame(type, flags | end_headers, stream, block));
}

void Http2Client::send_data(uint32_t stream, std::string_view bytes, bool ends) {
  while (bytes.size() > frame_bytes_max) {
    send(frame(data_frame, 0, stream, bytes.substr(0, frame_bytes_max)));
    bytes.remove_prefix(frame_bytes_max);
  }
  send(frame(data_frame, ends ? end_stream : 0, stream, bytes));
}

Http2Client::Response& Http2Client::receive(uint32_t stream) {
  until([&] { return at(stream).ended || at(stream).reset; });
  return at(stream);
}

bool Http2Client::until(const std::function<bool()>& done) {
  while (!done()) {
    if (!receive_frame()) return false;
  }
  return true;
}

void Http2Client::synchronise() {
  send(frame(ping_frame, 0, 0, "8 bytes."));
  until([this, before = pings_answered] { return pings_answered > before; });
}

bool Http2Client::receive_frame() {
  std::string head = socket_.receive_bytes(9);
  if (head.size() < 9) {
    closed = true;
    return false;
  }
  size_t bytes = number_at(head, 0) >> 8;
  ++frames_received;
  take(uint8_t(head[3]), uint8_t(head[4]), number_at(head, 5), socket_.receive_bytes(bytes));
  return true;
}

void Http2Client::take(uint8_t type, uint8_t flags, uint32_t stream, std::string payload) {
  switch (type) {
    case data_frame:
      at(stream).body += payload;
      ++at(stream).data_frames;
      at(stream).ended |= flags & end_stream;
      if (gives_back_window && !payload.empty()) {
        give_window(0, uint32_t(payload.size()));
        if (!(flags & end_stream)) give_window(stream, uint32_t(payload.size()));
      }
      return;
    case headers_frame:
      block_ends_stream_ = flags & end_stream;
      [[fallthrough]];
    case continuation_frame:
      block_ += payload;
      if (flags & end_headers) take_block(stream, block_ends_stream_);
      return;
    case reset_frame:
      at(stream).reset = number_at(payload, 0);
      return;
    case settings_frame:
      if (flags & acknowledges) return;
      take_settings(payload);
      if (acknowledges_settings) send(frame(settings_frame, acknowledges, 0));
      return;
    case ping_frame:
      if (flags & acknowledges) {
        ++pings_answered;
      } else if (answers_pings) {
        send(frame(ping_frame, acknowledges, 0, payload));
      }
      return;
    case goaway_frame:
      goaways.push_back({number_at(payload, 0), number_at(payload, 4)});
      return;
    case window_frame:
      at(stream).window_given += number_at(payload, 0);
      return;
    default:
      return;
  }
}

void Http2Client::take_settings(std::string_view payload) {
  for (; payload.size() >= 6; payload.remove_prefix(6)) {
    settings[uint16_t(uint8_t(payload[0]) << 8 | uint8_t(payload[1]))] = number_at(payload, 2);
  }
}

void Http2Client::take_block(uint32_t stream, bool ends) {
  std::string block = std::exchange(block_, {});
  Headers fields;
  const uint8_t* next = reinterpret_cast<const uint8_t*>(block.data());
  for (size_t left = block.size();;) {
    nghttp2_nv field;
    int flags = 0;
    ssize_t taken = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, next, left, 1);
    check(taken >= 0, "the server's header block is malformed");
    next += taken;
    left -= size_t(taken);
    if (flags & NGHTTP2_HD_INFLATE_EMIT) {
      fields.add({reinterpret_cast<char*>(field.name), field.namelen}, {reinterpret_cast<char*>(field.value), field.valuelen});
    }
    if (flags & NGHTTP2_HD_INFLATE_FINAL) break;
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  Response& response = at(stream);
  response.ended |= ends;
  const std::string* status = fields.find(":status");
  if (!status) {
    response.trailers = std::move(fields);
  } else if (status->starts_with('1')) {
    response.interim.push_back(std::stoi(*status));
  } else {
    response.status = std::stoi(*status);
    response.headers = std::move(fields);
  }
}

}  // namespace outcrop::net
