// Names to addresses, and addresses to connections.
#include "net/real_dialer.h"

#include <gtest/gtest.h>

#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

class SettableClock final : public Clock {
 public:
  Instant wall() const override { return test_clock.wall(); }
  Instant real_wall() const override { return test_clock.real_wall(); }
  SteadyTime steady() const override { return test_clock.steady() + offset; }
  Milliseconds offset{0};
};

Result<std::vector<SocketAddress>> addresses(std::initializer_list<std::string_view> literals) {
  std::vector<SocketAddress> all;
  for (std::string_view literal : literals) all.push_back(*SocketAddress::from_literal(literal, 0));
  return all;
}

// Resolves on the calling thread, which waits.
class Names {
 public:
  explicit Names(Resolver::Lookup lookup) : resolver_(clock, pool_, std::move(lookup)) {}

  Result<std::vector<SocketAddress>> resolve(std::string name, Milliseconds time = Milliseconds(20'000), std::stop_token stop = {}) {
    return waiting_.run(resolver_.resolve(std::move(name), 80, test_clock.steady() + time, std::move(stop)));
  }
  std::string texts(std::string name) {
    std::string all;
    for (SocketAddress& address : resolve(std::move(name)).value()) all += address.text() + " ";
    return all;
  }
  SettableClock clock;

 private:
  SimpleExecutor waiting_{test_clock};
  ThreadPool pool_{1};
  Resolver resolver_;
};

TEST(Resolver, AddressesAreNotLookedUp) {
  Names names([](const std::string&) -> Result<std::vector<SocketAddress>> { return fail("HostNotFound", 502, "looked up"); });
  EXPECT_EQ(names.texts("127.0.0.1"), "127.0.0.1:80 ");
  EXPECT_EQ(names.texts("::1"), "[::1]:80 ");
}

TEST(Resolver, TheFamiliesTakeTurns) {
  Names names([](const std::string&) { return addresses({"::1", "::2", "::3", "10.0.0.1"}); });
  EXPECT_EQ(names.texts("a"), "[::1]:80 10.0.0.1:80 [::2]:80 [::3]:80 ");
}

TEST(Resolver, AnswersAreRememberedForAWhile) {
  std::atomic<int> lookups = 0;
  Names names([&](const std::string&) {
    ++lookups;
    return addresses({"127.0.0.1"});
  });
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(names.resolve("a"));
  EXPECT_EQ(lookups, 1);
  names.clock.offset = limits::resolved_name_age;
  EXPECT_TRUE(names.resolve("a"));
  EXPECT_EQ(lookups, 2);
}

TEST(Resolver, FailuresAreNotRemembered) {
  std::atomic<int> lookups = 0;
  Names names([&](const std::string&) -> Result<std::vector<SocketAddress>> {
    if (++lookups == 1) return fail("HostNotFound", 502, "not yet");
    return addresses({"127.0.0.1"});
  });
  EXPECT_EQ(names.resolve("a").error().code, "HostNotFound");
  EXPECT_TRUE(names.resolve("a"));
}

TEST(Resolver, OnlySoManyNamesAreRemembered) {
  std::atomic<size_t> lookups = 0;
  Names names([&](const std::string&) {
    ++lookups;
    return addresses({"127.0.0.1"});
  });
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i <= limits::resolved_names_max; ++i) EXPECT_TRUE(names.resolve(fmt::format("name{}", i)));
  }
  EXPECT_GT(lookups, limits::resolved_names_max + 1);
}

TEST(Resolver, ALookUpThatHangsHoldsNobodyUp) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  Names names([released](const std::string&) {
    released.wait();
    return addresses({"127.0.0.1"});
  });
  EXPECT_EQ(names.resolve("a", Milliseconds(5)).error().code, "ConnectTimeout");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(names.resolve("a", Milliseconds(20'000), stop.get_token()).error().code, "Cancelled");
  for (size_t i = 2; i < limits::lookups_max; ++i) EXPECT_EQ(names.resolve("a", Milliseconds(0)).error().code, "ConnectTimeout");
  EXPECT_EQ(names.resolve("a").error().code, "HostNotFound");  // too many are under way
  release.set_value();
}

TEST(Resolver, TheSystemKnowsLocalhostAndNoInvalidName) {
  EXPECT_TRUE(Resolver::system_lookup("localhost"));
  Result<std::vector<SocketAddress>> none = Resolver::system_lookup("nothing.invalid");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "HostNotFound");
  EXPECT_TRUE(none.error().message.starts_with("Could not resolve nothing.invalid: "));
}

// A request to a name that has these addresses.
Outcome fetch_from(const ScriptedServer& server, std::initializer_list<std::string_view> literals) {
  std::vector<std::string> kept(literals.begin(), literals.end());
  ThreadPool pool(1);
  Resolver resolver(test_clock, pool, [&](const std::string&) {
    std::vector<SocketAddress> all;
    for (auto& literal : kept) all.push_back(*SocketAddress::from_literal(literal, 0));
    return Result<std::vector<SocketAddress>>(std::move(all));
  });
  RealDialer dialer(resolver);
  TestHttpClient client({}, &dialer);
  Url url = server.url();
  url.host = "some.name";
  return client.fetch_now(get_request(url));
}

TEST(RealDialer, TheNextAddressIsTriedWhenOneRefuses) {
  ScriptedServer server;  // on 127.0.0.1 alone
  std::thread answering([&] { server.accept().answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); });
  EXPECT_EQ(fetch_from(server, {"127.0.0.2", "127.0.0.3", "127.0.0.1"}).body, "ok");
  answering.join();
}

TEST(RealDialer, OnlySoManyAddressesAreTried) {
  ScriptedServer server;
  Outcome outcome = fetch_from(server, {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.1"});
  EXPECT_EQ(outcome.fault.code, "ConnectionRefused");
  EXPECT_EQ(outcome.fault.message, fmt::format("Connection to 127.0.0.5:{} refused.", server.endpoint.port));
}

TEST(RealDialer, ANameWithoutAddressesIsNotFound) {
  ScriptedServer server;
  EXPECT_EQ(fetch_from(server, {}).fault.code, "HostNotFound");
}

}  // namespace
}  // namespace outcrop::net
