#include "net/peer_owner.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

namespace outcrop::net {

namespace {

struct DiagnosticRequest {
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

// Asks for the one socket that stands at the peer's end.
DiagnosticRequest request_for(const in_addr& address, uint16_t peer_port, uint16_t port) {
  DiagnosticRequest request;
  request.header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST};
  request.body.sdiag_family = AF_INET;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = ~0u;
  inet_diag_sockid& id = request.body.id;
  id.idiag_sport = htons(peer_port);
  id.idiag_dport = htons(port);
  id.idiag_src[0] = address.s_addr;
  id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

template <class T>
std::optional<T> read_message(std::string_view answer, size_t at) {
  T message;
  if (answer.size() < at + sizeof message) return std::nullopt;
  std::memcpy(&message, answer.data() + at, sizeof message);
  return message;
}

PeerOwner owner_in(std::string_view answer) {
  const auto header = read_message<nlmsghdr>(answer, 0);
  if (header && header->nlmsg_type == NLMSG_ERROR) {
    const auto problem = read_message<nlmsgerr>(answer, NLMSG_HDRLEN);
    return {problem && problem->error == -ENOENT ? PeerOwner::Kind::nobody : PeerOwner::Kind::unknown};
  }
  const auto message = read_message<inet_diag_msg>(answer, NLMSG_HDRLEN);
  if (!header || header->nlmsg_type != SOCK_DIAG_BY_FAMILY || !message) return {};
  if (message->idiag_inode == 0) return {PeerOwner::Kind::nobody};
  return {PeerOwner::Kind::user, message->idiag_uid};
}

struct NetlinkSocket {
  explicit NetlinkSocket(int descriptor) : descriptor(descriptor) {}
  ~NetlinkSocket() {
    if (descriptor >= 0) ::close(descriptor);
  }
  int descriptor;
};

}  // namespace

PeerOwner owner_of_peer(const Peer& peer, uint16_t port) {
  in_addr address{};
  if (inet_pton(AF_INET, peer.address.c_str(), &address) != 1) return {};
  const NetlinkSocket netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (netlink.descriptor < 0) return {};
  const DiagnosticRequest request = request_for(address, peer.port, port);
  if (::send(netlink.descriptor, &request, sizeof request, 0) != ssize_t(sizeof request)) return {};
  // The kernel answers within the call that asks.
  alignas(nlmsghdr) std::array<char, 4096> answer;
  const ssize_t bytes = ::recv(netlink.descriptor, answer.data(), answer.size(), MSG_DONTWAIT);
  return bytes > 0 ? owner_in({answer.data(), size_t(bytes)}) : PeerOwner{};
}

}  // namespace outcrop::net
