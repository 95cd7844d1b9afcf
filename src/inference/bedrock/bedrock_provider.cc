#include "inference/bedrock/bedrock_provider.h"

#include <fmt/format.h>

#include <charconv>

#include "auth/credentials/remote_credentials.h"
#include "auth/sigv4.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "inference/bedrock/invoked_embedding.h"
#include "inference/bedrock/limits.h"
#include "inference/bedrock/upstream_fault.h"
#include "inference/converse/converse_request.h"
#include "inference/refusal.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

namespace {

constexpr std::string_view upstream_requests_name = "outcrop_model_requests_total";
constexpr std::string_view upstream_requests_help = "Requests to model servers, by how they ended before the first token.";
constexpr std::string_view signing_name = "bedrock";
constexpr std::string_view input_tokens_field = "x-amzn-bedrock-input-token-count";

std::vector<net::Url> urls_of(const std::vector<BedrockRegion>& regions) {
  std::vector<net::Url> urls;
  for (const BedrockRegion& region : regions) urls.push_back(region.url);
  return urls;
}

// What an upstream says instead of an answer.
Task<Fault> refusal_by(net::ClientExchange& exchange) {
  Result<std::string> body = co_await keep(exchange.read_whole(limits::upstream_error_bytes_max));
  co_return fault_of_response(exchange.head(), body ? *body : std::string());
}

bool has_tool_blocks(const Conversation& conversation) {
  return std::ranges::any_of(conversation.messages, [](const Message& message) {
    return std::ranges::any_of(message.content, [](const ContentBlock& block) {
      return std::holds_alternative<ToolUseBlock>(block) || std::holds_alternative<ToolResultBlock>(block);
    });
  });
}

// Converse does not know the choice of no tool: it is the choice of a conversation without tools. Answers of the platform's own tools
// hold content that no answer of ours can.
Result<void> make_expressible(Conversation& conversation) {
  if (std::ranges::any_of(conversation.tools, [](const Tool& tool) { return std::holds_alternative<SystemTool>(tool); }))
    return refused("Tools of the model's own platform cannot be asked of an upstream yet.");
  if (!conversation.tool_choice || conversation.tool_choice->kind != ToolChoice::Kind::none) return {};
  if (has_tool_blocks(conversation)) return refused("The upstream cannot be told to use no tool in a conversation that has used tools.");
  conversation.tools.clear();
  conversation.tool_choice.reset();
  return {};
}

int64_t number_in(std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max<int64_t>(0, number);
}

}  // namespace

net::Url bedrock_url(std::string_view region) {
  return {.tls = true,
          .userinfo = {},
          .host = fmt::format("bedrock-runtime.{}.{}", region, auth::domain_of_region(region)),
          .port = 443,
          .target = {}};
}

BedrockProvider::BedrockProvider(BedrockOptions options, std::unique_ptr<auth::CredentialCache> credentials, World world)
    : options_(std::move(options)), credentials_(std::move(credentials)), world_(world), endpoints_(urls_of(options_.regions)) {
  check(credentials_ || !options_.api_key.empty(), "an upstream has neither a key nor credentials");
  for (const BedrockRegion& region : options_.regions) {
    const std::string server = fmt::format("{}://{}{}", region.url.scheme(), region.url.authority(), region.url.target);
    auto counter = [&](std::string outcome) -> Counter& {
      return world_.metrics.counter(upstream_requests_name, upstream_requests_help, {{"server", server}, {"outcome", std::move(outcome)}});
    };
    counters_.push_back({counter("answered"), counter("failed")});
  }
}

// "/model/us.anthropic.claude-…%3A0/converse"
std::string BedrockProvider::path_of(std::string_view model_id, std::string_view asked_id, std::string_view operation) const {
  std::string id(options_.upstream_model.empty() ? asked_id.empty() ? model_id : asked_id : options_.upstream_model);
  if (const size_t star = id.find('*'); star != std::string::npos) id.replace(star, 1, model_id);
  return fmt::format("/model/{}/{}", percent_encode(id), operation);
}

Task<Result<std::unique_ptr<Answer>>> BedrockProvider::answer(ModelRequest request) {
  co_await make_expressible(request.conversation);
  const Post post{path_of(request.model_id, request.asked_id, request.streamed ? "converse-stream" : "converse"), converse_request(request),
                  request.deadline, request.stop};
  co_return co_await keep(
      in_some_region<std::unique_ptr<Answer>>(request.deadline, [&](RegionEndpoints::Lease& lease) { return ask(lease, post, request); }));
}

Task<Result<Embeddings>> BedrockProvider::embed(EmbeddingRequest request) {
  const std::vector<std::string> bodies = co_await embedding_bodies(request);
  Embeddings embeddings;
  for (const std::string& body : bodies) {
    const Post post{path_of(request.model_id, request.asked_id, "invoke"), body, request.deadline, request.stop};
    const Response response =
        co_await in_some_region<Response>(request.deadline, [&](RegionEndpoints::Lease& lease) { return ask_whole(lease, post); });
    const int64_t before = embeddings.input_tokens;
    co_await read_embedding_answer(response.body, bodies.size() == 1 ? request.texts.size() : 1, embeddings);
    if (embeddings.input_tokens == before) embeddings.input_tokens += number_in(response.head.headers.get(input_tokens_field));
  }
  co_return embeddings;
}

