// Integrations that ask endpoints over HTTP.
#include "gateway/event/testing/event_harness.h"

namespace outcrop::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct HttpIntegrations : EventHarness {
  ApiMaker api;
  net::ScriptedServer endpoint;

  IntegrationRecord to_endpoint(std::string type, std::string path) {
    return {.type = std::move(type),
            .method = "POST",
            .uri = endpoint.url().scheme() == "http" ? "http://" + endpoint.url().authority() + path : ""};
  }
  // Sends a message, and has the endpoint answer; gives what the client gets.
  std::string send_and_answer(std::string message, std::string_view response, std::string* asked = nullptr) {
    auto answer = rig.begin([&, message = std::move(message)] { return events->message(connection, {.data = message}); });
    net::ScriptedPeer peer = endpoint.accept();
    std::string request = peer.receive_head();
    const size_t at = request.find("content-length: ");
    if (at != request.npos) request += peer.receive_bytes(std::stoul(request.substr(at + 16)));
    if (asked) *asked = request;
    peer.send(response);
    const auto got = net::TestHttpClient::wait(std::move(answer));
    return got ? got->data : "";
  }
};

TEST_F(HttpIntegrations, AProxyPassesTheMessageOnAndTheAnswerBack) {
  IntegrationRecord record = to_endpoint("HTTP_PROXY", "/ask?v=1");
  record.request_parameters.emplace();
  (*record.request_parameters)["integration.request.header.connectionId"] = "context.connectionId";
  (*record.request_parameters)["integration.request.querystring.who"] = "route.request.body.user";
  api.route("ask", std::move(record));
  api.answers("ask");
  serve(api);
  std::string request;
  EXPECT_EQ(send_and_answer(R"({"action":"ask"})", "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nbecause", &request), "because");
  EXPECT_THAT(request, testing::StartsWith("POST /ask?v=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("connectionId: L0SM9cOFvHcCIhw=\r\n"));
  EXPECT_THAT(request, EndsWith(R"({"action":"ask"})"));
}

TEST_F(HttpIntegrations, AMappedOneSendsItsTemplateAndAnswersByTheStatus) {
  IntegrationRecord record = to_endpoint("HTTP", "/users/{id}");
  record.request_templates.emplace();
  (*record.request_templates)["$default"] = R"({"from":"$context.connectionId"})";
  record.request_parameters.emplace();
  (*record.request_parameters)["integration.request.path.id"] = "route.request.body.user";
  api.route("ask", std::move(record));
  api.answers("ask");
  IntegrationResponseRecord& response = api.integration_response("/4\\d\\d/");
  response.templates.emplace();
  (*response.templates)["$default"] = R"(no $input.path('$.name'))";
  serve(api);
  std::string request;
  EXPECT_EQ(send_and_answer(R"({"action":"ask","user":"a/b"})", "HTTP/1.1 404 Not Found\r\ncontent-length: 14\r\n\r\n{\"name\":\"Ada\"}",
                            &request),
            "no Ada");
  EXPECT_THAT(request, testing::StartsWith("POST /users/a%2Fb HTTP/1.1\r\n"));
  EXPECT_THAT(request, EndsWith(R"({"from":"L0SM9cOFvHcCIhw="})"));
}

TEST_F(HttpIntegrations, AnEndpointThatTakesTooLongIsATimeOut) {
  IntegrationRecord record = to_endpoint("HTTP_PROXY", "/");
  record.timeout_ms = 50;
  api.route("ask", std::move(record));
  serve(api);
  auto answer = rig.begin([&] { return events->message(connection, {.data = R"({"action":"ask"})"}); });
  net::ScriptedPeer peer = endpoint.accept();
  EXPECT_THAT(net::TestHttpClient::wait(std::move(answer))->data, HasSubstr("Endpoint request timed out"));
}

TEST_F(HttpIntegrations, AnEndpointThatIsNotThereIsAnInternalServerError) {
  api.route("ask", {.type = "HTTP_PROXY", .method = "POST", .uri = "http://127.0.0.1:1/"});
  api.route("dream", {.type = "HTTP_PROXY", .method = "POST", .uri = "no url"});
  serve(api);
  for (const char* action : {"ask", "dream"}) {
    auto answer = rig.run([&] { return events->message(connection, {.data = fmt::format(R"({{"action":"{}"}})", action)}); });
    EXPECT_THAT(answer->data, HasSubstr("Internal server error"));
  }
  EXPECT_EQ(guards.recorded[0].status, 502);
  EXPECT_EQ(guards.recorded[1].status, 500);
}

TEST_F(HttpIntegrations, AnAnswerThatIsTooLargeIsRefusedBeforeItIsKept) {
  api.route("ask", to_endpoint("HTTP_PROXY", "/"));
  serve(api);
  EXPECT_THAT(send_and_answer(R"({"action":"ask"})", "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n"),
              HasSubstr("Internal server error"));
  EXPECT_THAT(guards.recorded.back().integration_error, HasSubstr("ResponseTooLarge"));
}

}  // namespace
}  // namespace outcrop::gateway
