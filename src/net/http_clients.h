// The HTTP clients of a server, one for each of its loops: what runs on a loop uses that loop's.
#pragma once
#include <memory>
#include <vector>

#include "net/http_client.h"

namespace outcrop::net {

class HttpClients {
 public:
  // What is passed must outlive them.
  HttpClients(Loops& loops, Dialer& dialer, const ClientOptions& options = {});

  // On the thread of one of the loops: the client that lives there.
  HttpClient& current();
  // Each as HttpClient::close, on its own loop; goes on where it was called.
  Task<void> close();

 private:
  Loops& loops_;
  std::vector<std::unique_ptr<HttpClient>> clients_;  // by loop
};

}  // namespace outcrop::net
