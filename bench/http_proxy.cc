// What a request costs on its way through the client: an upstream, a gateway in front of it (server, handler, client),
// and, as the limit of what a process between two sockets can do, a relay that copies bytes on the same event loop.
// bench/run starts the three and puts wrk in front of each.
//
// usage: bench_http_proxy upstream ADDRESS
//        bench_http_proxy gateway|relay ADDRESS UPSTREAM_PORT
//
// The upstream stands in for a model server: it answers /stream, and requests for a stream ("stream":true in the body), with 100 tokens,
// one each 5 ms ("interval_ms":N in the body: N ms), and everything else with a small chat completion. The first line printed is the
// address.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/encoding.h"
#include "base/simple_executor.h"
#include "base/task_group.h"
#include "net/channel.h"
#include "net/http_client.h"
#include "net/listener.h"
#include "net/real_dialer.h"
#include "net/server.h"
#include "net/tcp_stream.h"

namespace {

using namespace outcrop;

constexpr int tokens_per_stream = 100;
constexpr Milliseconds token_interval{5};
constexpr std::string_view token =
    "data: "
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"content\":\" rock\"},\"finish_reason\":null}]}\n\n";
constexpr std::string_view stream_end =
    "data: "
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{\"index\":0,"
    "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[],"
    "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":100,\"total_tokens\":109}}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view completion =
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{\"index\":0,"
    "\"message\":"
    "{\"role\":\"assistant\",\"content\":\"An outcrop is where bedrock comes to the surface.\"},\"finish_reason\":\"stop\"}],\"usage\":"
    "{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}";

RealClock clock_of_machine;

Task<void> wait_until(SteadyTime due) {
  Executor& here = *Executor::current();
  Completion<bool> done(here);
  Timer timer = here.start_timer(due, [setter = done.setter()] { setter.set(true); });
  co_await done;
}

class Upstream final : public net::Handler {
 public:
  Task<void> serve(net::Exchange& exchange) override {
    Result<std::string> body = co_await exchange.read_body(size_t{1} << 20);
    if (!body) co_return;
    if (exchange.head().path == "/stream" || body->contains(R"("stream":true)")) co_return co_await stream(exchange, interval_in(*body));
    (void)co_await exchange.respond({200, {{"content-type", "application/json"}}}, std::string(completion));
  }

 private:
  static Milliseconds interval_in(std::string_view body) {
    constexpr std::string_view name = R"("interval_ms":)";
    const size_t at = body.find(name);
    return at == std::string_view::npos ? token_interval : Milliseconds(std::atoi(body.data() + at + name.size()));
  }
  Task<void> stream(net::Exchange& exchange, Milliseconds interval) {
    SteadyTime due = clock_of_machine.steady();
    if (!co_await exchange.start({200, {{"content-type", "text/event-stream"}}})) co_return;
    for (int i = 0; i < tokens_per_stream; ++i) {
      due += interval;
      co_await wait_until(due);
      if (!co_await exchange.write(token)) co_return;
    }
    if (!co_await exchange.write(stream_end)) co_return;
    (void)co_await exchange.finish();
  }
};

// Passes a request on and its answer back: whole when it says how long it is, else part by part as it comes.
class Gateway final : public net::Handler {
 public:
  Gateway(net::HttpClient& client, uint16_t port) : client_(client), upstream_{.host = "127.0.0.1", .port = port} {}

  Task<void> serve(net::Exchange& exchange) override {
    const net::RequestHead& head = exchange.head();
    net::ClientRequest request{.method = head.method, .url = upstream_};
    request.url.target = head.query.empty() ? head.path : fmt::format("{}?{}", head.path, head.query);
    for (const net::Header& header : head.headers) {
      if (!ascii_equal_ignoring_case(header.name, "host")) request.headers.add(header.name, header.value);
    }
    Result<std::string> body = co_await exchange.read_body(size_t{1} << 20);
    if (!body) co_return;
    request.body = std::move(*body);
    Result<std::unique_ptr<net::ClientExchange>> answer = co_await client_.send(std::move(request));
    if (!answer) {
      (void)co_await exchange.respond({answer.error().status}, answer.error().message);
    } else if ((*answer)->content_length()) {
      co_await pass_whole(exchange, **answer);
    } else {
      co_await pass_parts(exchange, **answer);
    }
  }

 private:
  static Task<void> pass_whole(net::Exchange& exchange, net::ClientExchange& answer) {
    Result<std::string> body = co_await answer.read_whole(size_t{1} << 20);
    if (body) (void)co_await exchange.respond(answer.head(), std::move(*body));
  }
  static Task<void> pass_parts(net::Exchange& exchange, net::ClientExchange& answer) {
    if (!co_await exchange.start(answer.head())) co_return;
    for (;;) {
      Result<std::optional<std::string>> part = co_await answer.read_some();
      if (!part) co_return;
      if (!*part) break;
      if (!co_await exchange.write(**part)) co_return;
    }
    (void)co_await exchange.finish();
  }

  net::HttpClient& client_;
  const net::Url upstream_;
};

// Copies bytes between each client and a connection of its own to the upstream.
class Relay final : public net::Listener::Taker {
 public:
  Relay(net::EventLoop& loop, net::Dialer& dialer, uint16_t port) : loop_(loop), dialer_(dialer), port_(port) {}

  bool has_room() override { return true; }
  void somebody_waits() override {}
  void take(net::AcceptedSocket socket) override { connections_.spawn(relay(std::make_unique<net::TcpStream>(loop_, socket.take()))); }

 private:
  Task<void> relay(std::unique_ptr<net::Stream> stream) {
    net::Channel client(loop_, std::move(stream));
    auto dialled = co_await dialer_.dial(loop_, "127.0.0.1", port_, SteadyTime::max(), {});
    if (dialled) {
      net::Channel upstream(loop_, std::move(*dialled));
      TaskGroup back;
      back.spawn(pump(upstream, client));
      co_await pump(client, upstream);
      co_await back.join();
      co_await upstream.closed();
    }
    client.close();
    co_await client.closed();
  }
  // Until either end has gone, which ends the other direction too.
  static Task<void> pump(net::Channel& from, net::Channel& to) {
    while (co_await from.fill(net::limits::read_part_bytes_max, SteadyTime::max()) == net::Channel::End::bytes) {
      if (!co_await to.write({from.buffered()}, net::limits::write_timeout)) break;
      from.consume(from.buffered().size());
    }
    from.close();
    to.close();
  }

  net::EventLoop& loop_;
  net::Dialer& dialer_;
  const uint16_t port_;
  TaskGroup connections_;
};

void print_address(const net::Endpoint& endpoint) {
  std::printf("%s\n", endpoint.text().c_str());
  std::fflush(stdout);
}

void wait_for_end(const sigset_t& ending) {
  int signal;
  sigwait(&ending, &signal);
}

int serve(net::Loops& loops, net::Handler& handler, const char* address, const sigset_t& ending, net::HttpClient* client) {
  SimpleExecutor waiting(clock_of_machine);
  net::BodyBudget budget(clock_of_machine, net::limits::body_budget_bytes);
  net::Server server(loops, budget, handler);
  auto endpoint = server.listen(address);
  if (!endpoint) return 1;
  loops.start();
  print_address(*endpoint);
  wait_for_end(ending);
  waiting.run(server.shutdown(Milliseconds(0)));
  if (client) {
    waiting.run([](net::HttpClient& client, Executor& loop) -> Task<void> {
      Executor& here = *Executor::current();
      co_await loop.enter();
      co_await client.close();
      co_await here.enter();
    }(*client, loops.at(0)));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view mode = argc > 2 ? argv[1] : "";
  bool has_upstream = mode == "gateway" || mode == "relay";
  if (argc != (has_upstream ? 4 : 3) || (!has_upstream && mode != "upstream")) {
    std::fprintf(stderr, "usage: bench_http_proxy upstream ADDRESS | gateway|relay ADDRESS UPSTREAM_PORT\n");
    return 2;
  }
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  ThreadPool pool(1);
  net::Loops loops(clock_of_machine, 1);
  net::Resolver resolver(clock_of_machine, pool);
  net::RealDialer dialer(resolver);
  if (mode == "upstream") {
    Upstream upstream;
    return serve(loops, upstream, argv[2], ending, nullptr);
  }
  uint16_t port = uint16_t(std::atoi(argv[3]));
  if (mode == "gateway") {
    net::HttpClient client(loops.at(0), dialer);
    Gateway gateway(client, port);
    return serve(loops, gateway, argv[2], ending, &client);
  }
  Relay relay(loops.at(0), dialer, port);
  auto listener = net::Listener::open(loops.at(0), argv[2], net::limits::backlog);
  if (!listener) return 1;
  print_address((*listener)->endpoint());
  loops.at(0).post([&] { (*listener)->begin(relay); });
  loops.start();
  wait_for_end(ending);
  std::_Exit(0);  // connections may be open; nothing here is kept
}
