#include "inference/token_estimate.h"

#include "inference/embedded/token_count.h"

namespace outcrop::inference {

namespace {

// A 1092 x 1092 image is 1,590 tokens for Claude (Anthropic's guide to vision), 765 to 1,105 for GPT-4o (OpenAI's).
constexpr int64_t image_tokens = 1'590;
// A page of a PDF is 1,500 to 3,000 tokens (Anthropic's guide to PDFs), and some 30 KB.
constexpr int64_t document_bytes_per_token = 15;
constexpr size_t pending_bytes_max = 4 * 1024;

int64_t of_text(std::string_view text) { return int64_t(embedded::estimate_tokens(text)); }

int64_t of_texts(const std::vector<std::string>& texts) {
  int64_t tokens = 0;
  for (const std::string& text : texts) tokens += of_text(text);
  return tokens;
}

// What each kind of block is worth; those that are nothing to a model are 0.
struct Count {
  int64_t operator()(const TextBlock& block) const { return of_text(block.text); }
  int64_t operator()(const ImageBlock&) const { return image_tokens; }
  int64_t operator()(const VideoBlock&) const { return image_tokens; }
  int64_t operator()(const AudioBlock&) const { return image_tokens; }
  int64_t operator()(const json::Value& value) const { return of_text(json::write(value)); }
  int64_t operator()(const ToolUseBlock& block) const { return of_text(block.name) + (*this)(block.input); }
  int64_t operator()(const ReasoningBlock& block) const { return of_text(block.text); }
  int64_t operator()(const CachePointBlock&) const { return 0; }
  int64_t operator()(const CitationsBlock& block) const { return of_texts(block.texts); }
  int64_t operator()(const SearchResultBlock& block) const { return of_text(block.title) + of_texts(block.texts); }
  int64_t operator()(const GuardBlock& block) const { return std::visit(*this, block.content); }
  int64_t operator()(const DocumentBlock& block) const {
    const int64_t around = of_text(block.name) + of_text(block.context);
    if (auto* text = std::get_if<DocumentBlock::Text>(&block.source)) return around + of_text(text->text);
    if (auto* chunks = std::get_if<DocumentBlock::Chunks>(&block.source)) return around + of_texts(chunks->texts);
    auto* bytes = std::get_if<std::string>(&block.source);
    return around + (bytes ? int64_t(bytes->size()) / document_bytes_per_token : 0);
  }
  int64_t operator()(const ToolResultBlock& block) const {
    int64_t tokens = 0;
    for (const ToolResultBlock::Content& part : block.content) tokens += std::visit(*this, part);
    return tokens;
  }
};

}  // namespace

int64_t estimate_tokens(const ContentBlock& block) { return std::visit(Count(), block); }
int64_t estimate_tokens(const SystemBlock& block) { return std::visit(Count(), block); }

int64_t estimate_tokens(const Tool& tool) {
  auto* specification = std::get_if<ToolSpecification>(&tool);
  if (!specification) return 0;
  return of_text(specification->name) + of_text(specification->description) + of_text(json::write(specification->input_schema));
}

int64_t estimate_tokens(const Conversation& conversation) {
  int64_t tokens = 0;
  for (const SystemBlock& block : conversation.system) tokens += estimate_tokens(block);
  for (const Message& message : conversation.messages) {
    tokens += message_template_tokens;
    for (const ContentBlock& block : message.content) tokens += estimate_tokens(block);
  }
  for (const Tool& tool : conversation.tools) tokens += estimate_tokens(tool);
  return tokens;
}

void TokenEstimate::add(std::string_view piece) {
  pending_ += piece;
  if (pending_.size() < pending_bytes_max) return;
  tokens_ += of_text(pending_);
  pending_.clear();
}

int64_t TokenEstimate::total() {
  tokens_ += of_text(pending_);
  pending_.clear();
  return tokens_;
}

}  // namespace outcrop::inference
