// A function in C++ for the runtimes provided.al2 and provided.al2023, for tests and figures: one kept connection to the Runtime API,
// blocking, without a library. Its handler is echo, which answers the event, or length, which answers how many bytes it has.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

struct Event {
  std::string request_id, body;
};

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "echo_bootstrap: %s\n", what);
  std::exit(1);
}

int connect_to(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) give_up("AWS_LAMBDA_RUNTIME_API is not HOST:PORT");
  sockaddr_in where{
      .sin_family = AF_INET, .sin_port = htons(uint16_t(std::atoi(address.data() + colon + 1))), .sin_addr = {}, .sin_zero = {}};
  if (inet_pton(AF_INET, std::string(address.substr(0, colon)).c_str(), &where.sin_addr) != 1) give_up("the host is no IPv4 address");
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) give_up("the Runtime API cannot be reached");
  return connection;
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) give_up("the Runtime API closed the connection");
    bytes.remove_prefix(size_t(sent));
  }
}

// A header's value; names are compared as our server writes them, in lower case or not.
std::string_view header(std::string_view head, std::string_view name) {
  for (size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    const std::string_view text = head.substr(line + 2, head.find("\r\n", line + 2) - line - 2);
    if (text.size() <= name.size() || text[name.size()] != ':') continue;
    bool is_same = true;
    for (size_t i = 0; i < name.size() && is_same; ++i) is_same = (text[i] | 0x20) == (name[i] | 0x20);
    if (!is_same) continue;
    const std::string_view value = text.substr(name.size() + 1);
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

// The next answer on the connection; `received` keeps what came after it.
Event read_answer(int connection, std::string& received) {
  char part[65536];
  size_t end = 0, size = 0;
  for (;;) {
    end = received.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::string_view head = std::string_view(received).substr(0, end);
      size = end + 4 + std::strtoull(std::string(header(head, "content-length")).c_str(), nullptr, 10);
      if (received.size() >= size) break;
    }
    const ssize_t count = recv(connection, part, sizeof part, 0);
    if (count <= 0) give_up("the Runtime API closed the connection");
    received.append(part, size_t(count));
  }
  Event event{.request_id = std::string(header(std::string_view(received).substr(0, end), "lambda-runtime-aws-request-id")),
              .body = received.substr(end + 4, size - end - 4)};
  received.erase(0, size);
  return event;
}

}  // namespace

int main() {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  const char* handler = std::getenv("_HANDLER");
  if (!address) give_up("AWS_LAMBDA_RUNTIME_API is not set");
  const bool tells_length = handler && std::string_view(handler) == "length";
  const int connection = connect_to(address);
  const std::string host = "Host: " + std::string(address) + "\r\n";
  const std::string next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n" + host + "\r\n";
  std::string received;
  send_all(connection, next);
  for (;;) {
    const Event event = read_answer(connection, received);
    const std::string result = tells_length ? std::to_string(event.body.size()) : event.body;
    // The response, and in the same breath the request for the next event.
    send_all(connection, "POST /2018-06-01/runtime/invocation/" + event.request_id + "/response HTTP/1.1\r\n" + host +
                             "Content-Type: application/json\r\nContent-Length: " + std::to_string(result.size()) + "\r\n\r\n" + result +
                             next);
    read_answer(connection, received);
  }
}
