#include "inference/openai/openai_provider.h"

#include "inference/endpoints/prefix_hash.h"
#include "inference/openai/chat_request.h"
#include "inference/openai/embedding_request.h"
#include "inference/openai/limits.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

namespace {

// What a server says instead of an answer.
Task<Fault> refusal_of(net::ClientExchange& exchange, Instant now) {
  Result<std::string> body = co_await keep(exchange.read_whole(limits::model_error_bytes_max));
  co_return fault_of_status(exchange.head(), body ? *body : std::string(), now);
}

}  // namespace

OpenAiProvider::OpenAiProvider(OpenAiOptions options, net::HttpClients& clients, const Clock& clock, Random& random, Metrics& metrics)
    : options_(std::move(options)),
      clients_(clients),
      clock_(clock),
      random_(random),
      servers_(options_.endpoints, options_.served_model, clock, metrics, options_.sharing) {}

Task<Result<std::unique_ptr<Answer>>> OpenAiProvider::answer(ModelRequest request) {
  const std::string body = co_await chat_request(
      request.conversation,
      {.served_model = options_.served_model, .streamed = request.streamed, .max_completion_tokens = options_.max_completion_tokens});
  const int64_t input_tokens = request.input_tokens ? *request.input_tokens : estimate_tokens(request.conversation);
  ServerPool::Wish wish{.admission = admission_of(request.latency, request.tier), .deadline = request.deadline, .stop = request.stop};
  if (servers_.size() > 1) wish.prefix = prefix_hash(request.conversation);
  auto answer = co_await servers_.ask<std::unique_ptr<Answer>>(
      std::move(wish), [&](ServerPool::Lease& lease) { return ask(lease, body, request, input_tokens); });
  answer->tier = request.tier;  // which decided who waited for whom
  co_return answer;
}

Task<Result<Embeddings>> OpenAiProvider::embed(EmbeddingRequest request) {
  const std::string body = embedding_request(request, options_.served_model);
  const std::string answer =
      co_await servers_.ask<std::string>({.deadline = request.deadline, .stop = request.stop},
                                         [&](ServerPool::Lease& lease) { return ask_for_embeddings(lease, body, request); });
  co_return read_embeddings(answer, request);
}

Task<Result<int64_t>> OpenAiProvider::count_tokens(const ModelRequest& request) { co_return estimate_tokens(request.conversation); }

Task<Result<std::unique_ptr<Answer>>> OpenAiProvider::ask(ServerPool::Lease& lease, const std::string& body, const ModelRequest& request,
                                                          int64_t input_tokens) {
  auto answer = std::make_unique<OpenAiAnswer>(request.stop, input_tokens, clock_, random_,
                                               ResponseFields(request.conversation.additional_response_fields));
  auto exchange = co_await send(lease.url(), "/chat/completions", body, request.deadline, answer->stop_token());
  co_await answer->begin(std::move(exchange));
  servers_.succeeded(lease);
  answer->hold(std::move(lease));
  co_return std::unique_ptr<Answer>(std::move(answer));
}

Task<Result<std::string>> OpenAiProvider::ask_for_embeddings(ServerPool::Lease& lease, const std::string& body,
                                                             const EmbeddingRequest& request) {
  auto exchange = co_await send(lease.url(), "/embeddings", body, request.deadline, request.stop);
  Result<std::string> answer = co_await keep(exchange->read_whole(limits::model_answer_bytes_max));
  if (!answer) co_return fail(fault_of_connection(answer.error()));
  servers_.succeeded(lease);
  co_return answer;
}

// Ends with the head of an answer of status 200. A model's work leaves nothing behind, so that it may be done twice.
Task<Result<std::unique_ptr<net::ClientExchange>>> OpenAiProvider::send(const net::Url& endpoint, std::string_view path,
                                                                        const std::string& body, SteadyTime deadline,
                                                                        std::stop_token stop) {
  net::ClientRequest request{.method = "POST", .url = endpoint, .body = body};
  request.url.target += path;
  request.headers.add("content-type", "application/json");
  request.headers.add("accept", "application/json, text/event-stream");
  if (!options_.api_key.empty()) request.headers.add("authorization", "Bearer " + options_.api_key);
  request.deadline = deadline;
  request.response_timeout = request.read_timeout = options_.timeout;
  request.stop = std::move(stop);
  request.may_be_repeated = true;
  request.direct = options_.direct;
  auto exchange = co_await keep(clients_.current().send(std::move(request)));
  if (!exchange) co_return fail(fault_of_connection(exchange.error()));
  if ((*exchange)->head().status != 200) co_return fail(co_await refusal_of(**exchange, clock_.real_wall()));
  co_return exchange;
}

}  // namespace outcrop::inference
