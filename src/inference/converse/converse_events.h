// What Converse and ConverseStream answer, as the events of an answer, and back.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/provider.h"
#include "json/json.h"

namespace outcrop::inference {

// Reads. Whatever comes, what goes out is well formed: blocks follow each other, each is closed, and no delta is of another kind than
// its block. Faults with ModelErrorException 424 for what breaks that, and for content that no answer of ours can hold.
class ConverseEvents {
 public:
  // An event of a stream, by its name ("contentBlockDelta"). One that nobody knows is passed over.
  Result<void> take(std::string_view name, const json::Value& event, std::vector<AnswerEvent>& out);
  // The whole of an answer instead.
  Result<void> take_whole(const json::Value& answer, std::vector<AnswerEvent>& out);

  // AnswerUsage, the last event, came.
  bool is_whole() const { return is_whole_; }
  // What it was served as, where that was said.
  std::optional<Latency> latency() const { return latency_; }
  std::optional<ServiceTier> tier() const { return tier_; }

 private:
  enum class Kind { none, text, reasoning, tool };

  Result<void> start(const json::Value& event, std::vector<AnswerEvent>& out);
  Result<void> delta(const json::Value& event, std::vector<AnswerEvent>& out);
  Result<void> append(int index, const json::Value& delta, std::vector<AnswerEvent>& out);
  Result<void> begin(int index, Kind kind, std::vector<AnswerEvent>& out);
  Result<void> whole_block(int index, const json::Value& block, std::vector<AnswerEvent>& out);
  Result<void> whole_citations(int index, const json::Value& cited, std::vector<AnswerEvent>& out);
  void close(std::vector<AnswerEvent>& out);
  Result<void> stop(const json::Value& event, std::vector<AnswerEvent>& out);
  Result<void> end(const json::Value& event, std::vector<AnswerEvent>& out);
  Result<void> metadata(const json::Value& event, std::vector<AnswerEvent>& out);

  Kind open_ = Kind::none;
  int index_ = -1;  // of the block that is open, or was last
  bool has_ended_ = false, is_whole_ = false;
  std::optional<Latency> latency_;
  std::optional<ServiceTier> tier_;
};

// An event of an answer in the words of ConverseStream: {"contentBlockDelta": {…}}. The last tells what it was served as.
json::Value converse_event(const AnswerEvent& event, Latency latency, ServiceTier tier);

}  // namespace outcrop::inference
