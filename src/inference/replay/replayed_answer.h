// An answer that is played from a cassette.
#pragma once
#include "inference/replay/replay_provider.h"

namespace outcrop::inference {

// A fault that was recorded, as it was.
Fault fault_of_recording(const RecordedFault& recorded);
RecordedFault recording_of_fault(const Fault& fault, Milliseconds at);

// Until `due`; at once with ConnectionClosed 499 when the caller goes.
Task<Result<void>> wait_until(SteadyTime due, std::stop_token stop);

class ReplayedAnswer final : public Answer {
 public:
  // Times of the cassette count from `began`, or not at all.
  ReplayedAnswer(Cassette cassette, ReplayTiming timing, SteadyTime began, std::stop_token stop);

  // Waits for the first event. Faults with what was recorded instead of one.
  Task<Result<void>> begin();

  Task<Result<std::optional<AnswerEvent>>> next() override;

 private:
  Task<Result<void>> wait(Milliseconds at);

  Cassette cassette_;
  const ReplayTiming timing_;
  const SteadyTime began_;
  const std::stop_token stop_;
  size_t at_ = 0;  // of the next event
};

}  // namespace outcrop::inference
