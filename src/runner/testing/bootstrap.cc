// A function for tests: this very program, which becomes one when it finds itself in an environment, before any test runs. What it does is
// its handler's name; it speaks to the Runtime API through a plain socket.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/encoding.h"

extern char** environ;

namespace outcrop::runner {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

struct RuntimeReply {
  int status = 0;
  std::string head, body;
  std::string field(std::string_view name) const {
    const std::string lower = ascii_lower(head);
    const size_t at = lower.find("\r\n" + ascii_lower(name) + ": ");
    if (at == std::string::npos) return {};
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// One connection to 127.0.0.1.
class RuntimeConnection {
 public:
  explicit RuntimeConnection(std::string_view endpoint) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int port = 0;
    const std::string_view number = endpoint.substr(endpoint.find(':') + 1);
    std::from_chars(number.data(), number.data() + number.size(), port);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) _exit(99);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RuntimeConnection() { ::close(socket_); }
  RuntimeConnection(const RuntimeConnection&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(size_t(sent));
    }
  }
  RuntimeReply receive() {
    RuntimeReply reply;
    size_t end;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive_more()) return reply;
    }
    reply.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    reply.status = std::atoi(reply.head.c_str() + 9);
    const size_t length = size_t(std::atoll(reply.field("content-length").c_str()));
    while (received_.size() < length && receive_more()) {
    }
    reply.body = received_.substr(0, length);
    received_.erase(0, length);
    return reply;
  }
  // Sends nothing more, and waits until the other side has taken notice.
  void end() {
    ::shutdown(socket_, SHUT_WR);
    while (receive_more()) {
    }
  }
  RuntimeReply get(std::string_view path) {
    send(fmt::format("GET {} HTTP/1.1\r\nHost: runtime\r\n\r\n", path));
    return receive();
  }
  RuntimeReply post(std::string_view path, std::string_view body, std::string_view fields = {}) {
    std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: runtime\r\nContent-Length: {}\r\n{}\r\n", path, body.size(), fields);
    request += body;
    send(request);
    return receive();
  }
  void begin_stream(std::string_view path, std::string_view content_type) {
    send(fmt::format(
        "POST {} HTTP/1.1\r\nHost: runtime\r\nTransfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"
        "Trailer: Lambda-Runtime-Function-Error-Type\r\nTrailer: Lambda-Runtime-Function-Error-Body\r\nContent-Type: {}\r\n\r\n",
        path, content_type));
  }
  void send_part(std::string_view part) { send(fmt::format("{:x}\r\n{}\r\n", part.size(), part)); }
  RuntimeReply end_stream(std::string_view trailers = {}) {
    send(fmt::format("0\r\n{}\r\n", trailers));
    return receive();
  }

 private:
  bool receive_more() {
    char part[65536];
    const ssize_t count = ::recv(socket_, part, sizeof part, 0);
    if (count > 0) received_.append(part, size_t(count));
    return count > 0;
  }

  int socket_ = -1;
  std::string received_;
};

constexpr std::string_view api_version = "/2018-06-01/runtime/";

struct TestEvent {
  RuntimeConnection& api;
  std::string id, payload;
  RuntimeReply reply;

  std::string path(std::string_view what) const { return fmt::format("{}invocation/{}/{}", api_version, id, what); }
  RuntimeReply answer(std::string_view body) const { return api.post(path("response"), body); }
};

void say(std::string_view text) { [[maybe_unused]] const ssize_t written = ::write(1, text.data(), text.size()); }

[[noreturn]] void wait_for_ever() {
  for (;;) ::pause();
}

std::string everything_set() {
  std::string text;
  for (char** one = environ; *one; ++one) text += fmt::format("{}\n", *one);
  return text;
}

void stream_parts(const TestEvent& event) {
  event.api.begin_stream(event.path("response"), "application/vnd.awslambda.http-integration-response");
  for (const char letter : event.payload) event.api.send_part(std::string_view(&letter, 1));
  event.api.end_stream();
}

// Waits for a word of the test, at its endpoint, after each part.
void stream_when_asked(const TestEvent& event) {
  RuntimeConnection test(variable("TEST_ENDPOINT"));
  event.api.begin_stream(event.path("response"), "text/plain");
  for (const std::string_view part : {"first", "second"}) {
    event.api.send_part(part);
    test.get("/sent");
  }
  event.api.end_stream();
}

void stream_and_fail(const TestEvent& event) {
  event.api.begin_stream(event.path("response"), "text/plain");
  event.api.send_part("half");
  event.api.end_stream(fmt::format("Lambda-Runtime-Function-Error-Type: Torn\r\nLambda-Runtime-Function-Error-Body: {}\r\n",
                                   base64(R"({"errorType":"Torn","errorMessage":"in two"})")));
}

// 32 MiB, telling the test's endpoint how far it is.
void stream_much(const TestEvent& event) {
  event.api.begin_stream(event.path("response"), "text/plain");
  const std::string part(1 << 20, 'x');
  RuntimeConnection test(variable("TEST_ENDPOINT"));
  for (int i = 0; i < 32; ++i) {
    event.api.send_part(part);
    test.get("/sent");
  }
  event.api.end_stream();
}

void misbehave(const TestEvent& event) {
  std::string statuses;
  auto note = [&](const RuntimeReply& reply) { statuses += fmt::format("{} ", reply.status); };
  note(event.api.post(fmt::format("{}invocation/{}/response", api_version, "another"), "{}"));
  note(event.api.get("/anything"));
  note(event.api.get(fmt::format("{}invocation/next", api_version)));
  note(event.answer("\"first\""));
  note(event.answer("\"second\""));
  note(event.api.post(event.path("error"), "not JSON"));
  say(statuses + "\n");
}

