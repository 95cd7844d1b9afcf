// What one message of a chat completion holds: plain text where there is nothing else, which every server takes, and
// parts where there are images, sounds or files.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/conversation.h"
#include "json/writer.h"

namespace outcrop::inference {

class ChatContent {
 public:
  // Faults with ValidationException 400 for what the dialect cannot say.
  Result<void> add(const ContentBlock& block);
  // A part of a tool's result. Results are text in this dialect: what is none goes to `rest`, the user's message behind it.
  Result<void> add_result(const ToolResultBlock::Content& part, ChatContent& rest);

  bool empty() const { return parts_.empty(); }
  void write(json::Writer& out) const;

 private:
  struct Part {
    enum class Kind { text, image_url, input_audio, file };
    Kind kind = Kind::text;
    std::string content;  // the text, the data URL, or the base64 of a sound
    std::string label;    // the format of a sound, the name of a file
  };
  void add_text(std::string text) { parts_.push_back({Part::Kind::text, std::move(text), {}}); }
  Result<void> add_image(const ImageBlock& image);
  Result<void> add_audio(const AudioBlock& audio);
  Result<void> add_document(const DocumentBlock& document);
  void add_search_result(const SearchResultBlock& result);
  static void write_part(json::Writer& out, const Part& part);

  std::vector<Part> parts_;
};

}  // namespace outcrop::inference
