#include "net/http2/session.h"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <forward_list>

#include "base/check.h"
#include "base/encoding.h"
#include "net/syntax.h"

namespace outcrop::net {

namespace {

constexpr size_t frame_head_bytes = 9;  // RFC 9113 section 4.1

// Every stream alike, in turns: what a client says about priorities could starve its own streams, and costs memory.
constexpr nghttp2_extpri equal_share{.urgency = NGHTTP2_EXTPRI_DEFAULT_URGENCY, .inc = 1};

std::string_view text_of(nghttp2_rcbuf* buffer) {
  nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

nghttp2_nv field_of(std::string_view name, std::string_view value) {
  auto bytes = [](std::string_view text) { return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data())); };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

// Fields for the session to copy. Names become lower case (RFC 9113 section 8.2.1) and control characters in values spaces;
// what HTTP/2 says otherwise, and names that are no token, are left out.
class FieldList {
 public:
  explicit FieldList(size_t count) { fields_.reserve(count); }

  void add(std::string_view name, std::string_view value) { fields_.push_back(field_of(name, value)); }
  void add_all(const Headers& headers) {
    for (const Header& header : headers) {
      if (is_token(header.name) && !is_connections_own(header.name)) add(lower(header.name), clean(header.value));
    }
  }

  const nghttp2_nv* data() const { return fields_.data(); }
  size_t size() const { return fields_.size(); }

 private:
  static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

  static bool is_connections_own(std::string_view name) {
    static constexpr std::string_view names[] = {"date",    "connection", "content-length",   "transfer-encoding",
                                                 "upgrade", "keep-alive", "proxy-connection", "te"};
    return std::ranges::any_of(names, [name](std::string_view own) { return ascii_equal_ignoring_case(name, own); });
  }
  std::string_view lower(std::string_view name) {
    if (std::ranges::none_of(name, is_upper)) return name;
    return changed_.emplace_front(ascii_lower(name));
  }
  std::string_view clean(std::string_view value) {
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    if (std::ranges::none_of(value, is_control)) return value;
    std::string& text = changed_.emplace_front(value);
    std::ranges::replace_if(text, is_control, ' ');
    return text;
  }

  std::vector<nghttp2_nv> fields_;
  std::forward_list<std::string> changed_;
};

bool ends_stream(const nghttp2_frame& frame) { return frame.hd.flags & NGHTTP2_FLAG_END_STREAM; }

// They only fail for want of memory, or of a stream that has gone meanwhile.
void submitted(int result) { check(result != NGHTTP2_ERR_NOMEM, "no memory for HTTP/2"); }

}  // namespace

bool PeerCredit::take(SteadyTime now) {
  using namespace std::chrono;
  if (refilled_ == SteadyTime::min()) refilled_ = now;
  if (auto whole = floor<Seconds>(now - refilled_); whole > Seconds(0)) {
    left_ = std::min(burst_, left_ + uint64_t(whole.count()) * per_second_);
    refilled_ += whole;
  }
  if (left_ == 0) return false;
  --left_;
  return true;
}

// What nghttp2 calls, in the terms of this file's interface.
struct Http2Session::Callbacks {
  static Http2Session& self(void* user) { return *static_cast<Http2Session*>(user); }

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    switch (head->type) {
      case NGHTTP2_DATA:
      case NGHTTP2_HEADERS:
      case NGHTTP2_CONTINUATION:  // nghttp2 counts these
      case NGHTTP2_WINDOW_UPDATE:
        return 0;
      default:
        return idle_frame(self(user));
    }
  }

  static int idle_frame(Http2Session& session) {
    if (session.idle_frames_.take(session.listener_.now())) return 0;
    session.flood();
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }

  // The peer's doing: it reset the stream, or made us do it (CVE-2025-8671). No failure, because a stream may be closed
  // while its connection's end is being written.
  static int stream_wasted(Http2Session& session) {
    if (!session.resets_.take(session.listener_.now())) session.flood();
    return 0;
  }

  static int on_begin_headers(nghttp2_session* raw, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    Http2Session& session = self(user);
    int32_t id = frame->hd.stream_id;
    Stream* stream = session.listener_.stream_began(id);
    if (!stream) {
      session.reset(id, Code::refused_stream);
      return stream_wasted(session);
    }
    nghttp2_session_set_stream_user_data(raw, id, stream);
    nghttp2_session_change_extpri_stream_priority(raw, id, &equal_share, 1);
    return 0;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name, nghttp2_rcbuf* value, uint8_t, void* user) {
    Http2Session& session = self(user);
    Stream* stream = session.stream_of(frame->hd.stream_id);
    if (!stream || stream->field(text_of(name), text_of(value))) return 0;
    session.flood();
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }

