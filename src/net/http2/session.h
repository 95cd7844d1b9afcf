// The HTTP/2 protocol of one connection (RFC 9113), bytes in and bytes out: a thin coat over nghttp2, which does framing,
// header compression, stream states and flow control. It waits for nothing and knows no socket.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "net/limits.h"

struct nghttp2_session;

namespace outcrop::net {

// A bucket of what a peer may do without bringing work; empty when it does nothing else.
class PeerCredit {
 public:
  PeerCredit(uint64_t burst, uint64_t per_second) : burst_(burst), left_(burst), per_second_(per_second) {}
  // Whether there was some left.
  bool take(SteadyTime now);

 private:
  const uint64_t burst_;
  uint64_t left_;
  const uint64_t per_second_;
  SteadyTime refilled_ = SteadyTime::min();
};

class Http2Session {
 public:
  // RFC 9113 section 7.
  enum class Code : uint32_t { no_error = 0, internal_error = 2, refused_stream = 7, cancel = 8, enhance_your_calm = 11 };

  // One stream, as the session drives it. Called from within receive() and collect(); may submit, and nothing else.
  class Stream {
   public:
    // Of the head, later of the trailers. False: this is an attack, and the connection ends.
    virtual bool field(std::string_view name, std::string_view value) = 0;
    virtual void head_ended() = 0;
    virtual void body_bytes(std::string_view bytes) = 0;
    virtual void body_ended() = 0;

    // The next bytes of the answer, at most `bytes_max`; none when there are none yet. `last`: nothing follows them but
    // the trailers, which may be null.
    struct Portion {
      size_t bytes = 0;
      bool last = false;
      const Headers* trailers = nullptr;
    };
    virtual Portion next_portion(size_t bytes_max) = 0;
    virtual void take(std::string& out, size_t bytes) = 0;
    // A frame of the answer was handed out by collect(). `last`: it ends the stream.
    virtual void frame_taken(bool last) = 0;
    // The session forgets the stream. Says whether the peer ended it before its answer was complete.
    virtual bool closed() = 0;

   protected:
    ~Stream() = default;
  };

  class Listener {
   public:
    // A request begins; null: it is refused. The stream must not go before forget() or closed().
    virtual Stream* stream_began(int32_t id) = 0;
    // Of a stream that nobody knows any more, or of none.
    virtual void unclaimed_bytes(size_t bytes) = 0;
    virtual void ping_answered() = 0;
    virtual SteadyTime now() const = 0;

   protected:
    ~Listener() = default;
  };

  // Settings wait to be collected.
  Http2Session(Listener& listener, size_t header_list_bytes_max);
  ~Http2Session();
  Http2Session(const Http2Session&) = delete;

  // False when nothing more can be understood; why is in what collect() gives then.
  bool receive(std::string_view bytes);
  // Appends what is to be sent, until nothing is left or `out` has `bytes_max`. False: the session cannot go on.
  bool collect(std::string& out, size_t bytes_max);
  bool wants_to_write() const;
  // Neither reads nor writes anything any more.
  bool ended() const;

  struct AnswerHead {
    int status;
    const Headers& headers;  // those that are a connection's own are left out, as in HTTP/1.1
    std::string_view date;
    std::optional<uint64_t> length;
    bool has_body;  // next_portion is asked for it
  };
  void answer(int32_t id, const AnswerHead& head);
  void answer_continue(int32_t id);
  void more_to_send(int32_t id);
  void reset(int32_t id, Code code);
  // Its stream object goes.
  void forget(int32_t id);

  // A body was read: its stream, or its connection, may send as much again.
  void give_back_stream(int32_t id, size_t bytes);
  void give_back_connection(size_t bytes);

  // The peer shall begin no more streams; ping_answered() tells that it knows.
  void announce_end();
  // Later streams are not looked at.
  void end_streams();
  // Nothing is looked at any more.
  void terminate(Code code);

 private:
  struct Callbacks;
  Stream* stream_of(int32_t id) const;
  void flood();

  Listener& listener_;
  nghttp2_session* session_ = nullptr;
  std::string* out_ = nullptr;  // during collect()
  size_t out_bytes_max_ = 0;
  bool failed_ = false;
  bool winding_down_ = false;
  PeerCredit resets_{limits::stream_resets_max, limits::stream_resets_per_second};
  PeerCredit idle_frames_{limits::idle_frames_max, limits::idle_frames_per_second};
};

}  // namespace outcrop::net