// Another poll while one waits.
void poll_twice(const TestEvent& event) {
  event.answer("\"well\"");
  RuntimeConnection other(variable("AWS_LAMBDA_RUNTIME_API"));
  event.api.send(fmt::format("GET {}invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n", api_version));
  RuntimeReply refused;
  while (refused.status != 403) refused = other.get(fmt::format("{}invocation/{}", api_version, "next"));
  say(fmt::format("refused {}\n", refused.body));
  wait_for_ever();
}

// Asks for an event again and again, whatever it is told to do.
[[noreturn]] void cling(const TestEvent& event) {
  ::signal(SIGTERM, SIG_IGN);
  event.answer(std::to_string(getpid()));
  for (;;) {
    RuntimeConnection api(variable("AWS_LAMBDA_RUNTIME_API"));
    api.send(fmt::format("GET {}invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n", api_version));
    ::poll(nullptr, 0, 100);
  }
}

// More than it may have.
void eat() {
  for (int parts = 0; parts < 60; ++parts) {
    constexpr size_t bytes = 10 << 20;
    void* part = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::memset(part, parts + 1, bytes);
  }
  wait_for_ever();
}

using TestHandler = std::function<void(const TestEvent&)>;

const std::map<std::string, TestHandler>& test_handlers() {
  static const std::map<std::string, TestHandler> handlers = {
      {"echo", [](const TestEvent& event) { event.answer(event.payload); }},
      {"fields", [](const TestEvent& event) { event.answer(event.reply.head); }},
      {"variables", [](const TestEvent& event) { event.answer(everything_set()); }},
      {"process", [](const TestEvent& event) { event.answer(std::to_string(getpid())); }},
      {"fail",
       [](const TestEvent& event) {
         event.api.post(event.path("error"), R"({"errorType":"Sorry","errorMessage":"no"})",
                        "Lambda-Runtime-Function-Error-Type: Sorry\r\n");
       }},
      {"hang", [](const TestEvent&) { wait_for_ever(); }},
      {"exit", [](const TestEvent& event) { _exit(std::atoi(event.payload.c_str())); }},
      {"answer-and-exit",
       [](const TestEvent& event) {
         event.api.send(fmt::format("POST {} HTTP/1.1\r\nHost: runtime\r\nContent-Length: {}\r\n\r\n{}", event.path("response"),
                                    event.payload.size(), event.payload));
         _exit(0);
       }},
      {"signal", [](const TestEvent& event) { ::raise(std::atoi(event.payload.c_str())); }},
      {"say",
       [](const TestEvent& event) {
         say(event.payload + "\n");
         event.answer("\"said\"");
       }},
      {"large", [](const TestEvent& event) { event.answer(std::string(size_t(std::atoll(event.payload.c_str())), 'x')); }},
      {"break-off",
       [](const TestEvent& event) {
         RuntimeConnection other(variable("AWS_LAMBDA_RUNTIME_API"));
         other.send(fmt::format("POST {} HTTP/1.1\r\nHost: runtime\r\nContent-Length: 100\r\n\r\nhalf", event.path("response")));
         other.end();
       }},
      {"linger",
       [](const TestEvent& event) {
         event.answer("\"early\"");
         wait_for_ever();
       }},
      {"fork",
       [](const TestEvent& event) {
         const pid_t child = ::fork();
         if (child == 0) wait_for_ever();
         event.answer(std::to_string(child));
       }},
      {"ask",
       [](const TestEvent& event) {
         RuntimeConnection test(variable("TEST_ENDPOINT"));
         event.answer(test.post("/ask", event.payload).body);
       }},
      {"cling", cling},
      {"eat", [](const TestEvent&) { eat(); }},
      {"runtime-api", [](const TestEvent& event) { event.answer(variable("AWS_LAMBDA_RUNTIME_API")); }},
      {"stream", stream_parts},
      {"stream-when-asked", stream_when_asked},
      {"stream-and-fail", stream_and_fail},
      {"stream-much", stream_much},
      {"misbehave", misbehave},
      {"poll-twice", poll_twice},
  };
  return handlers;
}

[[noreturn]] void be_a_function() {
  const std::string handler = variable("_HANDLER");
  RuntimeConnection api(variable("AWS_LAMBDA_RUNTIME_API"));
  if (handler == "never-poll") wait_for_ever();
  if (handler == "exit-at-init") _exit(3);
  if (handler == "fail-at-init") {
    api.post(fmt::format("{}init/error", api_version), R"({"errorType":"Runtime.ImportModuleError","errorMessage":"no such module"})",
             "Lambda-Runtime-Function-Error-Type: Runtime.ImportModuleError\r\n");
    _exit(129);
  }
  for (;;) {
    const RuntimeReply next = api.get(fmt::format("{}invocation/next", api_version));
    if (next.status != 200) _exit(98);
    test_handlers().at(handler)({api, next.field("Lambda-Runtime-Aws-Request-Id"), next.body, next});
  }
}

// Before main, so that the tests' own main need not know of it.
[[maybe_unused]] const bool is_a_test = [] {
  if (std::getenv("AWS_LAMBDA_RUNTIME_API")) be_a_function();
  return true;
}();

}  // namespace
}  // namespace outcrop::runner
