// Whose the other end of a loopback connection is: what a server needs that serves one user of this machine and no other.
#pragma once
#include <sys/types.h>

#include <optional>

#include "net/http.h"

namespace outcrop::net {

// The user who made the socket of a peer that is connected to 127.0.0.1:`port`, as the kernel tells it (sock_diag(7)); a few microseconds.
// None where it cannot be known: the peer has closed it, is not on IPv4's loopback, or the kernel gives no answer.
std::optional<uid_t> owner_of_peer(const Peer& peer, uint16_t port);

}  // namespace outcrop::net
