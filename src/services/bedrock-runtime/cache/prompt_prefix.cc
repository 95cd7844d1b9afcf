#include "services/bedrock-runtime/cache/prompt_prefix.h"

#include <algorithm>

#include "base/digest.h"
#include "inference/token_estimate.h"
#include "services/bedrock-runtime/cache/fingerprint.h"

namespace outcrop::bedrock_runtime {

namespace {

class PrefixReader {
 public:
  explicit PrefixReader(std::string_view whose) : fingerprint_(sha256(whose)) {}

  template <class Piece>
  void take(const Piece& piece) {
    if (keep_at(piece)) return;
    fingerprint_ = fingerprint(fingerprint_, piece);
    add(inference::estimate_tokens(piece));
  }
  void take(const inference::Message& message) {
    int64_t around_tokens = inference::message_template_tokens;
    for (const inference::ContentBlock& block : message.content) {
      if (keep_at(block)) continue;
      fingerprint_ = fingerprint(fingerprint_, message.role, block);
      add(inference::estimate_tokens(block) + std::exchange(around_tokens, 0));
    }
  }

  std::vector<PromptPrefix> finish() {
    auto last =
        std::ranges::find_if(prefixes_.rbegin(), prefixes_.rend(), [](const PromptPrefix& prefix) { return prefix.keep.has_value(); });
    prefixes_.erase(last.base(), prefixes_.end());
    return std::move(prefixes_);
  }

 private:
  // Whether it is a cache point, which belongs to what stands before it.
  template <class Piece>
  bool keep_at(const Piece& piece) {
    auto* point = std::get_if<inference::CachePointBlock>(&piece);
    if (point && !prefixes_.empty())
      prefixes_.back().keep = point->time_to_live.value_or(inference::CachePointBlock::TimeToLive::five_minutes);
    return point != nullptr;
  }
  void add(int64_t tokens) {
    tokens_ += tokens;
    prefixes_.push_back({.fingerprint = fingerprint_, .tokens = tokens_, .keep = std::nullopt});
  }

  std::string fingerprint_;
  int64_t tokens_ = 0;
  std::vector<PromptPrefix> prefixes_;
};

bool has_point(const auto& pieces) {
  return std::ranges::any_of(pieces, [](const auto& piece) { return std::holds_alternative<inference::CachePointBlock>(piece); });
}

}  // namespace

std::vector<PromptPrefix> prefixes_of(const inference::Conversation& conversation, std::string_view whose) {
  const bool any = has_point(conversation.tools) || has_point(conversation.system) ||
                   std::ranges::any_of(conversation.messages, [](const inference::Message& message) { return has_point(message.content); });
  if (!any) return {};
  PrefixReader reader(whose);
  for (const inference::Tool& tool : conversation.tools) reader.take(tool);
  for (const inference::SystemBlock& block : conversation.system) reader.take(block);
  for (const inference::Message& message : conversation.messages) reader.take(message);
  return reader.finish();
}

}  // namespace outcrop::bedrock_runtime
