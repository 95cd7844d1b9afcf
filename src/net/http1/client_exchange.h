// One exchange on an HTTP/1.1 connection of a client.
#pragma once
#include "net/connection_pool.h"
#include "net/http1/format.h"
#include "net/http1/parser.h"
#include "net/http1/request_format.h"
#include "net/http1/response_parser.h"
#include "net/stop_on_loop.h"

namespace outcrop::net {

class Http1ClientExchange final : public ClientExchange, ClientConnection::User, Channel::Watcher {
 public:
  // Takes the connection over.
  Http1ClientExchange(ConnectionPool& pool, ClientConnection& connection, const ClientRequest& request);
  ~Http1ClientExchange() override;

  // Sends the request with its body, and waits for the head of the response.
  Task<Result<void>> send(ClientRequest& request, const Proxy* proxy);
  // Sends the head of a request whose body is written.
  Task<Result<void>> start(const ClientRequest& request, const RequestFraming& framing, const Proxy* proxy);
  // After a fault of send: the server had closed the connection before the request came, or had seen nothing of it,
  // and `request`, which has its body back then, may be carried out twice.
  bool may_try_again(ClientRequest& request);

  Task<Result<void>> write(std::string_view bytes) override;
  Task<Result<void>> finish(Headers trailers) override;
  Task<Result<void>> receive() override;
  const ResponseHead& head() const override { return head_; }
  std::optional<uint64_t> content_length() const override;
  Task<Result<std::optional<std::string>>> read_some() override;
  Task<Result<std::string>> read_whole(size_t limit) override;
  const Headers& trailers() const override { return decoder_.trailers(); }

 private:
  enum class Sending { streaming, handed_over, sent, abandoned, failed };
  enum class Phase { head, body, complete, broken };
  enum class BrokenOff { no, deadline, cancelled, closed };

  void client_closes() override { break_off(BrokenOff::closed); }
  void peer_gone() override;
  void bytes_came() override;
  void break_off(BrokenOff why);

  Task<Result<void>> await_continue();
  bool request_is_sent() const;
  bool request_moves();
  Task<Result<void>> send_part(std::array<std::string_view, 3> parts);
  std::unexpected<Fault> write_failed(Channel::WriteState state);

  ParseState take_head();
  Result<void> head_is(ParseState state);
  Result<void> take_part(std::string& part, size_t bytes_max);
  Result<void> judge(Channel::End end);
  Task<Result<std::string>> read_declared();
  std::unexpected<Fault> give_up(std::string code, int status, std::string message);
  std::unexpected<Fault> late(std::string_view what);
  void complete();

  ConnectionPool& pool_;
  ClientConnection* connection_;  // null: it is the pool's again
  const std::string method_;
  const Milliseconds response_timeout_, read_timeout_;
  const bool connection_was_reused_;

  Sending sending_ = Sending::streaming;
  RequestFraming request_framing_;
  uint64_t unwritten_ = 0;  // of a declared length
  bool moved_ = false;      // the request, since somebody looked
  bool nothing_sent_ = false, peer_ended_ = false;

  Phase phase_ = Phase::head;
  Fault fault_;  // what broke it
  ResponseHead head_;
  ResponseHeadParser parser_;
  size_t interim_ = 0;
  bool got_continue_ = false, answer_begun_ = false, receiving_ = false;
  BodyFraming framing_;
  uint64_t left_ = 0;  // of a declared length
  ChunkedDecoder decoder_;

  BrokenOff broken_off_ = BrokenOff::no;
  Deadline deadline_;
  StopOnLoop on_stop_;
};

}  // namespace outcrop::net
