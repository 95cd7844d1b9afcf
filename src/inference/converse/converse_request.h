// A request for an answer as the body of Converse and ConverseStream: what another Bedrock is asked with, and how recordings tell
// what was asked.
#pragma once
#include <string>

#include "inference/provider.h"
#include "json/writer.h"

namespace outcrop::inference {

enum class Media {
  bytes,   // whole, in base64
  digest,  // {"sha256": …, "size": …} in their place, or {"text": …} of a document that is text: for people to read
};

std::string converse_request(const ModelRequest& request, Media media = Media::bytes);
// The body of CountTokens, which asks for the input alone.
std::string count_tokens_request(const ModelRequest& request);

// One content block of a message.
void write_content_block(json::Writer& out, const ContentBlock& block, Media media);
void write_converse_citation(json::Writer& out, const Citation& citation);

}  // namespace outcrop::inference
