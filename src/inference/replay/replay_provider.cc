#include "inference/replay/replay_provider.h"

#include <fmt/format.h>

#include "inference/replay/limits.h"
#include "inference/replay/replayed_answer.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

namespace {

Milliseconds since(const Clock& clock, SteadyTime began) { return std::chrono::duration_cast<Milliseconds>(clock.steady() - began); }

// A caller who went is no part of what a model says.
bool is_of_the_exchange(const Fault& fault) { return fault.code != "ConnectionClosed"; }

// What `inner` says goes on as it comes, and once it is over to its cassette. One that is given up is not recorded.
class RecordingAnswer final : public Answer {
 public:
  using Save = std::function<Task<Result<void>>(Cassette)>;

  RecordingAnswer(std::unique_ptr<Answer> inner, Cassette cassette, SteadyTime began, const Clock& clock, Save save)
      : inner_(std::move(inner)), cassette_(std::move(cassette)), began_(began), clock_(clock), save_(std::move(save)) {
    mirror();
  }

  Task<Result<std::optional<AnswerEvent>>> next() override {
    Result<std::optional<AnswerEvent>> event = co_await keep(inner_->next());
    mirror();
    if (event && *event) {
      if (cassette_.events.size() >= limits::recorded_events_max)
        co_return fail("ModelErrorException", 424, "The answer has more events than a cassette may hold.");
      cassette_.events.push_back({since(clock_, began_), **event});
      co_return event;
    }
    if (!event && is_of_the_exchange(event.error())) cassette_.fault = recording_of_fault(event.error(), since(clock_, began_));
    if (event || cassette_.fault) co_await save_(std::move(cassette_));
    co_return event;
  }

  Task<void> close() override { return inner_->close(); }

 private:
  void mirror() {
    latency = cassette_.latency = inner_->latency;
    tier = cassette_.tier = inner_->tier;
  }

  const std::unique_ptr<Answer> inner_;
  Cassette cassette_;
  const SteadyTime began_;
  const Clock& clock_;
  const Save save_;
};

// People change cassettes: whether one still holds what its kind of request is answered with.
bool answers(const Cassette& cassette, const RecordedRequest& request) {
  if (cassette.kind != request.kind) return false;
  if (cassette.fault || request.kind != ExchangeKind::embeddings) return true;
  const json::Value* texts = request.value.find("texts");
  return texts && texts->is_array() && cassette.embeddings.vectors.size() == texts->as_array().size();
}

}  // namespace

ReplayProvider::ReplayProvider(ReplayOptions options, std::unique_ptr<Provider> inner, World& world)
    : options_(std::move(options)), inner_(std::move(inner)), world_(world) {
  check(options_.mode == ReplayMode::replay || inner_, "there is nobody to record");
}

void ReplayProvider::begin() {
  if (inner_) inner_->begin();
}

Task<void> ReplayProvider::stop() {
  if (inner_) co_await inner_->stop();
}

// None where it is to be recorded.
Task<Result<std::optional<Cassette>>> ReplayProvider::recorded(const RecordedRequest& request) {
  if (options_.mode == ReplayMode::record) co_return std::nullopt;
  const std::optional<std::string> file = options_.cassettes->next(key_of(request, options_.match));
  if (!file && options_.mode == ReplayMode::record_missing) co_return std::nullopt;
  if (!file) co_return fail(co_await miss(request));
  auto read = [&] { return options_.cassettes->read(*file); };
  Cassette cassette = co_await world_.pool.run(read);
  if (!answers(cassette, request)) {
    co_return fail("ModelErrorException", 424, fmt::format("The cassette {} does not answer what its request asks.", *file));
  }
  co_return cassette;
}

Task<Fault> ReplayProvider::miss(const RecordedRequest& request) {
  auto find = [&] { return options_.cassettes->nearest(request, options_.match); };
  const std::string nearest = co_await world_.pool.run(find);
  co_return Fault{
      "ValidationException", 400,
      fmt::format("No cassette answers this request (key {}, {} match). {}", key_of(request, options_.match),
                  options_.match == Match::exact ? "exact" : "normalised", nearest.empty() ? "There is none of its kind." : nearest)};
}

