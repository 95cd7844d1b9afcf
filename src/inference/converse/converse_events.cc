#include "inference/converse/converse_events.h"

#include <fmt/format.h>

#include <span>

#include "base/encoding.h"
#include "inference/converse/citation.h"

namespace outcrop::inference {

namespace {

// Blocks of an answer. Ours: models give a handful.
constexpr int blocks_max = 10'000;

std::unexpected<Fault> malformed(std::string_view what) {
  return fail("ModelErrorException", 424, fmt::format("The answer is not one of Converse: {}.", what));
}

std::string_view text_in(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member && member->is_string() ? member->as_string() : std::string_view();
}

Result<int> index_in(const json::Value& event) {
  const json::Value* member = event.find("contentBlockIndex");
  const std::optional<int64_t> index = member ? member->as_int64() : std::nullopt;
  if (!index || *index < 0 || *index >= blocks_max) return malformed("a content block without an index");
  return int(*index);
}

int64_t tokens_in(const json::Value& usage, std::string_view name) {
  const json::Value* member = usage.find(name);
  return member ? std::max<int64_t>(0, member->as_int64().value_or(0)) : 0;
}

// Of what was written to the prompt cache.
int64_t tokens_kept_for(const json::Value& usage, std::string_view ttl) {
  const json::Value* details = usage.find("cacheDetails");
  if (!details || !details->is_array()) return 0;
  int64_t tokens = 0;
  for (const json::Value& detail : details->as_array()) {
    if (text_in(detail, "ttl") == ttl) tokens += tokens_in(detail, "inputTokens");
  }
  return tokens;
}

// The one member of a union, by which its kind is told.
std::string_view kind_of(const json::Value& value) {
  if (!value.is_object() || value.as_object().empty()) return "nothing";
  return value.as_object().begin()->name();
}

std::unexpected<Fault> unsupported(const json::Value& value) {
  return fail("ModelErrorException", 424, fmt::format("The model answered with content that is not supported yet: {}.", kind_of(value)));
}

// One delta says one thing, though a whole block has both.
Result<void> add_reasoning(int index, const json::Value& thought, std::vector<AnswerEvent>& out) {
  auto add = [&](ReasoningDelta delta) { out.push_back(BlockDelta{index, std::move(delta)}); };
  const json::Value* redacted = thought.find("redactedContent");
  if (redacted && redacted->is_string()) {
    std::optional<std::string> bytes = unbase64(redacted->as_string());
    if (!bytes) return malformed("redacted content that is no base64");
    add({{}, {}, std::move(*bytes)});
    return {};
  }
  const std::string_view text = text_in(thought, "text"), signature = text_in(thought, "signature");
  if (!text.empty() || signature.empty()) add({std::string(text), {}, {}});
  if (!signature.empty()) add({{}, std::string(signature), {}});
  return {};
}

}  // namespace

Result<void> ConverseEvents::take(std::string_view name, const json::Value& event, std::vector<AnswerEvent>& out) {
  if (is_whole_) return malformed("it goes on after its end");
  if (name == "contentBlockStart") return start(event, out);
  if (name == "contentBlockDelta") return delta(event, out);
  if (name == "contentBlockStop") return stop(event, out);
  if (name == "messageStop") return end(event, out);
  if (name == "metadata") return metadata(event, out);
  return {};
}

Result<void> ConverseEvents::begin(int index, Kind kind, std::vector<AnswerEvent>& out) {
  if (has_ended_) return malformed("content after its end");
  close(out);
  if (index <= index_) return malformed("content blocks out of order");
  index_ = index;
  open_ = kind;
  return {};
}

void ConverseEvents::close(std::vector<AnswerEvent>& out) {
  if (std::exchange(open_, Kind::none) != Kind::none) out.push_back(BlockStop{index_});
}

Result<void> ConverseEvents::start(const json::Value& event, std::vector<AnswerEvent>& out) {
  const Result<int> index = index_in(event);
  if (!index) return fail(index.error());
  const json::Value* start = event.find("start");
  const json::Value* use = start ? start->find("toolUse") : nullptr;
  if (!use) return start && start->is_object() && start->as_object().empty() ? Result<void>() : unsupported(start ? *start : event);
  if (text_in(*use, "type") == "server_tool_use") return unsupported(json::Object{{"server_tool_use", {}}});
  if (auto begun = begin(*index, Kind::tool, out); !begun) return begun;
  out.push_back(BlockStart{*index, {std::string(text_in(*use, "toolUseId")), std::string(text_in(*use, "name"))}});
  return {};
}

Result<void> ConverseEvents::delta(const json::Value& event, std::vector<AnswerEvent>& out) {
  const Result<int> index = index_in(event);
  if (!index) return fail(index.error());
  const json::Value* delta = event.find("delta");
  if (!delta) return malformed("a delta that is empty");
  return append(*index, *delta, out);
}

Result<void> ConverseEvents::append(int index, const json::Value& delta, std::vector<AnswerEvent>& out) {
  const json::Value* text = delta.find("text");
  const json::Value* use = delta.find("toolUse");
  const json::Value* thought = delta.find("reasoningContent");
  const json::Value* citation = delta.find("citation");
  const Kind kind = text || citation ? Kind::text : thought ? Kind::reasoning : Kind::tool;
  if (!text && !citation && !thought && !use) return unsupported(delta);
  const bool continues = open_ != Kind::none && index == index_;
  if (continues && open_ != kind) return malformed("a delta of another kind than its block");
  if (!continues) {
    if (kind == Kind::tool) return malformed("input for a tool use that has not begun");
    if (auto begun = begin(index, kind, out); !begun) return begun;
  }
  if (text) {
    if (!text->is_string()) return malformed("text that is none");
    out.push_back(BlockDelta{index, TextDelta{std::string(text->as_string())}});
  } else if (citation) {
    out.push_back(BlockDelta{index, CitationDelta{read_citation(*citation)}});
  } else if (use) {
    out.push_back(BlockDelta{index, ToolInputDelta{std::string(text_in(*use, "input"))}});
  } else {
    return add_reasoning(index, *thought, out);
  }
  return {};
}

Result<void> ConverseEvents::stop(const json::Value& event, std::vector<AnswerEvent>& out) {
  const Result<int> index = index_in(event);
  if (!index) return fail(index.error());
  if (*index == index_) close(out);
  return {};
}

Result<void> ConverseEvents::end(const json::Value& event, std::vector<AnswerEvent>& out) {
  if (has_ended_) return malformed("it ends twice");
  const std::string_view word = text_in(event, "stopReason");
  const std::optional<StopReason> reason = stop_reason_called(word);
  if (!reason) return malformed(fmt::format("it ended for a reason that is not known, '{}'", word.substr(0, 100)));
  close(out);
  has_ended_ = true;
  AnswerEnd end{.reason = *reason, .stop_sequence = std::string(text_in(event, "stopSequence")), .additional_fields = {}};
  if (const json::Value* fields = event.find("additionalModelResponseFields")) end.additional_fields = *fields;
  out.push_back(std::move(end));
  return {};
}

Result<void> ConverseEvents::metadata(const json::Value& event, std::vector<AnswerEvent>& out) {
  if (!has_ended_) return malformed("its usage comes before its end");
  const json::Value* usage = event.find("usage");
  if (!usage) return malformed("it has no usage");
  if (const json::Value* performance = event.find("performanceConfig")) latency_ = latency_called(text_in(*performance, "latency"));
  if (const json::Value* tier = event.find("serviceTier")) tier_ = tier_called(text_in(*tier, "type"));
  is_whole_ = true;
  out.push_back(AnswerUsage{{.input = tokens_in(*usage, "inputTokens"),
                             .output = tokens_in(*usage, "outputTokens"),
                             .cache_read = tokens_in(*usage, "cacheReadInputTokens"),
                             .cache_write = tokens_in(*usage, "cacheWriteInputTokens"),
                             .cache_write_one_hour = tokens_kept_for(*usage, "1h"),
                             .counts_cache = usage->find("cacheReadInputTokens") != nullptr}});
  return {};
}

Result<void> ConverseEvents::take_whole(const json::Value& answer, std::vector<AnswerEvent>& out) {
  const json::Value* output = answer.find("output");
  const json::Value* message = output ? output->find("message") : nullptr;
  const json::Value* content = message ? message->find("content") : nullptr;
  if (!content || !content->is_array()) return malformed("it has no message");
  if (content->as_array().size() > size_t(blocks_max)) return malformed("it has too many content blocks");
  int index = 0;
  for (const json::Value& block : content->as_array()) {
    if (auto taken = whole_block(index++, block, out); !taken) return taken;
  }
  if (auto ended = end(answer, out); !ended) return ended;
  return metadata(answer, out);
}

// As the deltas it would have come in.
Result<void> ConverseEvents::whole_block(int index, const json::Value& block, std::vector<AnswerEvent>& out) {
  if (const json::Value* use = block.find("toolUse")) {
    const json::Value begun = json::Object{{"contentBlockIndex", index}, {"start", json::Object{{"toolUse", *use}}}};
    if (auto taken = start(begun, out); !taken) return taken;
    const json::Value* input = use->find("input");
    return append(index, json::Object{{"toolUse", json::Object{{"input", input ? json::write(*input) : "{}"}}}}, out);
  }
  if (const json::Value* thought = block.find("reasoningContent")) {
    const json::Value* said = thought->find("reasoningText");
    return append(index, json::Object{{"reasoningContent", said ? *said : *thought}}, out);
  }
  if (const json::Value* cited = block.find("citationsContent")) return whole_citations(index, *cited, out);
  if (!block.find("text")) return unsupported(block);
  return append(index, block, out);
}

Result<void> ConverseEvents::whole_citations(int index, const json::Value& cited, std::vector<AnswerEvent>& out) {
  auto elements = [&](std::string_view name) {
    const json::Value* list = cited.find(name);
    return list && list->is_array() ? std::span<const json::Value>(list->as_array()) : std::span<const json::Value>();
  };
  for (const json::Value& content : elements("content")) {
    if (auto taken = append(index, content, out); !taken) return taken;
  }
  for (const json::Value& citation : elements("citations")) {
    if (auto taken = append(index, json::Object{{"citation", citation}}, out); !taken) return taken;
  }
  return {};
}

namespace {

json::Value delta_value(const BlockDelta& delta) {
  if (auto* text = std::get_if<TextDelta>(&delta.delta)) return json::Object{{"text", text->text}};
  if (auto* input = std::get_if<ToolInputDelta>(&delta.delta)) return json::Object{{"toolUse", json::Object{{"input", input->json}}}};
  if (auto* citation = std::get_if<CitationDelta>(&delta.delta)) return json::Object{{"citation", citation_value(citation->citation)}};
  const auto& thought = std::get<ReasoningDelta>(delta.delta);
  json::Object reasoning;
  if (!thought.redacted.empty()) reasoning.set("redactedContent", base64(thought.redacted));
  if (!thought.signature.empty()) reasoning.set("signature", thought.signature);
  if (!thought.text.empty() || reasoning.empty()) reasoning.set("text", thought.text);
  return json::Object{{"reasoningContent", std::move(reasoning)}};
}

json::Value end_value(const AnswerEnd& end) {
  json::Object value{{"stopReason", word_of(end.reason)}};
  if (!end.stop_sequence.empty()) value.set("stopSequence", end.stop_sequence);
  if (!end.additional_fields.is_null()) value.set("additionalModelResponseFields", end.additional_fields);
  return value;
}

json::Value cached_for(std::string_view ttl, int64_t tokens) { return json::Object{{"ttl", ttl}, {"inputTokens", tokens}}; }

// What was cached is in it where whoever answered counts that.
json::Value usage_value(const Usage& usage) {
  json::Object value{{"inputTokens", usage.input}, {"outputTokens", usage.output}, {"totalTokens", usage.total()}};
  if (!usage.counts_cache && usage.cache_read == 0 && usage.cache_write == 0) return value;
  value.set("cacheReadInputTokens", usage.cache_read);
  value.set("cacheWriteInputTokens", usage.cache_write);
  if (usage.cache_write_one_hour > 0) value.set("cacheDetails", json::Array{cached_for("1h", usage.cache_write_one_hour)});
  return value;
}

json::Value metadata_value(const Usage& usage, Latency latency, ServiceTier tier) {
  return json::Object{{"usage", usage_value(usage)},
                      {"performanceConfig", json::Object{{"latency", word_of(latency)}}},
                      {"serviceTier", json::Object{{"type", word_of(tier)}}}};
}

}  // namespace

json::Value converse_event(const AnswerEvent& event, Latency latency, ServiceTier tier) {
  if (auto* start = std::get_if<BlockStart>(&event)) {
    json::Value use = json::Object{{"toolUseId", start->tool_use.id}, {"name", start->tool_use.name}};
    return json::Object{
        {"contentBlockStart", json::Object{{"start", json::Object{{"toolUse", std::move(use)}}}, {"contentBlockIndex", start->index}}}};
  }
  if (auto* delta = std::get_if<BlockDelta>(&event))
    return json::Object{{"contentBlockDelta", json::Object{{"delta", delta_value(*delta)}, {"contentBlockIndex", delta->index}}}};
  if (auto* stop = std::get_if<BlockStop>(&event))
    return json::Object{{"contentBlockStop", json::Object{{"contentBlockIndex", stop->index}}}};
  if (auto* end = std::get_if<AnswerEnd>(&event)) return json::Object{{"messageStop", end_value(*end)}};
  return json::Object{{"metadata", metadata_value(std::get<AnswerUsage>(event).usage, latency, tier)}};
}

}  // namespace outcrop::inference
