// The body of one HTTP/2 request, read as it is wanted: what came and was not read waits here, and is at most what the
// stream's window allows, because the window is given back by reading.
#pragma once
#include "net/body_patience.h"
#include "net/http2/link.h"

namespace outcrop::net {

class Http2Body {
 public:
  Http2Body(Http2Link& link, int32_t stream) : link_(link), stream_(stream), wait_(link), patience_(link.home.options()) {}
  ~Http2Body();

  // From the stream.
  enum class State { open, complete, cut_off, abandoned, broken };  // cut off by its peer's leaving, abandoned by a reset
  void declare(std::optional<uint64_t> length, bool expects_continue);
  void received(std::string_view bytes);
  void end(State how);
  void answer_has_begun() { continue_owed_ = false; }

  // As in Exchange.
  Task<Result<std::optional<std::string>>> read_some();
  Task<Result<std::string>> read_whole(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop);

  std::optional<uint64_t> length() const { return length_; }
  bool complete() const { return state_ == State::complete; }

 private:
  std::string take();
  Task<Result<void>> wait();
  Result<void> readable() const;

  Http2Link& link_;
  const int32_t stream_;
  std::optional<uint64_t> length_;
  bool continue_owed_ = false;
  State state_ = State::open;
  std::string unread_;
  Http2Wait wait_;
  BodyPatience patience_;
  SteadyTime waits_since_;
};

}  // namespace outcrop::net