Cassette ReplayProvider::begin_recording(RecordedRequest request) {
  const int sequence = options_.cassettes->begin_recording(key_of(request, Match::exact));
  Cassette cassette{.kind = request.kind, .model_id = std::move(request.model_id)};
  cassette.recorded = world_.clock.real_wall();
  cassette.sequence = sequence;
  cassette.request = std::move(request.value);
  return cassette;
}

Task<Result<void>> ReplayProvider::save(Cassette cassette) {
  using Earlier = CassetteDirectory::Earlier;
  const Earlier earlier = options_.mode == ReplayMode::record ? Earlier::replaced : Earlier::kept;
  auto write = [&] { return options_.cassettes->write(cassette, earlier); };
  co_return co_await keep(world_.pool.run(write));
}

Task<Result<std::unique_ptr<Answer>>> ReplayProvider::answer(ModelRequest request) {
  const SteadyTime began = world_.clock.steady();
  RecordedRequest asked = recorded_request(request, ExchangeKind::answer);
  if (std::optional<Cassette> cassette = co_await recorded(asked)) {
    auto replayed = std::make_unique<ReplayedAnswer>(std::move(*cassette), options_.timing, began, request.stop);
    co_await replayed->begin();
    co_return std::unique_ptr<Answer>(std::move(replayed));
  }
  Cassette cassette = begin_recording(std::move(asked));
  request.streamed = true;  // a recording has the pieces, whoever asks for it later
  Result<std::unique_ptr<Answer>> answer = co_await keep(inner_->answer(std::move(request)));
  if (answer) {
    co_return std::make_unique<RecordingAnswer>(std::move(*answer), std::move(cassette), began, world_.clock,
                                                [this](Cassette whole) { return save(std::move(whole)); });
  }
  cassette.fault = recording_of_fault(answer.error(), since(world_.clock, began));
  if (is_of_the_exchange(answer.error())) co_await save(std::move(cassette));
  co_return answer;
}

template <class Ask>
Task<Result<Embeddings>> ReplayProvider::at_once(RecordedRequest request, std::stop_token stop, Ask ask) {
  const SteadyTime began = world_.clock.steady();
  if (std::optional<Cassette> cassette = co_await recorded(request)) {
    if (!cassette->fault) co_return std::move(cassette->embeddings);
    if (options_.timing == ReplayTiming::original) co_await wait_until(began + cassette->fault->at, stop);
    co_return fail(fault_of_recording(*cassette->fault));
  }
  Cassette cassette = begin_recording(std::move(request));
  Result<Embeddings> answer = co_await keep(ask());
  if (answer) {
    cassette.embeddings = *answer;
  } else {
    cassette.fault = recording_of_fault(answer.error(), since(world_.clock, began));
  }
  if (answer || is_of_the_exchange(answer.error())) co_await save(std::move(cassette));
  co_return answer;
}

Task<Result<Embeddings>> ReplayProvider::embed(EmbeddingRequest request) {
  RecordedRequest asked = recorded_request(request);
  const std::stop_token stop = request.stop;
  co_return co_await keep(at_once(std::move(asked), stop, [&] { return inner_->embed(std::move(request)); }));
}

// A count as what recordings hold.
Task<Result<Embeddings>> ReplayProvider::counted(const ModelRequest& request) {
  co_return Embeddings{{}, co_await inner_->count_tokens(request)};
}

Task<Result<int64_t>> ReplayProvider::count_tokens(const ModelRequest& request) {
  const Embeddings counted =
      co_await at_once(recorded_request(request, ExchangeKind::token_count), request.stop, [&] { return this->counted(request); });
  co_return counted.input_tokens;
}

Task<Result<int64_t>> ReplayProvider::estimate_input(const ModelRequest& request) { co_return estimate_tokens(request.conversation); }

}  // namespace outcrop::inference