  // nghttp2 would leave such a field out and go on; what somebody else might read otherwise is refused.
  static int on_invalid_header(nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf*, nghttp2_rcbuf*, uint8_t, void*) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int on_frame_recv(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& session = self(user);
    Stream* stream = session.stream_of(frame->hd.stream_id);
    if (frame->hd.type == NGHTTP2_HEADERS) {
      if (stream && frame->headers.cat == NGHTTP2_HCAT_REQUEST) stream->head_ended();
      if (stream && ends_stream(*frame)) stream->body_ended();
    } else if (frame->hd.type == NGHTTP2_DATA) {
      if (stream && ends_stream(*frame)) stream->body_ended();
      if (!ends_stream(*frame) && frame->hd.length == frame->data.padlen) return idle_frame(session);
    } else if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK)) {
      session.listener_.ping_answered();
    }
    return 0;
  }

  static int on_data_chunk(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t bytes, void* user) {
    Http2Session& session = self(user);
    if (Stream* stream = session.stream_of(id)) {
      stream->body_bytes({reinterpret_cast<const char*>(data), bytes});
    } else {
      session.listener_.unclaimed_bytes(bytes);
    }
    return 0;
  }

  static int on_invalid_frame_recv(nghttp2_session*, const nghttp2_frame*, int, void* user) { return stream_wasted(self(user)); }

  static int on_stream_close(nghttp2_session*, int32_t id, uint32_t, void* user) {
    Http2Session& session = self(user);
    Stream* stream = session.stream_of(id);
    return stream && stream->closed() ? stream_wasted(session) : 0;
  }

  static int on_frame_send(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_HEADERS && !ends_stream(*frame)) return 0;
    if (Stream* stream = self(user).stream_of(frame->hd.stream_id)) stream->frame_taken(ends_stream(*frame));
    return 0;
  }

  // An answer whose fields are larger than any peer takes.
  static int on_frame_not_send(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS) self(user).reset(frame->hd.stream_id, Code::internal_error);
    return 0;
  }

  static ssize_t read_data(nghttp2_session* raw, int32_t id, uint8_t*, size_t bytes_max, uint32_t* flags, nghttp2_data_source*,
                           void* user) {
    Stream* stream = self(user).stream_of(id);
    if (!stream) return NGHTTP2_ERR_DEFERRED;  // its reset is on the way
    Stream::Portion portion = stream->next_portion(bytes_max);
    if (portion.bytes == 0 && !portion.last) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (portion.last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (portion.last && portion.trailers) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      FieldList fields(portion.trailers->size());
      fields.add_all(*portion.trailers);
      submitted(nghttp2_submit_trailer(raw, id, fields.data(), fields.size()));
    }
    return ssize_t(portion.bytes);
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const uint8_t* head, size_t bytes, nghttp2_data_source*, void* user) {
    Http2Session& session = self(user);
    if (session.out_->size() >= session.out_bytes_max_) return NGHTTP2_ERR_WOULDBLOCK;
    Stream* stream = session.stream_of(frame->hd.stream_id);
    if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    session.out_->append(reinterpret_cast<const char*>(head), frame_head_bytes);
    stream->take(*session.out_, bytes);
    return 0;
  }

  static const nghttp2_session_callbacks* all() {
    static nghttp2_session_callbacks* const callbacks = [] {
      nghttp2_session_callbacks* made = nullptr;
      check(nghttp2_session_callbacks_new(&made) == 0, "no memory for HTTP/2");
      nghttp2_session_callbacks_set_on_begin_frame_callback(made, on_begin_frame);
      nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
      nghttp2_session_callbacks_set_on_header_callback2(made, on_header);
      nghttp2_session_callbacks_set_on_invalid_header_callback2(made, on_invalid_header);
      nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame_recv);
      nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, on_invalid_frame_recv);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data_chunk);
      nghttp2_session_callbacks_set_on_stream_close_callback(made, on_stream_close);
      nghttp2_session_callbacks_set_on_frame_send_callback(made, on_frame_send);
      nghttp2_session_callbacks_set_on_frame_not_send_callback(made, on_frame_not_send);
      nghttp2_session_callbacks_set_send_data_callback(made, send_data);
      return made;
    }();
    return callbacks;
  }

  static const nghttp2_option* options() {
    static nghttp2_option* const options = [] {
      nghttp2_option* made = nullptr;
      check(nghttp2_option_new(&made) == 0, "no memory for HTTP/2");
      nghttp2_option_set_no_auto_window_update(made, 1);
      nghttp2_option_set_no_closed_streams(made, 1);
      nghttp2_option_set_max_outbound_ack(made, limits::queued_acknowledgements_max);
      // Above ours, which also counts what nghttp2 does not.
      nghttp2_option_set_stream_reset_rate_limit(made, 2 * limits::stream_resets_max, 2 * limits::stream_resets_per_second);
      return made;
    }();
    return options;
  }
};

