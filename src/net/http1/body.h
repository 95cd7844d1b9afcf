// The body of one HTTP/1.x request, read as it is wanted.
#pragma once
#include "net/body_patience.h"
#include "net/http1/parser.h"
#include "net/server_loop.h"

namespace outcrop::net {

class Http1Body {
 public:
  // Once the body is complete, `watcher` is told when the peer goes.
  Http1Body(ServerLoop& home, Channel& channel, const Framing& framing, Channel::Watcher& watcher);

  // As in Exchange.
  Task<Result<std::optional<std::string>>> read_some();
  Task<Result<std::string>> read_whole(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop);

  std::optional<uint64_t> length() const { return length_; }
  const Headers& trailers() const { return decoder_.trailers(); }
  bool complete() const { return state_ == State::complete; }
  // Nothing after it on the connection can be understood.
  bool broken() const { return state_ == State::broken; }
  // The rest is small and on its way: reading it over keeps the connection.
  bool worth_draining() const;
  // Reads the rest and drops it; whether it ended within the time-out.
  Task<bool> drain();
  // An answer has begun: a peer that waits for "100 Continue" will not get it.
  void answer_has_begun() {
    if (continue_ == Continue::owed) continue_ = Continue::withheld;
  }

 private:
  enum class State { open, complete, broken };
  enum class Continue { none, owed, sent, withheld };

  Task<Result<void>> begin();
  Task<Result<void>> fill();
  Task<Result<std::optional<std::string>>> read_part();
  Task<Result<std::optional<std::string>>> decode_part();
  Task<Result<std::string>> read_declared(BodyBudget::Reservation& memory, std::stop_token stop);
  Task<Result<void>> receive_all(std::span<char> into);
  Task<Result<std::string>> read_chunked(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop);
  Result<void> received(Channel::End end, SteadyTime began);
  std::unexpected<Fault> give_up(std::string code, int status, std::string message);
  void ended();

  ServerLoop& home_;
  Channel& channel_;
  Channel::Watcher& watcher_;
  const std::optional<uint64_t> length_;
  const bool chunked_;
  Continue continue_;
  State state_ = State::open;
  uint64_t left_;  // of a declared length
  ChunkedDecoder decoder_;
  size_t part_bytes_ = limits::idle_buffer_bytes;  // of the next part: grows while the peer fills it
  BodyPatience patience_;
};

}  // namespace outcrop::net
