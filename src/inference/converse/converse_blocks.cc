// The content blocks of Converse.
#include "base/digest.h"
#include "base/encoding.h"
#include "inference/converse/converse_request.h"
#include "inference/converse/member.h"
#include "inference/refusal.h"

namespace outcrop::inference {

namespace {

using json::Writer;

class BlockWriter {
 public:
  BlockWriter(Writer& out, Media media) : out_(out), media_(media) {}

  void operator()(const TextBlock& block) { text_member(out_, "text", block.text); }
  void operator()(const ImageBlock& block) { media_block("image", block); }
  void operator()(const VideoBlock& block) { media_block("video", block); }
  void operator()(const AudioBlock& block) { media_block("audio", block); }

  void operator()(const DocumentBlock& block) {
    object_member(out_, "document", [&] {
      text_member_unless_empty(out_, "format", block.format);
      text_member(out_, "name", block.name);
      object_member(out_, "source", [&] { write_document_source(block); });
      text_member_unless_empty(out_, "context", block.context);
      if (block.citations) object_member(out_, "citations", [&] { flag_member(out_, "enabled", true); });
    });
  }

  void operator()(const SearchResultBlock& block) {
    object_member(out_, "searchResult", [&] {
      text_member(out_, "source", block.source);
      text_member(out_, "title", block.title);
      write_texts("content", block.texts);
      if (block.citations) object_member(out_, "citations", [&] { flag_member(out_, "enabled", true); });
    });
  }

  void operator()(const ToolUseBlock& block) {
    object_member(out_, "toolUse", [&] {
      text_member(out_, "toolUseId", block.id);
      text_member(out_, "name", block.name);
      out_.name("input"), block.input.is_null() ? out_.raw("{}") : out_.value(block.input);
    });
  }

  void operator()(const ToolResultBlock& block) {
    object_member(out_, "toolResult", [&] {
      text_member(out_, "toolUseId", block.id);
      list_member(out_, "content", block.content, [this](const ToolResultBlock::Content& part) {
        out_.begin_object();
        std::visit(*this, part);
        out_.end_object();
      });
      if (block.is_error) text_member(out_, "status", "error");
    });
  }
  void operator()(const json::Value& value) { out_.name("json"), out_.value(value); }

  void operator()(const ReasoningBlock& block) {
    object_member(out_, "reasoningContent", [&] {
      if (!block.redacted.empty()) return text_member(out_, "redactedContent", base64(block.redacted));
      object_member(out_, "reasoningText", [&] {
        text_member(out_, "text", block.text);
        text_member_unless_empty(out_, "signature", block.signature);
      });
    });
  }

  void operator()(const CachePointBlock& block) { write_cache_point(out_, block); }
  void operator()(const GuardBlock& block) { write_guard(out_, block, media_); }

  void operator()(const CitationsBlock& block) {
    object_member(out_, "citationsContent", [&] {
      write_texts("content", block.texts);
      list_member(out_, "citations", block.citations, [this](const Citation& citation) { write_converse_citation(out_, citation); });
    });
  }

  void write_source(const std::string& bytes) { write_bytes(out_, bytes, media_); }
  void write_source(const S3Location& location) {
    object_member(out_, "s3Location", [&] {
      text_member(out_, "uri", location.uri);
      text_member_unless_empty(out_, "bucketOwner", location.bucket_owner);
    });
  }
  void write_source(const DocumentBlock::Text& text) { text_member(out_, "text", text.text); }
  void write_source(const DocumentBlock::Chunks& chunks) { write_texts("content", chunks.texts); }

 private:
  // People read the text of a document where it is one.
  void write_document_source(const DocumentBlock& block) {
    const auto* bytes = std::get_if<std::string>(&block.source);
    if (bytes && media_ == Media::digest && is_text_format(block.format) && is_valid_utf8(*bytes)) {
      object_member(out_, "bytes", [&] { text_member(out_, "text", *bytes); });
    } else {
      std::visit([this](const auto& source) { this->write_source(source); }, block.source);
    }
  }
  template <class Block>
  void media_block(std::string_view name, const Block& block) {
    object_member(out_, name, [&] {
      text_member(out_, "format", block.format);
      object_member(out_, "source", [&] { std::visit([this](const auto& source) { this->write_source(source); }, block.source); });
    });
  }
  void write_texts(std::string_view name, const std::vector<std::string>& texts) {
    list_member(out_, name, texts, [this](const std::string& text) {
      out_.begin_object();
      text_member(out_, "text", text);
      out_.end_object();
    });
  }

  Writer& out_;
  const Media media_;
};

std::string_view place_of(Citation::Location::Kind kind) {
  using enum Citation::Location::Kind;
  switch (kind) {
    case document_characters:
      return "documentChar";
    case document_pages:
      return "documentPage";
    case document_chunks:
      return "documentChunk";
    case search_result:
      return "searchResultLocation";
    case web:
      return "web";
  }
  check(false, "a citation of no place");
  return {};
}

void write_location(Writer& out, const Citation::Location& at) {
  object_member(out, place_of(at.kind), [&] {
    if (at.kind == Citation::Location::Kind::web) {
      text_member_unless_empty(out, "url", at.url);
      text_member_unless_empty(out, "domain", at.domain);
      return;
    }
    out.name(at.kind == Citation::Location::Kind::search_result ? "searchResultIndex" : "documentIndex"), out.number(at.index);
    out.name("start"), out.number(at.start);
    out.name("end"), out.number(at.end);
  });
}

}  // namespace

void write_bytes(json::Writer& out, std::string_view bytes, Media media) {
  if (media == Media::bytes) return text_member(out, "bytes", base64(bytes));
  object_member(out, "bytes", [&] {
    text_member(out, "sha256", hex(sha256(bytes)));
    out.name("size"), out.number(bytes.size());
  });
}

void write_cache_point(json::Writer& out, const CachePointBlock& block) {
  object_member(out, "cachePoint", [&] {
    text_member(out, "type", "default");
    if (block.time_to_live) text_member(out, "ttl", *block.time_to_live == CachePointBlock::TimeToLive::one_hour ? "1h" : "5m");
  });
}

void write_guard(json::Writer& out, const GuardBlock& block, Media media) {
  object_member(out, "guardContent", [&] {
    if (auto* text = std::get_if<TextBlock>(&block.content)) {
      object_member(out, "text", [&] {
        text_member(out, "text", text->text);
        if (!block.qualifiers.empty())
          list_member(out, "qualifiers", block.qualifiers, [&](const std::string& qualifier) { out.string(qualifier); });
      });
      return;
    }
    BlockWriter(out, media)(std::get<ImageBlock>(block.content));
  });
}

void write_content_block(json::Writer& out, const ContentBlock& block, Media media) {
  out.begin_object();
  std::visit(BlockWriter(out, media), block);
  out.end_object();
}

void write_converse_citation(json::Writer& out, const Citation& citation) {
  out.begin_object();
  text_member_unless_empty(out, "title", citation.title);
  text_member_unless_empty(out, "source", citation.source);
  if (!citation.quotes.empty()) {
    list_member(out, "sourceContent", citation.quotes, [&](const std::string& quote) {
      out.begin_object();
      text_member(out, "text", quote);
      out.end_object();
    });
  }
  if (citation.location) object_member(out, "location", [&] { write_location(out, *citation.location); });
  out.end_object();
}

}  // namespace outcrop::inference
