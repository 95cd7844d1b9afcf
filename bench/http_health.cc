// The cost of HTTP alone: a server whose one handler answers a short constant, to be held against a web server's
// static answer (what bench/run does with the whole server). Arguments: address, number of loops.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/simple_executor.h"
#include "net/server.h"

namespace {

using namespace outcrop;

class Health final : public net::Handler {
 public:
  Task<void> serve(net::Exchange& exchange) override {
    (void)co_await exchange.respond({200, {{"content-type", "text/plain"}}}, "{\"status\":\"ok\"}\n");
  }
};

// Reads what is sent, as a whole, and says how long it was.
class Sink final : public net::Handler {
 public:
  Task<void> serve(net::Exchange& exchange) override {
    Result<std::string> body = co_await exchange.read_body(size_t{16} << 20);
    int status = body ? 200 : body.error().status;
    (void)co_await exchange.respond({status}, body ? fmt::format("{}\n", body->size()) : body.error().message);
  }
};

class Routes final : public net::Handler {
 public:
  Task<void> serve(net::Exchange& exchange) override {
    return exchange.head().method == "POST" ? sink_.serve(exchange) : health_.serve(exchange);
  }

 private:
  Health health_;
  Sink sink_;
};

}  // namespace

int main(int argc, char** argv) {
  const char* address = argc > 1 ? argv[1] : "127.0.0.1:0";
  size_t count = argc > 2 ? size_t(std::atoi(argv[2])) : 1;

  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  RealClock clock;
  SimpleExecutor waiting(clock);
  net::Loops loops(clock, count);
  net::BodyBudget budget(clock, net::limits::body_budget_bytes);
  Routes routes;
  net::Server server(loops, budget, routes);
  auto endpoint = server.listen(address);
  if (!endpoint) {
    std::fprintf(stderr, "%s\n", endpoint.error().message.c_str());
    return 1;
  }
  loops.start();
  std::printf("http://%s\n", endpoint->text().c_str());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&ending, &signal);
  waiting.run(server.shutdown(Milliseconds(1000)));
}