Http2Session::Http2Session(Listener& listener, size_t header_list_bytes_max) : listener_(listener) {
  check(nghttp2_session_server_new2(&session_, Callbacks::all(), this, Callbacks::options()) == 0, "no memory for HTTP/2");
  std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits::streams_max},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, uint32_t(header_list_bytes_max)},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  submitted(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
}

Http2Session::~Http2Session() { nghttp2_session_del(session_); }

bool Http2Session::receive(std::string_view bytes) {
  if (failed_) return false;
  ssize_t taken = nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken == ssize_t(bytes.size())) return nghttp2_session_want_read(session_);
  if (taken == NGHTTP2_ERR_FLOODED || taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) flood();
  failed_ = true;
  return false;
}

bool Http2Session::collect(std::string& out, size_t bytes_max) {
  out_ = &out;
  out_bytes_max_ = bytes_max;
  ssize_t bytes = 0;
  while (out.size() < bytes_max) {
    const uint8_t* data = nullptr;
    bytes = nghttp2_session_mem_send(session_, &data);
    if (bytes <= 0) break;
    out.append(reinterpret_cast<const char*>(data), size_t(bytes));
  }
  out_ = nullptr;
  return bytes >= 0;
}

bool Http2Session::wants_to_write() const { return nghttp2_session_want_write(session_); }
bool Http2Session::ended() const { return !nghttp2_session_want_write(session_) && (failed_ || !nghttp2_session_want_read(session_)); }

Http2Session::Stream* Http2Session::stream_of(int32_t id) const {
  return id == 0 ? nullptr : static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id));
}

void Http2Session::flood() {
  if (std::exchange(failed_, true)) return;
  submitted(nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM));
}

void Http2Session::answer(int32_t id, const AnswerHead& head) {
  fmt::format_int status(head.status), length(head.length.value_or(0));
  FieldList fields(head.headers.size() + 3);
  fields.add(":status", {status.data(), status.size()});
  fields.add("date", head.date);
  fields.add_all(head.headers);
  if (head.length) fields.add("content-length", {length.data(), length.size()});
  nghttp2_data_provider body{.source = {}, .read_callback = Callbacks::read_data};
  submitted(nghttp2_submit_response(session_, id, fields.data(), fields.size(), head.has_body ? &body : nullptr));
}

void Http2Session::answer_continue(int32_t id) {
  nghttp2_nv status = field_of(":status", "100");
  submitted(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, &status, 1, nullptr));
}

void Http2Session::more_to_send(int32_t id) { submitted(nghttp2_session_resume_data(session_, id)); }

void Http2Session::reset(int32_t id, Code code) { submitted(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, uint32_t(code))); }

void Http2Session::forget(int32_t id) { nghttp2_session_set_stream_user_data(session_, id, nullptr); }

void Http2Session::give_back_stream(int32_t id, size_t bytes) { submitted(nghttp2_session_consume_stream(session_, id, bytes)); }

void Http2Session::give_back_connection(size_t bytes) { submitted(nghttp2_session_consume_connection(session_, bytes)); }

void Http2Session::announce_end() {
  if (std::exchange(winding_down_, true)) return;
  submitted(nghttp2_submit_shutdown_notice(session_));
  submitted(nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr));
}

void Http2Session::end_streams() {
  submitted(
      nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR, nullptr, 0));
}

void Http2Session::terminate(Code code) { submitted(nghttp2_session_terminate_session(session_, uint32_t(code))); }

}  // namespace outcrop::net
