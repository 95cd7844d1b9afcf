// https through the client, and both schemes through proxies.
#include <gtest/gtest.h>

#include "net/client_harness_test.h"
#include "net/tls/harness_test.h"

namespace outcrop::net {
namespace {

Task<void> hello(Exchange& exchange) {
  (void)co_await exchange.respond({200}, fmt::format("hello over {}", exchange.head().tls ? "tls" : "tcp"));
}

TestServer::Settings tls_settings() {
  TestServer::Settings settings;
  settings.options.tls = test_server_tls();
  return settings;
}

ClientOptions trusting() { return {.tls = test_client_tls()}; }

Url https_of(const Endpoint& endpoint) {
  Url url = url_of(endpoint);
  url.tls = true;
  return url;
}

TEST(HttpClientTls, AServerWhoseAuthorityIsTrusted) {
  TestServer server(tls_settings(), hello);
  TestHttpClient client(trusting());
  for (int i = 0; i < 3; ++i) {
    Outcome outcome = client.fetch_now(get_request(https_of(server.endpoint)));
    EXPECT_EQ(outcome.body, "hello over tls") << outcome.fault.message;
  }
  EXPECT_EQ(client.stats().opened, 1u);
}

TEST(HttpClientTls, ALargeBodyGoesAndComesWhole) {
  TestServer server(tls_settings(), [](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(10'000'000);
    if (body) (void)co_await exchange.respond({200}, std::move(*body));
  });
  TestHttpClient client(trusting());
  std::string body(5'000'000, 'x');
  EXPECT_TRUE(client.fetch_now(post_request(https_of(server.endpoint), body)).body == body);
}

TEST(HttpClientTls, AnAuthorityNobodyTrustsIsRefused) {
  TestServer server(tls_settings(), hello);
  TestHttpClient client({.tls = TlsClientContext::create().value()});
  Fault fault = client.fetch_now(get_request(https_of(server.endpoint))).fault;
  EXPECT_EQ(fault.code, "TlsVerificationFailed");
  EXPECT_NE(fault.message.find("certificate verify failed: "), std::string::npos) << fault.message;
  EXPECT_EQ(progress_of(fault), RequestProgress::unsent);
  EXPECT_EQ(client.stats().connections, 0u);
}

TEST(HttpClientTls, ACertificateForAnotherNameIsRefused) {
  TestServer server(tls_settings(), hello);
  ThreadPool pool(1);
  Resolver resolver(test_clock, pool, [](const std::string&) { return std::vector{*SocketAddress::from_literal("127.0.0.1", 0)}; });
  RealDialer dialer(resolver);
  TestHttpClient client(trusting(), &dialer);
  Url url = https_of(server.endpoint);
  url.host = "some.outcrop.test";
  EXPECT_EQ(client.fetch_now(get_request(url)).body, "hello over tls");
  url.host = "outcrop.example";
  EXPECT_EQ(client.fetch_now(get_request(url)).fault.code, "TlsVerificationFailed");
}

TEST(HttpClientTls, WithoutAuthoritiesNothingIsSent) {
  ScriptedServer server;
  TestHttpClient client;
  Url url = https_of(server.endpoint);
  EXPECT_EQ(client.fetch_now(get_request(url)).fault.code, "InvalidRequest");
  EXPECT_FALSE(server.has_waiting());
}

TEST(HttpClientTls, RequestsWithAuthoritiesOfTheirOwnHaveConnectionsOfTheirOwn) {
  TestServer server(tls_settings(), hello);
  TestHttpClient client({.tls = TlsClientContext::create().value()});
  ClientRequest request = get_request(https_of(server.endpoint));
  request.tls = test_client_tls();
  EXPECT_EQ(client.fetch_now(request).body, "hello over tls");
  EXPECT_EQ(client.fetch_now(get_request(https_of(server.endpoint))).fault.code, "TlsVerificationFailed");
}

TEST(HttpClientTls, AServerThatSpeaksNoTls) {
  ScriptedServer server;
  TestHttpClient client(trusting());
  auto outcome = client.begin_fetch(get_request(https_of(server.endpoint)));
  ScriptedPeer peer = server.accept();
  peer.receive_bytes(1);
  peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).fault.code, "TlsHandshakeFailed");
}

TEST(HttpClientTls, AHandshakeThatDoesNotEndIsLateOrCancelled) {
  ScriptedServer server;
  TestHttpClient client({.connect_timeout = Milliseconds(20), .tls = test_client_tls()});
  EXPECT_EQ(client.fetch_now(get_request(https_of(server.endpoint))).fault.code, "ConnectTimeout");

  TestHttpClient patient(trusting());
  std::stop_source stop;
  ClientRequest request = get_request(https_of(server.endpoint));
  request.stop = stop.get_token();
  auto outcome = patient.begin_fetch(request);
  server.accept();  // the first one's
  ScriptedPeer peer = server.accept();
  peer.receive_bytes(1);
  stop.request_stop();
  EXPECT_EQ(patient.wait(std::move(outcome)).fault.code, "Cancelled");
}

ClientOptions through(const ScriptedServer& proxy) {
  Proxy named{proxy.endpoint.address, proxy.endpoint.port, "Basic secret"};
  ClientOptions options = trusting();
  options.proxies.http = options.proxies.https = named;
  options.proxies.no_proxy = NoProxy("direct.test");
  return options;
}

TEST(HttpClientProxy, HttpAsksInAbsoluteForm) {
  ScriptedServer proxy;
  TestHttpClient client(through(proxy));
  auto outcome = client.begin_fetch(get_request(parse_url("http://some.host:81/path?x").value()));
  ScriptedPeer peer = proxy.accept();
  EXPECT_EQ(peer.receive_head(),
            "GET http://some.host:81/path?x HTTP/1.1\r\nhost: some.host:81\r\nproxy-authorization: Basic secret\r\n\r\n");
  peer.send("HTTP/1.1 204 x\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

TEST(HttpClientProxy, HttpsGoesThroughATunnel) {
  TestServer server(tls_settings(), hello);
  ScriptedServer proxy;
  TestHttpClient client(through(proxy));
  auto outcome = client.begin_fetch(get_request(https_of(server.endpoint)));
  ScriptedPeer peer = proxy.accept();
  EXPECT_EQ(peer.receive_head(),
            fmt::format("CONNECT {0} HTTP/1.1\r\nhost: {0}\r\nproxy-authorization: Basic secret\r\n\r\n", server.endpoint.text()));
  peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
  TestClient upstream(server);
  std::thread there([&] { upstream.send_all_from(peer); });
  std::thread back([&] { peer.send_all_from(upstream); });
  EXPECT_EQ(client.wait(std::move(outcome)).body, "hello over tls");
  client.close();
  there.join();
  server.shutdown(Milliseconds(0));
  back.join();
}

TEST(HttpClientProxy, AProxyThatOpensNoTunnelIsNotTakenForTheServer) {
  ScriptedServer proxy;
  TestHttpClient client(through(proxy));
  for (std::string_view response :
       {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nevil", "HTTP/1.1 200 OK\r\n\r\nearly bytes", "what", ""}) {
    auto outcome = client.begin_fetch(get_request(parse_url("https://some.host/").value()));
    ScriptedPeer peer = proxy.accept();
    peer.answer(response);
    peer.shut_down_writing();
    Fault fault = client.wait(std::move(outcome)).fault;
    EXPECT_EQ(fault.code, "ProxyRefused") << response;
    EXPECT_EQ(progress_of(fault), RequestProgress::unsent);
  }
}

}  // namespace
}  // namespace outcrop::net
