#include "net/harness_test.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http1/parser.h"

namespace outcrop::net {

namespace {

constexpr int wait_ms_max = 20'000;

bool is_ready(int socket, short events) {
  pollfd ready{socket, events, 0};
  return ::poll(&ready, 1, wait_ms_max) == 1;
}

}  // namespace

TestServer::TestServer(Settings settings, FunctionHandler::Function function)
    : waiting(test_clock),
      loops(test_clock, settings.loops),
      budget(test_clock, settings.budget_bytes),
      handler(std::move(function)),
      server(loops, budget, handler, settings.options),
      endpoint(server.listen(settings.address).value()) {
  loops.start();
}

TestServer::~TestServer() {
  if (!shut_down_) shutdown(Milliseconds(0));
}

void TestServer::shutdown(Milliseconds grace) {
  shut_down_ = true;
  waiting.run(server.shutdown(grace));
}

TestClient::TestClient(const Endpoint& endpoint, int receive_buffer_bytes) : socket_(connected_socket(endpoint, receive_buffer_bytes)) {
  check(socket_ >= 0, "the test client cannot connect");
}

int TestClient::connected_socket(const Endpoint& endpoint, int receive_buffer_bytes) {
  bool ipv6 = endpoint.address.contains(':');
  int socket = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer_bytes) ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  sockaddr_in v4{.sin_family = AF_INET, .sin_port = htons(endpoint.port)};
  sockaddr_in6 v6{.sin6_family = AF_INET6, .sin6_port = htons(endpoint.port)};
  inet_pton(ipv6 ? AF_INET6 : AF_INET, endpoint.address.c_str(), ipv6 ? static_cast<void*>(&v6.sin6_addr) : &v4.sin_addr);
  const sockaddr* address = ipv6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  if (::connect(socket, address, ipv6 ? sizeof v6 : sizeof v4) == 0) return socket;
  ::close(socket);
  return -1;
}

TestClient::~TestClient() { close(); }

void TestClient::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void TestClient::reset() {
  linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void TestClient::shut_down_writing() { ::shutdown(socket_, SHUT_WR); }

void TestClient::send(std::string_view bytes) {
  while (!bytes.empty() && is_ready(socket_, POLLOUT)) {
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return;
    bytes.remove_prefix(size_t(sent));
  }
}

bool TestClient::receive_more() {
  char part[65536];
  check(is_ready(socket_, POLLIN), "the test client waits in vain");
  ssize_t bytes = ::recv(socket_, part, sizeof part, 0);
  if (bytes > 0) received_.append(part, size_t(bytes));
  return bytes > 0;
}

std::string TestClient::take(size_t bytes) {
  while (received_.size() < bytes && receive_more()) {
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

// Without its end; empty also at the end of the connection.
std::string TestClient::take_line() {
  size_t end;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!receive_more()) return {};
  }
  std::string line = take(end);
  take(2);
  return line;
}

TestClient::Response TestClient::receive(bool to_head) {
  Response response;
  response.head = take_line();
  if (response.head.empty()) return response;
  response.status = std::stoi(response.head.substr(9, 3));
  auto fields = [this](Headers& into) {
    for (std::string line = take_line(); !line.empty(); line = take_line()) {
      size_t colon = line.find(": ");
      into.add(line.substr(0, colon), line.substr(colon + 2));
    }
  };
  fields(response.headers);
  if (to_head || response.status < 200 || response.status == 204 || response.status == 304) return response;
  if (auto* length = response.headers.find("content-length")) {
    response.body = take(std::stoul(*length));
  } else if (response.headers.get("transfer-encoding") == "chunked") {
    for (;;) {
      size_t bytes = std::stoul("0" + take_line(), nullptr, 16);
      if (bytes == 0) break;
      response.body += take(bytes);
      take(2);
    }
    fields(response.trailers);
  } else {
    response.body = receive_rest();
  }
  return response;
}

bool TestClient::is_closed_by_server() { return received_.empty() && !receive_more(); }

std::string TestClient::receive_rest() {
  while (receive_more()) {
  }
  return std::exchange(received_, {});
}

void TestClient::send_all_from(TestClient& other) {
  while (other.receive_more()) send(std::exchange(other.received_, {}));
  shut_down_writing();
}

void Gate::open() {
  std::lock_guard lock(mutex_);
  open_ = true;
  for (auto& setter : waiting_) setter.set(true);
  waiting_.clear();
}

Task<bool> Gate::pass(std::stop_token stop) {
  Completion<bool> done(*Executor::current());
  auto setter = done.setter();
  {
    std::lock_guard lock(mutex_);
    ++arrivals_;
    if (open_) {
      setter.set(true);
    } else {
      waiting_.push_back(setter);
    }
  }
  changed_.notify_all();
  std::stop_callback on_stop(stop, [&] { setter.set(false); });
  co_return co_await done;
}

void Gate::wait_for_arrivals(size_t count) {
  std::unique_lock lock(mutex_);
  bool arrived = changed_.wait_for(lock, Milliseconds(wait_ms_max), [&] { return arrivals_ >= count; });
  check(arrived, "the handler was not reached");
}

}  // namespace outcrop::net
