#include "net/http_clients.h"

namespace outcrop::net {

HttpClients::HttpClients(Loops& loops, Dialer& dialer, const ClientOptions& options) : loops_(loops) {
  for (size_t i = 0; i < loops.size(); ++i) clients_.push_back(std::make_unique<HttpClient>(loops.at(i), dialer, options));
}

HttpClient& HttpClients::current() {
  size_t index = 0;
  while (index < clients_.size() && !loops_.at(index).is_current()) ++index;
  check(index < clients_.size(), "a request to another server is made on no loop of this one's");
  return *clients_[index];
}

Task<void> HttpClients::close() {
  Executor& home = *Executor::current();
  for (size_t i = 0; i < clients_.size(); ++i) {
    co_await loops_.at(i).enter();
    co_await clients_[i]->close();
  }
  co_await home.enter();
}

}  // namespace outcrop::net
