// The content blocks of Anthropic's Messages API, read from a request and written into an answer.
#pragma once
#include <initializer_list>
#include <string_view>

#include "inference/dialects/field.h"
#include "json/writer.h"

namespace outcrop::inference::anthropic {

// The member `type`, when it is one of `tags`; what else it is is told.
std::optional<std::string_view> read_tag(const Field& block, std::initializer_list<std::string_view> tags);
// The cache point that a block, a tool or a system text asks for after itself.
std::optional<CachePointBlock> read_cache_control(const Field& block);

// The content of a message, text or blocks, added to `out`.
void read_content(const Field& content, Role role, std::vector<ContentBlock>& out);

std::vector<Citation> read_citations(const Field& citations);
void write_citation(json::Writer& out, const Citation& citation);

}  // namespace outcrop::inference::anthropic
