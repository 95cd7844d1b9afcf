// Exchanges with another provider, recorded and played back: applications of models become testable without a model. What is played is what
// was said, with the faults and at the pace of then or as fast as it can; whether it is streamed is the caller's choice either way.
#pragma once
#include <memory>

#include "core/world.h"
#include "inference/provider.h"
#include "inference/replay/cassette_directory.h"

namespace outcrop::inference {

enum class ReplayMode {
  replay,          // a request that was not recorded is a fault
  record,          // everything is asked anew, and replaces what was recorded of it before
  record_missing,  // what was recorded is played, and the rest recorded
};

enum class ReplayTiming { original, compressed };

struct ReplayOptions {
  std::shared_ptr<CassetteDirectory> cassettes;
  ReplayMode mode = ReplayMode::replay;
  Match match = Match::exact;
  ReplayTiming timing = ReplayTiming::original;
};

class ReplayProvider final : public Provider {
 public:
  // `inner` is who is recorded; null where nobody is. What is passed must outlive it.
  ReplayProvider(ReplayOptions options, std::unique_ptr<Provider> inner, World& world);

  void begin() override;
  Task<void> stop() override;

  // Faults: those that were recorded; ValidationException 400 for a request without a recording; the inner provider's.
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;
  // Never recorded, so that nobody need be asked.
  Task<Result<int64_t>> estimate_input(const ModelRequest& request) override;

 private:
  Task<Result<std::optional<Cassette>>> recorded(const RecordedRequest& request);
  Task<Fault> miss(const RecordedRequest& request);
  Cassette begin_recording(RecordedRequest request);
  Task<Result<void>> save(Cassette cassette);
  // Plays, or records what ask() gives: a Task<Result<Embeddings>>.
  template <class Ask>
  Task<Result<Embeddings>> at_once(RecordedRequest request, std::stop_token stop, Ask ask);
  Task<Result<Embeddings>> counted(const ModelRequest& request);

  const ReplayOptions options_;
  const std::unique_ptr<Provider> inner_;
  World& world_;
};

}  // namespace outcrop::inference
