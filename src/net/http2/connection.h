// One HTTP/2 connection: bytes from the channel to the session, requests to the handler as tasks of their own, and one
// pump that carries all answers to the channel, as many as there are in one write.
#pragma once
#include "base/task_group.h"
#include "net/http2/exchange.h"

namespace outcrop::net {

class Http2Connection final : Connection, Http2Session::Listener, Http2Link {
 public:
  // The channel may hold bytes that were read already.
  Http2Connection(ServerLoop& home, Channel& channel, Peer peer, bool tls);

  // Ends when the connection is of no more use; the channel is closed by whoever made it.
  Task<void> run();

 private:
  Idle idle() const override;
  void drain() override;
  void stop() override;
  void close() override;

  Http2Session::Stream* stream_began(int32_t id) override;
  void unclaimed_bytes(size_t bytes) override { session_.give_back_connection(bytes); }
  void ping_answered() override;
  SteadyTime now() const override { return channel_.now(); }

  void flush() override;
  void resume_soon(std::coroutine_handle<> waiting) override { ready_.push_back(waiting); }
  void request_arrived() override { arrived_.push_back(std::move(incoming_)); }
  void bytes_kept(size_t bytes) override;
  void bytes_released(size_t bytes) override;
  void wind_down() override;

  Task<Channel::End> receive();
  void take_input();
  void begin_exchanges();
  Task<void> serve(std::unique_ptr<Http2Exchange> exchange);
  void exchange_ended();
  void resume_ready();

  struct PumpAwaiter;
  Task<void> pump();
  void wake_pump(bool at_once);
  void linger();
  void lose();

  bool is_idle() const { return exchanges_.empty() && !incoming_; }
  void set_deadline();
  void deadline_passed();

  ServerLoop& home_;
  Channel& channel_;
  const Peer peer_;
  const bool tls_;
  Http2Session session_;

  std::unique_ptr<Http2Exchange> incoming_;  // whose head is being received: one at a time
  SteadyTime head_began_;
  std::vector<std::unique_ptr<Http2Exchange>> arrived_;
  std::vector<Http2Exchange*> exchanges_;  // whose tasks run
  TaskGroup handlers_, pumping_;
  std::vector<std::coroutine_handle<>> ready_;

  bool busy_ = false;  // what is submitted now is flushed by whoever is
  std::coroutine_handle<> pump_;
  bool pump_wanted_ = false, pump_at_once_ = false, pump_ends_ = false;
  std::string out_;

  size_t unread_bytes_ = 0;    // of bodies
  size_t withheld_bytes_ = 0;  // of these: the connection's window does not have them back yet
  bool has_served_ = false, winding_down_ = false, peer_knows_ = false, input_ended_ = false;
  SteadyTime idle_since_;
  Deadline deadline_;  // of a head, of idleness, or of lingering
};

}  // namespace outcrop::net
