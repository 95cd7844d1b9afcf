#include "inference/openai/openai_provider.h"

#include <fmt/format.h>

#include "base/log.h"
#include "inference/endpoints/prefix_hash.h"
#include "inference/openai/chat_request.h"
#include "inference/openai/embedding_request.h"
#include "inference/openai/limits.h"
#include "inference/openai/server_fault.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

namespace {

constexpr std::string_view requests_name = "outcrop_model_requests_total";
constexpr std::string_view requests_help = "Requests to model servers, by how they ended before the first token.";

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
      endpoints_(options_.endpoints, clock, options_.sharing) {
  for (size_t i = 0; i < endpoints_.size(); ++i) {
    const net::Url& url = endpoints_.url(i);
    const std::string server = fmt::format("{}://{}{}", url.scheme(), url.authority(), url.target);
    auto counter = [&](std::string outcome) -> Counter& {
      return metrics.counter(requests_name, requests_help, {{"server", server}, {"outcome", std::move(outcome)}});
    };
    counters_.push_back({counter("answered"), counter("failed"), counter("pushed_back")});
    add_gauges(metrics, i, server);
  }
}

Task<Result<std::unique_ptr<Answer>>> OpenAiProvider::answer(ModelRequest request) {
  const std::string body = co_await chat_request(
      request.conversation,
      {.served_model = options_.served_model, .streamed = request.streamed, .max_completion_tokens = options_.max_completion_tokens});
  const int64_t input_tokens = request.input_tokens ? *request.input_tokens : estimate_tokens(request.conversation);
  ModelEndpoints::Wish wish{.admission = admission_of(request.latency, request.tier), .deadline = request.deadline, .stop = request.stop};
  if (endpoints_.size() > 1) wish.prefix = prefix_hash(request.conversation);
  auto answer = co_await at_some_endpoint<std::unique_ptr<Answer>>(
      std::move(wish), [&](ModelEndpoints::Lease& lease) { return ask(lease, body, request, input_tokens); });
  answer->tier = request.tier;  // which decided who waited for whom
  co_return answer;
}

Task<Result<Embeddings>> OpenAiProvider::embed(EmbeddingRequest request) {
  const std::string body = embedding_request(request, options_.served_model);
  const std::string answer =
      co_await at_some_endpoint<std::string>({.deadline = request.deadline, .stop = request.stop},
                                             [&](ModelEndpoints::Lease& lease) { return ask_for_embeddings(lease, body, request); });
  co_return read_embeddings(answer, request);
}

Task<Result<int64_t>> OpenAiProvider::count_tokens(const ModelRequest& request) { co_return estimate_tokens(request.conversation); }

template <class T, class Ask>
Task<Result<T>> OpenAiProvider::at_some_endpoint(ModelEndpoints::Wish wish, Ask ask) {
  ModelEndpoints::Tried tried;
  std::optional<Fault> last;
  for (;;) {
    auto lease = co_await keep(endpoints_.next(wish, tried));
    // Where another one was asked, its word is what the caller hears.
    if (!lease) co_return fail(last ? std::move(*last) : std::move(lease.error()));
    if (!*lease) co_return fail(std::move(*last));
    Result<T> answer = co_await keep(ask(**lease));
    if (answer) co_return answer;
    last = std::move(answer.error());
    const ServerFault* details = server_fault_in(*last);
    if (!details || details->next == ServerFault::Next::give_up) break;
    failed(**lease, *last);
    if (details->next != ServerFault::Next::try_another || clock_.steady() >= wish.deadline) break;
  }
  co_return fail(std::move(*last));
}

Task<Result<std::unique_ptr<Answer>>> OpenAiProvider::ask(ModelEndpoints::Lease& lease, const std::string& body,
                                                          const ModelRequest& request, int64_t input_tokens) {
  auto answer = std::make_unique<OpenAiAnswer>(request.stop, input_tokens, clock_, random_);
  auto exchange = co_await send(lease.url(), "/chat/completions", body, request.deadline, answer->stop_token());
  co_await answer->begin(std::move(exchange));
  succeeded(lease);
  answer->hold(std::move(lease));
  co_return std::unique_ptr<Answer>(std::move(answer));
}

Task<Result<std::string>> OpenAiProvider::ask_for_embeddings(ModelEndpoints::Lease& lease, const std::string& body,
                                                             const EmbeddingRequest& request) {
  auto exchange = co_await send(lease.url(), "/embeddings", body, request.deadline, request.stop);
  Result<std::string> answer = co_await keep(exchange->read_whole(limits::model_answer_bytes_max));
  if (!answer) co_return fail(fault_of_connection(answer.error()));
  succeeded(lease);
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

void OpenAiProvider::succeeded(ModelEndpoints::Lease& lease) {
  counters_[lease.index()].answered.add();
  if (lease.succeeded()) log::info("a model server answers again", {{"server", lease.url().authority()}});
}

// A server that is busy is not one that is broken: it gets less to do, and nothing for as long as it says.
void OpenAiProvider::failed(ModelEndpoints::Lease& lease, const Fault& fault) {
  const ServerFault& details = *server_fault_in(fault);
  if (details.has_too_much) lease.pushed_back(clock_.steady(), details.retry_after);
  if (details.status == 429) {
    counters_[lease.index()].pushed_back.add();
    return;
  }
  counters_[lease.index()].failed.add();
  const Milliseconds pause = lease.failed(clock_.steady());
  log::warning("a model server failed",
               {{"server", lease.url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
}

void OpenAiProvider::add_gauges(Metrics& metrics, size_t index, const std::string& server) {
  const Labels labels = {{"model", options_.served_model}, {"server", server}};
  auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    metrics.gauge(name, help, labels, [this, index, read] { return double(read(endpoints_.load(index))); });
  };
  gauge("outcrop_model_under_way", "Requests under way at a model server.",
        [](const ModelEndpoints::Load& load) { return load.under_way; });
  gauge("outcrop_model_window", "How many it may be at a time.", [](const ModelEndpoints::Load& load) { return load.window; });
  gauge("outcrop_model_passed_over", "Whether the server is passed over because it failed, or asked to be left alone.",
        [](const ModelEndpoints::Load& load) { return load.is_passed_over; });
}

}  // namespace outcrop::inference
