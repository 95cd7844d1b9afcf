// Clients on their way in: what they have to say, who decides, and what is left when they are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/connection/testing/connection_rig.h"

namespace outcrop::gateway {
namespace {

using net::websocket_request;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

class GatewayHandshake : public testing::Test {
 protected:
  net::TestClient::Response ask(std::string_view request) {
    net::TestClient client(rig.server);
    return client.exchange(request);
  }
  std::string to_host(std::string_view host, std::string_view path) {
    std::string request = websocket_request(path);
    constexpr std::string_view usual = "Host: localhost";
    return request.replace(request.find(usual), usual.size(), fmt::format("Host: {}", host));
  }
  net::Gate gate;  // outlives what waits at it
  ConnectionRig rig;
};

TEST_F(GatewayHandshake, AClientIsLetInOnceConnectHasSaidSo) {
  rig.events.on_connect = [](const Handshake& handshake) -> Task<Result<net::Headers>> {
    EXPECT_EQ(handshake.head.headers.get("x-token"), "t");
    co_return net::Headers{{"sec-websocket-protocol", "chat"}};
  };
  auto response = ask(websocket_request(rig.path, "X-Token: t\r\nSec-WebSocket-Protocol: chat\r\n"));
  EXPECT_EQ(response.status, 101);
  EXPECT_EQ(response.headers.get("sec-websocket-protocol"), "chat");
  EXPECT_EQ(rig.events.next(), "connect api1/live");
}

TEST_F(GatewayHandshake, TheConnectionsIdIsOneOfAws) {
  auto client = rig.connect();
  EXPECT_THAT(rig.last_id(), MatchesRegex("[A-Za-z0-9_-]{15}="));
}

TEST_F(GatewayHandshake, AnApiIsReachedByItsHosts) {
  for (std::string_view host :
       {"api1.execute-api.eu-central-1.amazonaws.com", "api1.execute-api.localhost:4566", "API1.Execute-API.localhost."}) {
    EXPECT_EQ(ask(to_host(host, "/live")).status, 101) << host;
    EXPECT_EQ(rig.events.next(), "connect api1/live");
    EXPECT_EQ(rig.events.last_context().record.domain_name, host);
    EXPECT_THAT(rig.events.next(), testing::StartsWith("disconnect"));
  }
}

TEST_F(GatewayHandshake, AnApiIsReachedByACustomDomainName) {
  EXPECT_EQ(ask(to_host("Chat.example.com:4566", "/v1")).status, 101);
  EXPECT_EQ(ask(to_host("chat.example.com", "/v1/")).status, 101);
  EXPECT_EQ(ask(to_host("chat.example.com", "/v2")).status, 403);
}

TEST_F(GatewayHandshake, WhatIsNoStageIsForbidden) {
  for (std::string_view path : {"/_aws/execute-api/api1/other", "/_aws/execute-api/none/live", "/_aws/execute-api/api1", "/elsewhere",
                                "/_aws/execute-api/api1/live/deeper"}) {
    auto response = ask(websocket_request(path));
    EXPECT_EQ(response.status, 403) << path;
    EXPECT_EQ(response.body, R"({"message": "Forbidden"})");
  }
  EXPECT_TRUE(rig.events.is_quiet());
}

TEST_F(GatewayHandshake, WhatIsNoWebSocketIsForbidden) {
  auto response = ask(net::http1_get(rig.path));
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, R"({"message": "Forbidden"})");
  EXPECT_EQ(response.headers.get("x-amzn-errortype"), "ForbiddenException");
}

TEST_F(GatewayHandshake, AnOldVersionIsToldTheRightOne) {
  std::string old = websocket_request(rig.path);
  old.replace(old.find("Version: 13"), 11, "Version: 8");
  auto response = ask(old);
  EXPECT_EQ(response.status, 426);
  EXPECT_EQ(response.headers.get("sec-websocket-version"), "13");
}

TEST_F(GatewayHandshake, AnAuthorizerRefusesBeforeConnectHears) {
  rig.events.on_authorize = [](ConnectionContext&) -> Task<Result<void>> { co_return fail("UnauthorizedException", 401, "Unauthorized"); };
  auto response = ask(websocket_request(rig.path));
  EXPECT_EQ(response.status, 401);
  EXPECT_THAT(response.body, MatchesRegex(R"(\{"message": "Unauthorized", "connectionId":"[^"]{16}", "requestId":"[^"]+"\})"));
  EXPECT_TRUE(rig.events.is_quiet());
  EXPECT_THAT(rig.kept(), IsEmpty());
}

TEST_F(GatewayHandshake, WhatTheAuthorizerSaysIsKeptWithTheConnection) {
  rig.events.on_authorize = [](ConnectionContext& connection) -> Task<Result<void>> {
    connection.record.authorizer = R"({"principalId":"me"})";
    co_return {};
  };
  auto client = rig.connect();
  auto kept = rig.run(rig.connections.records().find(rig.last_id()));
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->record.authorizer, R"({"principalId":"me"})");
  EXPECT_EQ((*kept)->record.account, "111122223333");
  EXPECT_EQ((*kept)->record.source_ip, "127.0.0.1");
}

