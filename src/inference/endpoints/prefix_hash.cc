#include "inference/endpoints/prefix_hash.h"

#include <functional>
#include <string_view>

#include "inference/endpoints/limits.h"

namespace outcrop::inference {

namespace {

class PrefixHash {
 public:
  void add(std::string_view text) {
    add(text.size());
    add(std::hash<std::string_view>()(text.substr(0, limits::prefix_text_bytes_max)));
  }
  void add_source(const MediaSource& source) {
    if (auto* bytes = std::get_if<std::string>(&source)) add(*bytes);
    if (auto* location = std::get_if<S3Location>(&source)) add(location->uri);
  }
  uint64_t value() const { return value_; }

 private:
  void add(uint64_t part) { value_ = (value_ ^ part) * 0x9e3779b97f4a7c15u; }

  uint64_t value_ = 0;
};

void add_block(PrefixHash& hash, const ContentBlock& block) {
  if (auto* text = std::get_if<TextBlock>(&block)) return hash.add(text->text);
  if (auto* image = std::get_if<ImageBlock>(&block)) return hash.add_source(image->source);
  if (auto* document = std::get_if<DocumentBlock>(&block)) {
    hash.add(document->name);
    if (auto* bytes = std::get_if<std::string>(&document->source)) hash.add(*bytes);
    if (auto* text = std::get_if<DocumentBlock::Text>(&document->source)) hash.add(text->text);
  }
}

}  // namespace

uint64_t prefix_hash(const Conversation& conversation) {
  PrefixHash hash;
  for (const SystemBlock& block : conversation.system) {
    if (auto* text = std::get_if<TextBlock>(&block)) hash.add(text->text);
  }
  for (const Tool& tool : conversation.tools) {
    auto* specification = std::get_if<ToolSpecification>(&tool);
    if (!specification) continue;
    hash.add(specification->name);
    hash.add(specification->description);
  }
  if (conversation.messages.empty()) return hash.value();
  for (const ContentBlock& block : conversation.messages.front().content) add_block(hash, block);
  return hash.value();
}

}  // namespace outcrop::inference