// Asked of the foundation model, because CountTokens knows no profiles (Bedrock Runtime API reference).
Task<Result<int64_t>> BedrockProvider::count_tokens(const ModelRequest& request) {
  ModelRequest asked{.model_id = request.model_id, .conversation = request.conversation};
  co_await make_expressible(asked.conversation);
  const Post post{fmt::format("/model/{}/count-tokens", percent_encode(request.model_id)), count_tokens_request(asked), request.deadline,
                  request.stop};
  const Response response =
      co_await in_some_region<Response>(request.deadline, [&](RegionEndpoints::Lease& lease) { return ask_whole(lease, post); });
  const auto counted = json::parse(response.body);
  const json::Value* tokens = counted ? counted->find("inputTokens") : nullptr;
  const std::optional<int64_t> number = tokens ? tokens->as_int64() : std::nullopt;
  if (!number || *number < 0) co_return fail(fault_of_answer("The upstream's answer holds no number of tokens."));
  co_return *number;
}

Task<Result<int64_t>> BedrockProvider::estimate_input(const ModelRequest& request) { co_return estimate_tokens(request.conversation); }

template <class T, class Ask>
Task<Result<T>> BedrockProvider::in_some_region(SteadyTime deadline, Ask ask) {
  RegionEndpoints::Tried tried;
  Fault last;
  while (auto lease = endpoints_.next(world_.clock.steady(), tried)) {
    Result<T> answer = co_await keep(ask(*lease));
    if (answer) co_return answer;
    last = std::move(answer.error());
    const ServerFault* details = server_fault_in(last);
    if (!details || details->next == ServerFault::Next::give_up) break;
    failed(*lease, last);
    if (details->next != ServerFault::Next::try_another || world_.clock.steady() >= deadline) break;
  }
  co_return fail(std::move(last));
}

Task<Result<std::unique_ptr<Answer>>> BedrockProvider::ask(RegionEndpoints::Lease& lease, const Post& post, const ModelRequest& request) {
  auto answer = std::make_unique<BedrockAnswer>(request, world_.clock);
  auto exchange = co_await send(lease, post, answer->stop_token());
  co_await answer->begin(std::move(exchange));
  succeeded(lease);
  answer->hold(std::move(lease));
  co_return std::unique_ptr<Answer>(std::move(answer));
}

Task<Result<BedrockProvider::Response>> BedrockProvider::ask_whole(RegionEndpoints::Lease& lease, const Post& post) {
  auto exchange = co_await send(lease, post, post.stop);
  Result<std::string> body = co_await keep(exchange->read_whole(limits::upstream_answer_bytes_max));
  if (!body) co_return fail(fault_of_connection(body.error()));
  succeeded(lease);
  co_return Response{exchange->head(), std::move(*body)};
}

// Ends with the head of an answer of status 200. A model's work leaves nothing behind, so that it may be done twice.
Task<Result<std::unique_ptr<net::ClientExchange>>> BedrockProvider::send(const RegionEndpoints::Lease& lease, const Post& post,
                                                                         std::stop_token stop) {
  net::ClientRequest request{.method = "POST", .url = lease.url(), .body = post.body};
  request.url.target += post.path;
  request.headers.add("content-type", "application/json");
  co_await authorize(request, options_.regions[lease.index()].name);
  request.deadline = post.deadline;
  request.response_timeout = request.read_timeout = options_.timeout;
  request.stop = std::move(stop);
  request.may_be_repeated = true;
  auto exchange = co_await keep(world_.clients.current().send(std::move(request)));
  if (!exchange) co_return fail(fault_of_connection(exchange.error()));
  const int status = (*exchange)->head().status;
  if (status == 200) co_return exchange;
  if (credentials_ && (status == 401 || status == 403)) credentials_->refused();
  co_return fail(co_await refusal_by(**exchange));
}

Task<Result<void>> BedrockProvider::authorize(net::ClientRequest& request, std::string_view region) {
  if (!options_.api_key.empty()) {
    request.headers.add("authorization", "Bearer " + options_.api_key);
    co_return {};
  }
  auto credentials = co_await keep(credentials_->get());
  if (!credentials) co_return fail(fault_of_credentials(credentials.error()));
  net::RequestHead head{.method = request.method,
                        .path = request.url.target,
                        .query = {},
                        .host = request.url.authority(),
                        .headers = std::move(request.headers)};
  auth::sign(head, *credentials, region, signing_name, hex(sha256(request.body)), world_.clock.real_wall());
  request.headers = std::move(head.headers);
  co_return {};
}

void BedrockProvider::succeeded(RegionEndpoints::Lease& lease) {
  counters_[lease.index()].answered.add();
  if (lease.succeeded()) log::info("an upstream answers again", {{"server", lease.url().authority()}});
}

void BedrockProvider::failed(RegionEndpoints::Lease& lease, const Fault& fault) {
  counters_[lease.index()].failed.add();
  const Milliseconds pause = lease.failed(world_.clock.steady());
  log::warning("an upstream failed", {{"server", lease.url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
}

}  // namespace outcrop::inference