TEST_F(GatewayHandshake, WhomConnectRefusesLeavesNothing) {
  rig.events.on_connect = [](const Handshake&) -> Task<Result<net::Headers>> { co_return fail("ForbiddenException", 403, "Forbidden"); };
  EXPECT_EQ(ask(websocket_request(rig.path)).status, 403);
  EXPECT_EQ(rig.events.next(), "connect api1/live");
  EXPECT_THAT(rig.kept(), IsEmpty());
  EXPECT_EQ(rig.guards.released, 1);
  rig.stop(net::generous);
  EXPECT_TRUE(rig.events.is_quiet()) << "a connection that never was is not ended";
}

TEST_F(GatewayHandshake, WhatAnIntegrationRefusesWithIsTheAnswer) {
  rig.events.on_connect = [](const Handshake&) -> Task<Result<net::Headers>> { co_return fail("INTEGRATION_REFUSED", 418, "a teapot"); };
  const auto response = ask(websocket_request(rig.path));
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(response.body, "a teapot");
}

TEST_F(GatewayHandshake, TheRecordIsKeptBeforeConnectHears) {
  rig.events.on_connect = [this](const Handshake&) -> Task<Result<net::Headers>> {
    co_await gate.pass();
    co_return net::Headers();
  };
  net::TestClient client(rig.server);
  client.send(websocket_request(rig.path));
  gate.wait_for_arrivals(1);
  EXPECT_THAT(rig.kept(), SizeIs(1));
  EXPECT_EQ(rig.run(rig.connections.get(rig.kept().front())).error().code, "GoneException") << "it is not open yet";
  gate.open();
  EXPECT_EQ(client.receive().status, 101);
}

TEST_F(GatewayHandshake, AClientThatGoesBeforeItIsLetInGetsItsDisconnect) {
  rig.events.on_connect = [this](const Handshake& handshake) -> Task<Result<net::Headers>> {
    co_await gate.pass(handshake.exchange.stop_token());
    co_return net::Headers();
  };
  net::TestClient client(rig.server);
  client.send(websocket_request(rig.path));
  gate.wait_for_arrivals(1);
  client.reset();
  EXPECT_EQ(rig.events.next(), "connect api1/live");
  EXPECT_EQ(rig.events.next(), "disconnect 1006 ");
}

TEST_F(GatewayHandshake, AConnectThatThrowsIsAnInternalError) {
  rig.events.on_connect = [](const Handshake&) -> Task<Result<net::Headers>> { throw std::runtime_error("a bug"); };
  EXPECT_EQ(ask(websocket_request(rig.path)).status, 500);
  EXPECT_THAT(rig.kept(), IsEmpty());
}

TEST_F(GatewayHandshake, WithoutAPlaceForItsRecordNobodyIsLetIn) {
  rig.test.store.fail_writes(1);
  EXPECT_EQ(ask(websocket_request(rig.path)).status, 500);
  EXPECT_TRUE(rig.events.is_quiet());
}

}  // namespace
}  // namespace outcrop::gateway
