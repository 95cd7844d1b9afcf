// TLS over another stream. The handshake is done within the first read or write: a read drives it, a write answers
// `full` until it is done. It holds little while nothing comes: OpenSSL's buffers and its own go when they are empty.
//
// The end of the stream is the peer's close_notify. Where the transport ends without it, somebody may have cut it
// off. A server takes that for the end: requests tell their own length, so nothing cut is taken for whole. A client's
// read fails: an answer may end where its connection does. Answers that tell their length are not read that far.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/channel.h"
#include "net/tls/context.h"

namespace outcrop::net {

class TlsStream final : public Stream, Stream::Listener {
 public:
  // `received`: what came over `inner` already. The stream ends with the thread of its loop.
  TlsStream(EventLoop& loop, std::unique_ptr<Stream> inner, std::string_view received, Ssl ssl);
  ~TlsStream() override;

  // Makes a channel's stream TLS, beginning with what is buffered. The channel owns what is returned.
  static TlsStream& wrap(Channel& channel, Ssl ssl);

  bool is_established() const { return established_; }  // the handshake is done
  std::string_view protocol() const;                    // by ALPN: "h2", "http/1.1"; empty when none was agreed on
  bool is_resumed() const;                              // a session of an earlier connection was taken up again
  // What went wrong, for people: "certificate verify failed: self-signed certificate". Empty when nothing did.
  const std::string& problem() const { return problem_; }

  void listen(Stream::Listener& listener) override { listener_ = &listener; }
  void start_read(std::span<char> into) override;
  void cancel_read() override;
  Written write_some(std::span<const iovec> parts) override;
  void wait_writable() override;
  size_t unsent_bytes() const override { return unsent_.size(); }
  void shut_down_writing() override;
  void close(bool reset) override;

 private:
  // A buffer for records that were received and not decrypted yet.
  struct Received {
    std::unique_ptr<char[]> bytes;
    size_t capacity = 0, begin = 0, end = 0;
    bool is_empty() const { return begin == end; }
  };
  // The inner stream under OpenSSL.
  struct Transport;
  class Remains;

  // From the inner stream.
  void read_ended(ReadEnd end, size_t bytes) override;
  void writable() override;

  void defer_turn() { loop_.defer(turn_); }
  void turn();
  void shake_hands();
  std::optional<ReadEnd> decrypt();
  bool needs_bytes() const;
  bool wait_is_over() const;
  void receive_more();
  void flush();
  Written encrypt(std::span<const iovec> parts);
  void fail(std::string problem);
  void judge_failure(int result);
  void say_goodbye();

  EventLoop& loop_;
  std::unique_ptr<Stream> inner_;
  Ssl ssl_;
  Stream::Listener* listener_ = nullptr;

  bool established_ = false;
  bool failed_ = false;  // of TLS itself: nothing can be read or written any more
  bool closed_ = false;
  bool writing_shut_ = false;
  std::string problem_;
  int key_updates_ = 0;  // since the last bytes of the peer's

  Deferred turn_{[](void* self) { static_cast<TlsStream*>(self)->turn(); }, this};
  bool reading_ = false, read_cancelled_ = false;
  std::span<char> into_;
  size_t read_bytes_ = 0;
  bool waiting_ = false, flushed_some_ = false;

  Received received_;
  bool inner_reading_ = false;
  std::optional<ReadEnd> inner_end_;

  std::string unsent_;  // records the inner stream had no room for
  bool inner_waiting_ = false;
  bool inner_unwritable_ = false;
};

}  // namespace outcrop::net
