// How many tokens a conversation would be for a model nobody can ask: an estimate, where a model server does not count itself.
#pragma once
#include <string>
#include <string_view>

#include "inference/conversation.h"

namespace outcrop::inference {

// Texts are counted by embedded/token_count.h; images and documents that are no text by what models of this kind usually charge.
int64_t estimate_tokens(const Conversation& conversation);
int64_t estimate_tokens(const ContentBlock& block);
int64_t estimate_tokens(const SystemBlock& block);
int64_t estimate_tokens(const Tool& tool);
// What a chat template puts around each message.
inline constexpr int64_t message_template_tokens = 4;

// Counts a text that comes in pieces, keeping little of it.
class TokenEstimate {
 public:
  void add(std::string_view piece);
  int64_t total();

 private:
  std::string pending_;
  int64_t tokens_ = 0;
};

}  // namespace outcrop::inference
