// A conversation with a model, in the one form between all dialects: what Converse, InvokeModel's native bodies and the
// OpenAI-compatible routes are read into, and what every provider is asked in. It follows Converse (Amazon Bedrock Runtime
// API reference), whose words are used.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/json.h"

namespace outcrop::inference {

struct TextBlock {
  std::string text;
};

// Where the bytes of an image, a document, a video or a sound are: here, or in S3.
struct S3Location {
  std::string uri;           // "s3://bucket/key"
  std::string bucket_owner;  // 12 digits, or empty
};
using MediaSource = std::variant<std::string, S3Location>;

struct ImageBlock {
  std::string format;  // "png", "jpeg", "gif", "webp"
  MediaSource source;
};

struct VideoBlock {
  std::string format;  // "mp4", …
  MediaSource source;
};

struct AudioBlock {
  std::string format;  // "wav", …
  MediaSource source;
};

struct DocumentBlock {
  // Text that needs no extraction, or text in chunks that citations may name.
  struct Text {
    std::string text;
  };
  struct Chunks {
    std::vector<std::string> texts;
  };
  std::string format;  // "pdf", "txt", "md", …; empty where the source is text
  std::string name;
  std::string context;  // what the model should know about it
  std::variant<std::string, S3Location, Text, Chunks> source;
  bool citations = false;  // asked for
};

struct SearchResultBlock {
  std::string source, title;
  std::vector<std::string> texts;
  bool citations = false;
};

struct ToolUseBlock {
  std::string id;
  std::string name;
  json::Value input;
};

struct ToolResultBlock {
  using Content = std::variant<TextBlock, json::Value, ImageBlock, DocumentBlock, VideoBlock, SearchResultBlock>;
  std::string id;  // of the use it answers
  std::vector<Content> content;
  bool is_error = false;
};

// What a model thought before it answered. Given back with a later turn it must be unchanged, hence the signature.
struct ReasoningBlock {
  std::string text;
  std::string signature;  // empty where the model has none
  std::string redacted;   // bytes only the model's maker can read; then there is no text
};

struct CachePointBlock {
  enum class TimeToLive { five_minutes, one_hour };
  std::optional<TimeToLive> time_to_live;  // the model's default where unsaid
};

// Text or an image that a guardrail looks at.
struct GuardBlock {
  std::variant<TextBlock, ImageBlock> content;
  std::vector<std::string> qualifiers;  // "grounding_source", "query", "guard_content"
};

struct Citation {
  struct Location {
    enum class Kind { document_characters, document_pages, document_chunks, search_result, web };
    Kind kind = Kind::document_characters;
    int index = 0;            // of the document or the search result in the request
    int start = 0, end = 0;   // half open
    std::string url, domain;  // of the web
  };
  std::string title, source;
  std::vector<std::string> quotes;  // what the source says there
  std::optional<Location> location;
};

struct CitationsBlock {
  std::vector<std::string> texts;
  std::vector<Citation> citations;
};

using ContentBlock = std::variant<TextBlock, ImageBlock, DocumentBlock, VideoBlock, AudioBlock, ToolUseBlock, ToolResultBlock,
                                  ReasoningBlock, CachePointBlock, GuardBlock, CitationsBlock, SearchResultBlock>;

enum class Role { user, assistant };

struct Message {
  Role role = Role::user;
  std::vector<ContentBlock> content;
};

using SystemBlock = std::variant<TextBlock, GuardBlock, CachePointBlock>;

struct ToolSpecification {
  std::string name;
  std::string description;
  json::Value input_schema;  // JSON Schema of an object
  std::optional<bool> strict;
};

// `name` of a tool that the model's own platform carries out.
struct SystemTool {
  std::string name;
};

using Tool = std::variant<ToolSpecification, SystemTool, CachePointBlock>;

struct ToolChoice {
  enum class Kind { automatic, any, tool, none };
  Kind kind = Kind::automatic;
  std::string name;  // of the tool
};

// The answer's text is JSON of this schema.
struct JsonOutput {
  std::string name, description;
  json::Value schema;
};

struct InferenceParameters {
  std::optional<int> max_tokens;
  std::optional<double> temperature, top_p;
  std::vector<std::string> stop_sequences;
};

struct Conversation {
  std::vector<SystemBlock> system;
  std::vector<Message> messages;
  std::vector<Tool> tools;
  std::optional<ToolChoice> tool_choice;
  InferenceParameters parameters;
  std::optional<JsonOutput> json_output;
  json::Value additional_fields;                        // of the model's own request body, or null
  std::vector<std::string> additional_response_fields;  // JSON Pointers into the model's own response body
};

enum class StopReason {
  end_turn,
  tool_use,
  max_tokens,
  stop_sequence,
  guardrail_intervened,
  content_filtered,
  malformed_model_output,
  malformed_tool_use,
  model_context_window_exceeded
};

std::string_view word_of(StopReason reason);  // as Converse says it: "end_turn"
std::optional<StopReason> stop_reason_called(std::string_view word);

// In tokens, as Bedrock counts: what was read from or written to the prompt cache is not in `input`.
struct Usage {
  int64_t input = 0, output = 0;
  int64_t cache_read = 0, cache_write = 0;
  int64_t cache_write_one_hour = 0;  // of cache_write: what is kept for an hour
  bool counts_cache = false;         // whoever answered counts its cache, so that a 0 is a 0
  int64_t total() const { return input + output + cache_read + cache_write; }
};

// An answer, piece by piece: for each block a start (of tools only), deltas and a stop; then the end, then what it took. The
// index of a block counts from 0.
struct ToolUseStart {
  std::string id, name;
};
struct TextDelta {
  std::string text;
};
struct ToolInputDelta {
  std::string json;  // a part of the input's text
};
struct ReasoningDelta {
  std::string text, signature, redacted;  // one of them
};
struct CitationDelta {
  Citation citation;
};

struct BlockStart {
  int index = 0;
  ToolUseStart tool_use;
};
struct BlockDelta {
  int index = 0;
  std::variant<TextDelta, ToolInputDelta, ReasoningDelta, CitationDelta> delta;
};
struct BlockStop {
  int index = 0;
};
struct AnswerEnd {
  StopReason reason = StopReason::end_turn;
  std::string stop_sequence;      // the one that was met
  json::Value additional_fields;  // that were asked for, or null
};
struct AnswerUsage {
  Usage usage;
};

using AnswerEvent = std::variant<BlockStart, BlockDelta, BlockStop, AnswerEnd, AnswerUsage>;

}  // namespace outcrop::inference
