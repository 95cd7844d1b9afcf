#include "inference/bedrock/bedrock_provider.h"

#include <fmt/format.h>

#include <charconv>

#include "auth/credentials/remote_credentials.h"
#include "auth/sigv4.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "inference/bedrock/invoked_embedding.h"
#include "inference/bedrock/limits.h"
#include "inference/bedrock/upstream_fault.h"
#include "inference/converse/converse_request.h"
#include "inference/refusal.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

namespace {

constexpr std::string_view signing_name = "bedrock";
constexpr std::string_view input_tokens_field = "x-amzn-bedrock-input-token-count";

std::vector<net::Url> urls_of(const std::vector<BedrockRegion>& regions) {
  std::vector<net::Url> urls;
  for (const BedrockRegion& region : regions) urls.push_back(region.url);
  return urls;
}

// What an upstream says instead of an answer.
Task<Fault> refusal_by(net::ClientExchange& exchange, Instant now) {
  Result<std::string> body = co_await keep(exchange.read_whole(limits::upstream_error_bytes_max));
  co_return fault_of_response(exchange.head(), body ? *body : std::string(), now);
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
    : options_(std::move(options)),
      credentials_(std::move(credentials)),
      world_(world),
      regions_(urls_of(options_.regions), options_.upstream_model.empty() ? "*" : options_.upstream_model, world.clock, world.metrics,
               {.order = EndpointsOptions::Order::as_listed}) {
  check(credentials_ || !options_.api_key.empty(), "an upstream has neither a key nor credentials");
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
  ServerPool::Wish wish{.admission = admission_of(request.latency, request.tier), .deadline = request.deadline, .stop = request.stop};
  co_return co_await keep(
      regions_.ask<std::unique_ptr<Answer>>(std::move(wish), [&](ServerPool::Lease& lease) { return ask(lease, post, request); }));
}

Task<Result<Embeddings>> BedrockProvider::embed(EmbeddingRequest request) {
  const std::vector<std::string> bodies = co_await embedding_bodies(request);
  Embeddings embeddings;
  for (const std::string& body : bodies) {
    const Post post{path_of(request.model_id, request.asked_id, "invoke"), body, request.deadline, request.stop};
    const Response response = co_await ask_whole(post);
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
  const Response response = co_await ask_whole(post);
  const auto counted = json::parse(response.body);
  const json::Value* tokens = counted ? counted->find("inputTokens") : nullptr;
  const std::optional<int64_t> number = tokens ? tokens->as_int64() : std::nullopt;
  if (!number || *number < 0) co_return fail(fault_of_answer("The upstream's answer holds no number of tokens."));
  co_return *number;
}

Task<Result<int64_t>> BedrockProvider::estimate_input(const ModelRequest& request) { co_return estimate_tokens(request.conversation); }

Task<Result<std::unique_ptr<Answer>>> BedrockProvider::ask(ServerPool::Lease& lease, const Post& post, const ModelRequest& request) {
  auto answer = std::make_unique<BedrockAnswer>(request, world_.clock);
  auto exchange = co_await send(lease, post, answer->stop_token());
  co_await answer->begin(std::move(exchange));
  regions_.succeeded(lease);
  answer->hold(std::move(lease));
  co_return std::unique_ptr<Answer>(std::move(answer));
}

Task<Result<BedrockProvider::Response>> BedrockProvider::ask_whole(const Post& post) {
  co_return co_await keep(regions_.ask<Response>({.deadline = post.deadline, .stop = post.stop},
                                                 [&](ServerPool::Lease& lease) { return ask_region(lease, post); }));
}

Task<Result<BedrockProvider::Response>> BedrockProvider::ask_region(ServerPool::Lease& lease, const Post& post) {
  auto exchange = co_await send(lease, post, post.stop);
  Result<std::string> body = co_await keep(exchange->read_whole(limits::upstream_answer_bytes_max));
  if (!body) co_return fail(fault_of_connection(body.error()));
  regions_.succeeded(lease);
  co_return Response{exchange->head(), std::move(*body)};
}

// Ends with the head of an answer of status 200. A model's work leaves nothing behind, so that it may be done twice.
Task<Result<std::unique_ptr<net::ClientExchange>>> BedrockProvider::send(const ServerPool::Lease& lease, const Post& post,
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
  co_return fail(co_await refusal_by(**exchange, world_.clock.real_wall()));
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

}  // namespace outcrop::inference
