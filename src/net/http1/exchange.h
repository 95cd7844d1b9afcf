// One exchange of an HTTP/1.x connection.
#pragma once
#include "net/held_answers.h"
#include "net/http1/body.h"
#include "net/http1/format.h"
#include "net/lazy_stop.h"

namespace outcrop::net {

class Http1Exchange final : public Exchange, Channel::Watcher, HeldAnswers::Answer {
 public:
  Http1Exchange(ServerLoop& home, Channel& channel, RequestHead& head, const Framing& framing);
  ~Http1Exchange() override;

  const RequestHead& head() const override { return head_; }
  std::optional<uint64_t> content_length() const override { return body_.length(); }
  Task<Result<std::optional<std::string>>> read_some() override { return body_.read_some(); }
  Task<Result<std::string>> read_body(size_t limit) override;
  const Headers& trailers() const override { return body_.trailers(); }
  void release_body_budget() override;

  Task<Result<void>> respond(ResponseHead head, std::string body) override;
  Task<Result<void>> start(ResponseHead head, std::optional<uint64_t> length) override;
  Task<Result<void>> write(std::string_view bytes) override;
  Task<Result<void>> finish(Headers trailers) override;
  Task<Result<Channel*>> upgrade(Headers headers) override;
  void abort() override;
  std::stop_token stop_token() const override { return stop_.token(); }

  // For the connection.

  // After the handler: answers for it if it did not, and reads over what it left of the body.
  enum class Next { another_request, linger, close };
  Task<Next> end();
  void stop() { stop_.request(); }
  bool upgraded() const { return answer_ == State::upgraded; }

 private:
  enum class State { none, streaming, finished, upgraded, broken };

  void peer_gone() override { stop(); }
  size_t bytes_left() const override { return channel_.unwritten_bytes(); }
  void give_up() override { channel_.cancel_write(); }
  void begin_answer(const ResponseHead& head, ResponseFraming framing, bool whole);
  Task<Result<void>> send(std::array<std::string_view, 3> parts, State next);
  Result<void> break_off(std::string_view why);

  ServerLoop& home_;
  Channel& channel_;
  RequestHead& head_;
  std::string scratch_;  // the head, then what frames each chunk
  bool keep_alive_;
  const bool wants_upgrade_;
  const bool is_head_;
  BodyBudget::Reservation memory_;
  LazyStop stop_;
  Http1Body body_;

  State answer_ = State::none;
  ResponseFraming::Body framing_ = ResponseFraming::Body::none;
  uint64_t unwritten_ = 0;  // of a declared length
};

}  // namespace outcrop::net
