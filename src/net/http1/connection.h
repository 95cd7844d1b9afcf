// One HTTP/1.x connection: request after request, each answered before the next is looked at, so that answers
// keep their order and a pipelining peer is read ahead of by no more than one buffer.
#pragma once
#include "net/http1/exchange.h"

namespace outcrop::net {

class Http1Connection final : Connection {
 public:
  // The channel may hold bytes that were read already.
  Http1Connection(ServerLoop& home, Channel& channel, Peer peer, bool tls);

  // Ends when the connection is of no more use; the channel is closed by whoever made it.
  Task<void> run();

 private:
  enum class Arrival { request, refused, none };

  Idle idle() const override { return idle_; }
  void drain() override;
  void stop() override;
  void close() override;

  Task<Arrival> receive_head(Idle waiting);
  Task<Http1Exchange::Next> serve();
  Task<void> refuse(const Refusal& refusal);
  Task<void> linger();

  ServerLoop& home_;
  Channel& channel_;
  RequestHead head_;
  HeadParser parser_;
  Http1Exchange* exchange_ = nullptr;  // the running one
  Idle idle_ = Idle::fresh;
};

}  // namespace outcrop::net
