// One exchange of an HTTP/2 connection: a stream.
#pragma once
#include "net/held_answers.h"
#include "net/http2/body.h"
#include "net/http2/head.h"
#include "net/lazy_stop.h"

namespace outcrop::net {

class Http2Exchange final : public Exchange, public Http2Session::Stream, HeldAnswers::Answer {
 public:
  Http2Exchange(Http2Link& link, int32_t id, const Peer& peer, bool tls);
  ~Http2Exchange() override;

  const RequestHead& head() const override { return head_; }
  std::optional<uint64_t> content_length() const override { return body_.length(); }
  Task<Result<std::optional<std::string>>> read_some() override { return body_.read_some(); }
  Task<Result<std::string>> read_body(size_t limit) override { return body_.read_whole(limit, memory_, stop_token()); }
  const Headers& trailers() const override { return trailers_; }
  void release_body_budget() override;

  Task<Result<void>> respond(ResponseHead head, std::string body) override;
  Task<Result<void>> start(ResponseHead head, std::optional<uint64_t> length) override;
  Task<Result<void>> write(std::string_view bytes) override;
  Task<Result<void>> finish(Headers trailers) override;
  void abort() override;
  std::stop_token stop_token() const override { return stop_.token(); }

  // For the connection.

  bool is_open() const { return open_; }
  // Why no handler is asked; status 0: one is.
  const Refusal& refusal() const { return reader_.refusal(); }
  Task<void> refuse();
  // After the handler: answers for it if it did not, and tells the peer to keep what it did not send yet.
  Task<void> end();
  void stop() { stop_.request(); }
  // Nothing more comes from the peer.
  void peer_left();
  // The connection is of no more use.
  void lost();
  // What the session collected is on the socket.
  void flushed();

 private:
  enum class State { none, streaming, finished, broken };

  bool field(std::string_view name, std::string_view value) override;
  void head_ended() override;
  void body_bytes(std::string_view bytes) override { body_.received(bytes); }
  void body_ended() override { body_.end(Http2Body::State::complete); }
  Portion next_portion(size_t bytes_max) override;
  void take(std::string& out, size_t bytes) override;
  void frame_taken(bool last) override;
  bool closed() override;
  size_t bytes_left() const override { return pending_.size(); }
  void give_up() override { wait_.time_out(); }

  void begin_answer(const ResponseHead& head, std::optional<uint64_t> length, bool has_body);
  bool has_body(int status) const;
  Task<Result<void>> sent();
  void queue(std::string_view bytes, bool last);
  void reset(Http2Session::Code code);
  Result<void> break_off(std::string_view why);

  Http2Link& link_;
  const int32_t id_;
  RequestHead head_;
  Headers trailers_;
  size_t trailer_bytes_ = 0;
  Http2HeadReader reader_;
  bool head_complete_ = false;
  bool open_ = true;   // for the session
  bool gone_ = false;  // nobody reads an answer
  BodyBudget::Reservation memory_;
  LazyStop stop_;
  Http2Body body_;

  State answer_ = State::none;
  bool streams_body_ = false;          // the answer has one, and DATA frames carry it
  std::optional<uint64_t> unwritten_;  // of a declared length
  Headers answer_trailers_;
  std::string_view pending_;  // not yet taken by the session; whoever waits owns it
  bool last_ = false;         // nothing follows what is pending
  bool head_taken_ = false, end_taken_ = false;
  bool unsent_ = false;      // something was queued that is not on the socket
  bool progressed_ = false;  // some of it was taken since it was last looked at
  Http2Wait wait_;
};

}  // namespace outcrop::net
