#include "inference/embedded_provider.h"

#include "base/thread_pool.h"
#include "inference/embedded/embedding.h"
#include "inference/embedded/token_count.h"
#include "inference/embedded_plan.h"

namespace outcrop::inference {

namespace {

// Above this reading takes milliseconds, and would hold up what else the thread has to do.
constexpr size_t inline_bytes_max = 16 * 1024;
// Of a Bedrock tool use id: "tooluse_" and so many letters and digits.
constexpr size_t tool_use_id_letters = 22;

class EmbeddedAnswer final : public Answer {
 public:
  EmbeddedAnswer(EmbeddedPlan plan, int64_t input_tokens, EmbeddedPace pace, const Clock& clock, std::stop_token stop)
      : plan_(std::move(plan)), input_tokens_(input_tokens), pace_(pace), due_(clock.steady()), stop_(std::move(stop)) {
    due_ += pace_.first_token;
  }

  Task<Result<std::optional<AnswerEvent>>> next() override {
    if (at_ == plan_.events.size()) {
      ++at_;
      co_return AnswerUsage{{.input = input_tokens_, .output = plan_.output_tokens}};
    }
    if (at_ > plan_.events.size()) co_return std::nullopt;
    AnswerEvent event = std::move(plan_.events[at_++]);
    if (std::holds_alternative<BlockDelta>(event)) co_await keep_pace();
    co_return std::move(event);
  }

 private:
  Task<Result<void>> keep_pace() {
    if (pace_.first_token.count() == 0 && pace_.tokens_per_second == 0) co_return {};
    Executor& home = *Executor::current();
    Completion<bool> reached(home);
    Timer timer = home.start_timer(due_, [setter = reached.setter()] { setter.set(true); });
    std::stop_callback on_stop(stop_, [setter = reached.setter()] { setter.set(false); });
    if (!co_await reached) co_return fail("ConnectionClosed", 499, "The caller has gone.");
    if (pace_.tokens_per_second > 0) due_ += std::chrono::nanoseconds(int64_t(1e9 / pace_.tokens_per_second));
    co_return {};
  }

  EmbeddedPlan plan_;
  size_t at_ = 0;
  const int64_t input_tokens_;
  const EmbeddedPace pace_;
  SteadyTime due_;  // of the next piece
  std::stop_token stop_;
};

Result<Embeddings> embeddings_of(const EmbeddingRequest& request) {
  Embeddings embeddings;
  const auto dimensions = size_t(request.dimensions > 0 ? request.dimensions : request.default_dimensions);
  for (const std::string& text : request.texts) {
    Result<std::vector<float>> vector = embedded::embed(text, dimensions);
    if (!vector) return fail(std::move(vector.error()));
    embeddings.vectors.push_back(std::move(*vector));
    embeddings.input_tokens += int64_t(embedded::estimate_tokens(text));
  }
  return embeddings;
}

}  // namespace

Task<Result<std::unique_ptr<Answer>>> EmbeddedProvider::answer(ModelRequest request) {
  EmbeddedPrompt prompt = co_await embedded_prompt(request.conversation);
  const int64_t input_tokens = request.input_tokens ? *request.input_tokens : estimate_input_tokens(request.conversation, prompt);
  const std::string tool_use_id = "tooluse_" + world_.random.alphanumeric(tool_use_id_letters);
  const bool is_short = prompt.bytes() <= inline_bytes_max;
  auto make = [&] { return embedded_plan(request.conversation, std::move(prompt), tool_use_id); };
  EmbeddedPlan plan = co_await (is_short ? make() : co_await keep(world_.pool.run(make)));
  EmbeddedPace pace = pace_;
  if (request.latency == Latency::optimized) {
    pace.first_token /= 2;
    pace.tokens_per_second *= 2;
  }
  auto answer = std::make_unique<EmbeddedAnswer>(std::move(plan), input_tokens, pace, world_.clock, request.stop);
  answer->latency = request.latency;
  answer->tier = request.tier;
  co_return std::unique_ptr<Answer>(std::move(answer));
}

Task<Result<Embeddings>> EmbeddedProvider::embed(EmbeddingRequest request) {
  size_t bytes = 0;
  for (const std::string& text : request.texts) bytes += text.size();
  auto make = [&] { return embeddings_of(request); };
  co_return co_await (bytes <= inline_bytes_max ? make() : co_await keep(world_.pool.run(make)));
}

Task<Result<int64_t>> EmbeddedProvider::count_tokens(const ModelRequest& request) {
  EmbeddedPrompt prompt = co_await embedded_prompt(request.conversation);
  co_return estimate_input_tokens(request.conversation, prompt);
}

}  // namespace outcrop::inference
