#include "inference/replay/cassette.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>

#include "inference/converse/converse_events.h"
#include "inference/replay/limits.h"
#include "wire/date_text.h"

namespace outcrop::inference {

namespace {

constexpr int cassette_format = 1;
constexpr std::array<std::string_view, 3> kind_words = {"answer", "embeddings", "token_count"};
// Of an event, beside its time.
constexpr std::string_view at_name = "atMs";

std::unexpected<Fault> invalid_cassette(std::string what) { return fail("InvalidCassette", 400, std::move(what)); }

// Members one a line; what is long in itself begins a level deeper.
class Page {
 public:
  void member(std::string_view name, std::string_view json) {
    text_ += text_.empty() ? "{\n  " : ",\n  ";
    text_ += json::write(json::Value(name));
    text_ += ": ";
    text_ += json;
  }
  void member(std::string_view name, const json::Value& value) { member(name, std::string_view(json::write(value))); }
  void indented(std::string_view name, const json::Value& value) {
    std::string deeper;
    for (char c : json::write_pretty(value)) {
      deeper += c;
      if (c == '\n') deeper += "  ";
    }
    while (deeper.ends_with('\n') || deeper.ends_with(' ')) deeper.pop_back();
    member(name, std::string_view(deeper));
  }
  void lines(std::string_view name, const std::vector<std::string>& elements) {
    member(name, std::string_view(elements.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(elements, ",\n    "))));
  }
  std::string finish() { return std::move(text_) + "\n}\n"; }

 private:
  std::string text_;
};

std::string event_line(const RecordedEvent& recorded, const Cassette& cassette) {
  json::Value event = converse_event(recorded.event, cassette.latency, cassette.tier);
  const json::Member& told = *event.as_object().begin();
  return json::write(json::Object{{at_name, recorded.at.count()}, {told.name(), told.value}});
}

std::string vector_line(const std::vector<float>& vector) { return fmt::format("\"{}\"", fmt::join(vector, " ")); }

json::Value fault_value(const RecordedFault& fault) {
  json::Object value{{at_name, fault.at.count()}, {"code", fault.code}, {"status", fault.status}, {"message", fault.message}};
  if (fault.original_status != 0) value.set("originalStatus", fault.original_status);
  return value;
}

// Members by name and kind, the first that is wrong kept as a fault.
class CassetteReader {
 public:
  explicit CassetteReader(const json::Value& value) : value_(value) {}

  const json::Value* find(std::string_view name) const { return value_.find(name); }
  std::string text(std::string_view name) {
    const json::Value* member = find(name);
    if (member && member->is_string()) return std::string(member->as_string());
    wrong(name, "a text");
    return {};
  }
  int64_t number(std::string_view name, int64_t least, int64_t most, std::optional<int64_t> otherwise = std::nullopt) {
    const json::Value* member = find(name);
    if (!member && otherwise) return *otherwise;
    const std::optional<int64_t> number = member ? member->as_int64() : std::nullopt;
    if (number && *number >= least && *number <= most) return *number;
    wrong(name, fmt::format("a number from {} to {}", least, most));
    return least;
  }
  const json::Array& list(std::string_view name) {
    static const json::Array none;
    const json::Value* member = find(name);
    if (!member) return none;
    if (member->is_array()) return member->as_array();
    wrong(name, "a list");
    return none;
  }
  void wrong(std::string_view name, std::string_view wanted) {
    if (problem_.empty()) problem_ = fmt::format("{} is to be {}", name, wanted);
  }
  Result<void> result() const {
    if (problem_.empty()) return {};
    return invalid_cassette(problem_);
  }

 private:
  const json::Value& value_;
  std::string problem_;
};

constexpr int64_t day_ms = 86'400'000;  // no exchange lasts longer

Result<RecordedFault> read_fault(const json::Value& value) {
  CassetteReader members(value);
  RecordedFault fault;
  fault.at = Milliseconds(members.number(at_name, 0, day_ms, 0));
  fault.code = members.text("code");
  fault.status = int(members.number("status", 400, 599));
  fault.message = members.text("message");
  fault.original_status = int(members.number("originalStatus", 0, 999, 0));
  if (auto read = members.result(); !read) return invalid_cassette(fmt::format("fault: {}", read.error().message));
  return fault;
}

// {"atMs": 12, "contentBlockDelta": {…}}; several events of an answer may come of one.
Result<void> read_event(const json::Value& line, ConverseEvents& events, Cassette& out) {
  CassetteReader members(line);
  const Milliseconds at(members.number(at_name, 0, day_ms, 0));
  if (auto read = members.result(); !read) return read;
  if (!line.is_object()) return invalid_cassette("it is no object");
  std::vector<AnswerEvent> read;
  for (const json::Member& member : line.as_object()) {
    if (member.name() == at_name) continue;
    if (auto taken = events.take(member.name(), member.value, read); !taken) return invalid_cassette(taken.error().message);
  }
  for (AnswerEvent& event : read) out.events.push_back({at, std::move(event)});
  return {};
}

Result<void> read_events(const json::Array& lines, Cassette& out) {
  if (lines.size() > limits::recorded_events_max) return invalid_cassette("it has too many events");
  ConverseEvents events;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (auto read = read_event(lines[i], events, out); !read)
      return invalid_cassette(fmt::format("events[{}]: {}", i, read.error().message));
  }
  if (!events.is_whole() && !out.fault) return invalid_cassette("its events end without metadata, and no fault says why");
  out.latency = events.latency().value_or(Latency::standard);
  out.tier = events.tier().value_or(ServiceTier::standard);
  return {};
}

