// What a piece of a prompt is, in 32 bytes: pieces are the same to a model when their fingerprints are the same.
#pragma once
#include <string>
#include <string_view>

#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

// Of a piece together with all that stands before it: `before` is the fingerprint of that. Where messages differ in nothing but who
// says them, they differ.
std::string fingerprint(std::string_view before, const inference::Tool& tool);
std::string fingerprint(std::string_view before, const inference::SystemBlock& block);
std::string fingerprint(std::string_view before, inference::Role role, const inference::ContentBlock& block);

}  // namespace outcrop::bedrock_runtime
