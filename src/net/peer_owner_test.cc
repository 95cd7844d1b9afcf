#include "net/peer_owner.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

TEST(PeerOwner, IsTheUserWhoConnected) {
  std::atomic<uint16_t> port = 0;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    const PeerOwner owner = owner_of_peer(exchange.head().peer, port);
    (void)co_await exchange.respond({200}, owner.kind == PeerOwner::Kind::user ? std::to_string(owner.user) : "unknown");
  });
  port = server.endpoint.port;
  EXPECT_EQ(TestClient(server).exchange(simple_get).body, std::to_string(getuid()));
}

TEST(PeerOwner, IsNobodyWhereNobodyIsConnected) {
  EXPECT_EQ(owner_of_peer({.address = "127.0.0.1", .port = 1}, 2), PeerOwner{PeerOwner::Kind::nobody});
  EXPECT_EQ(owner_of_peer({.address = "::1", .port = 1}, 2), PeerOwner{PeerOwner::Kind::unknown});
}

}  // namespace
}  // namespace outcrop::net