Result<std::vector<float>> read_vector_line(const json::Value& line) {
  if (!line.is_string()) return invalid_cassette("an embedding is to be a text of numbers");
  std::vector<float> vector;
  std::string_view rest = line.as_string();
  while (!rest.empty()) {
    float number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) return invalid_cassette("an embedding holds something that is no number");
    vector.push_back(number);
    rest.remove_prefix(size_t(end - rest.data()));
    if (rest.empty()) break;
    if (rest.front() != ' ') return invalid_cassette("an embedding's numbers are to have one space between them");
    rest.remove_prefix(1);
  }
  return vector;
}

Result<void> read_embeddings_of(const json::Array& lines, Cassette& out) {
  for (const json::Value& line : lines) {
    auto vector = read_vector_line(line);
    if (!vector) return fail(std::move(vector.error()));
    out.embeddings.vectors.push_back(std::move(*vector));
  }
  return {};
}

Result<void> read_facts(CassetteReader& members, Cassette& out) {
  members.number("cassette", cassette_format, cassette_format);
  const std::string kind = members.text("kind");
  const auto word = std::ranges::find(kind_words, kind);
  if (word == kind_words.end())
    members.wrong("kind", "one of answer, embeddings, token_count");
  else
    out.kind = ExchangeKind(word - kind_words.begin());
  out.model_id = members.text("modelId");
  out.sequence = int(members.number("sequence", 1, INT32_MAX));
  const auto recorded = wire::parse_date_time(members.text("recorded"));
  if (recorded)
    out.recorded = *recorded;
  else
    members.wrong("recorded", "a time, as in 2026-11-26T16:00:00Z");
  const json::Value* request = members.find("request");
  if (!request || !request->is_object())
    members.wrong("request", "an object");
  else
    out.request = *request;
  return members.result();
}

}  // namespace

std::string_view word_of(ExchangeKind kind) { return kind_words[size_t(kind)]; }

std::string write_cassette(const Cassette& cassette) {
  Page page;
  page.member("cassette", json::Value(cassette_format));
  page.member("kind", json::Value(word_of(cassette.kind)));
  page.member("modelId", json::Value(cassette.model_id));
  page.member("recorded", json::Value(iso8601(cassette.recorded, true)));
  page.member("sequence", json::Value(cassette.sequence));
  page.indented("request", cassette.request);
  std::vector<std::string> lines;
  if (cassette.kind == ExchangeKind::answer) {
    for (const RecordedEvent& event : cassette.events) lines.push_back(event_line(event, cassette));
    page.lines("events", lines);
  } else {
    for (const std::vector<float>& vector : cassette.embeddings.vectors) lines.push_back(vector_line(vector));
    if (cassette.kind == ExchangeKind::embeddings) page.lines("embeddings", lines);
    page.member("inputTokens", json::Value(cassette.embeddings.input_tokens));
  }
  if (cassette.fault) page.member("fault", fault_value(*cassette.fault));
  return page.finish();
}

Result<Cassette> read_cassette(std::string_view text) {
  const auto value = json::parse(text);
  if (!value) return invalid_cassette(value.error().message());
  if (!value->is_object()) return invalid_cassette("it is no JSON object");
  Cassette cassette;
  CassetteReader members(*value);
  if (auto read = read_facts(members, cassette); !read) return fail(std::move(read.error()));
  if (const json::Value* fault = members.find("fault")) {
    auto read = read_fault(*fault);
    if (!read) return fail(std::move(read.error()));
    cassette.fault = std::move(*read);
  }
  cassette.embeddings.input_tokens = members.number("inputTokens", 0, INT64_MAX, 0);
  const bool is_answer = cassette.kind == ExchangeKind::answer;
  Result<void> read = is_answer ? read_events(members.list("events"), cassette) : read_embeddings_of(members.list("embeddings"), cassette);
  if (read) read = members.result();
  if (!read) return fail(std::move(read.error()));
  return cassette;
}

}  // namespace outcrop::inference
