#include "services/bedrock-runtime/cache/fingerprint.h"

#include "base/digest.h"

namespace outcrop::bedrock_runtime {

namespace {

// Every text is preceded by its length and every variant by its index, so that no two pieces give the same bytes.
class Fingerprint {
 public:
  explicit Fingerprint(std::string_view before) { add(before); }

  std::string finish() { return digest_.finish(); }

  template <class... Alternatives>
  void add(const std::variant<Alternatives...>& variant) {
    add_number(variant.index());
    std::visit([this](const auto& alternative) { this->add(alternative); }, variant);
  }
  template <class T>
  void add(const std::vector<T>& parts) {
    add_number(parts.size());
    for (const T& part : parts) add(part);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add_number(value.has_value());
    if (value) add(*value);
  }

  void add(std::string_view text) {
    add_number(text.size());
    digest_.add(text);
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(bool truth) { add_number(truth); }
  void add(const json::Value& value) { add(json::write(value)); }
  void add(inference::Role role) { add_number(uint64_t(role)); }

  void add(const inference::TextBlock& block) { add(block.text); }
  void add(const inference::S3Location& location) { add_all(location.uri, location.bucket_owner); }
  void add(const inference::ImageBlock& block) { add_all(block.format, block.source); }
  void add(const inference::VideoBlock& block) { add_all(block.format, block.source); }
  void add(const inference::AudioBlock& block) { add_all(block.format, block.source); }
  void add(const inference::DocumentBlock::Text& text) { add(text.text); }
  void add(const inference::DocumentBlock::Chunks& chunks) { add(chunks.texts); }
  void add(const inference::DocumentBlock& block) { add_all(block.format, block.name, block.context, block.source, block.citations); }
  void add(const inference::SearchResultBlock& block) { add_all(block.source, block.title, block.texts, block.citations); }
  void add(const inference::ToolUseBlock& block) { add_all(block.id, block.name, block.input); }
  void add(const inference::ToolResultBlock& block) { add_all(block.id, block.content, block.is_error); }
  void add(const inference::ReasoningBlock& block) { add_all(block.text, block.signature, block.redacted); }
  void add(const inference::CachePointBlock&) {}
  void add(const inference::GuardBlock& block) { add_all(block.content, block.qualifiers); }
  void add(const inference::Citation& citation) { add_all(citation.title, citation.source, citation.quotes); }
  void add(const inference::CitationsBlock& block) { add_all(block.texts, block.citations); }
  void add(const inference::ToolSpecification& tool) { add_all(tool.name, tool.description, tool.input_schema, tool.strict); }
  void add(const inference::SystemTool& tool) { add(tool.name); }

 private:
  template <class... Parts>
  void add_all(const Parts&... parts) {
    (add(parts), ...);
  }
  void add_number(uint64_t number) { digest_.add({reinterpret_cast<const char*>(&number), sizeof number}); }

  Sha256 digest_;
};

// `kind`: tools, system texts and messages are told apart.
template <class... Pieces>
std::string fingerprint_of(std::string_view before, std::string_view kind, const Pieces&... pieces) {
  Fingerprint fingerprint(before);
  fingerprint.add(kind);
  (fingerprint.add(pieces), ...);
  return fingerprint.finish();
}

}  // namespace

std::string fingerprint(std::string_view before, const inference::Tool& tool) { return fingerprint_of(before, "tool", tool); }

std::string fingerprint(std::string_view before, const inference::SystemBlock& block) { return fingerprint_of(before, "system", block); }

std::string fingerprint(std::string_view before, inference::Role role, const inference::ContentBlock& block) {
  return fingerprint_of(before, "message", role, block);
}

}  // namespace outcrop::bedrock_runtime
