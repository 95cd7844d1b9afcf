// Whose the other end of a loopback connection is: what a server needs that serves one user of this machine and no other.
#pragma once
#include <sys/types.h>

#include "net/http.h"

namespace outcrop::net {

struct PeerOwner {
  enum class Kind : uint8_t {
    user,     // the one who made the peer's socket
    nobody,   // it has closed it already, or there is none
    unknown,  // the kernel does not tell, or it is not on IPv4's loopback
  };
  Kind kind = Kind::unknown;
  uid_t user = 0;

  bool operator==(const PeerOwner&) const = default;
};

// Of a peer that is connected to 127.0.0.1:`port`, as the kernel tells it (sock_diag(7)): a few microseconds.
PeerOwner owner_of_peer(const Peer& peer, uint16_t port);

}  // namespace outcrop::net
