// An HTTP/2 client for tests that sends exactly the frames a test wants sent, and keeps what comes back by stream.
#pragma once
#include <map>
#include <memory>
#include <optional>

#include "net/harness_test.h"

struct nghttp2_hd_inflater;

namespace outcrop::net {

// RFC 9113 section 6.
enum FrameType : uint8_t {
  data_frame,
  headers_frame,
  priority_frame,
  reset_frame,
  settings_frame,
  push_frame,
  ping_frame,
  goaway_frame,
  window_frame,
  continuation_frame
};
enum FrameFlag : uint8_t { no_flags = 0, end_stream = 1, acknowledges = 1, end_headers = 4, is_padded = 8 };

std::string frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload = {});
std::string header_block(const Headers& fields);  // as literals
std::string number(uint32_t value);               // four bytes
// SETTINGS with one entry.
std::string setting(uint16_t name, uint32_t value);

class Http2Client {
 public:
  // Greets, if wanted with a setting of its own.
  explicit Http2Client(const TestServer& server, std::string_view settings = {}, int receive_buffer_bytes = 0);
  ~Http2Client();

  void send(std::string_view bytes) { socket_.send(bytes); }
  static Headers request(std::string_view method, std::string_view path, const Headers& more = {});
  static Headers post(std::string_view path, const Headers& more = {}) { return request("POST", path, more); }
  void get(uint32_t stream, std::string_view path = "/") { send_request(stream, request("GET", path), true); }
  void send_request(uint32_t stream, const Headers& fields, bool ends);
  void send_data(uint32_t stream, std::string_view bytes, bool ends);
  void reset(uint32_t stream, uint32_t code = 8) { send(frame(reset_frame, 0, stream, number(code))); }
  void give_window(uint32_t stream, uint32_t bytes) { send(frame(window_frame, 0, stream, number(bytes))); }

  struct Response {
    int status = 0;
    std::vector<int> interim;
    Headers headers;
    std::string body;
    size_t data_frames = 0;
    Headers trailers;
    bool ended = false;
    std::optional<uint32_t> reset;
    uint64_t window_given = 0;
  };
  // As far as it has come.
  Response& at(uint32_t stream) { return responses_[stream]; }
  // Once it has ended or was reset, or the connection has.
  Response& receive(uint32_t stream);
  Response& exchange(uint32_t stream, const Headers& fields) {
    send_request(stream, fields, true);
    return receive(stream);
  }
  // Takes frames until `done`, or the end of the connection; says whether it is done.
  bool until(const std::function<bool()>& done);
  // Up to the end of the connection.
  void receive_rest() {
    until([] { return false; });
  }
  // Until all that was sent so far was looked at.
  void synchronise();

  struct GoAway {
    uint32_t last_stream, code;
  };
  std::vector<GoAway> goaways;
  std::map<uint16_t, uint32_t> settings;
  size_t pings_answered = 0;
  bool acknowledges_settings = true, answers_pings = true, gives_back_window = true;
  bool closed = false;
  size_t frames_received = 0;

  TestClient& socket() { return socket_; }

 private:
  bool receive_frame();
  void take(uint8_t type, uint8_t flags, uint32_t stream, std::string payload);
  void take_block(uint32_t stream, bool ends);
  void take_settings(std::string_view payload);

  TestClient socket_;
  nghttp2_hd_inflater* inflater_ = nullptr;
  std::string block_;
  bool block_ends_stream_ = false;
  std::map<uint32_t, Response> responses_;
};

}  // namespace outcrop::net
