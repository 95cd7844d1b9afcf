#include "inference/replay/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/encoding.h"
#include "inference/converse/converse_request.h"

namespace outcrop::inference {

namespace {

constexpr size_t key_bytes = 16;

bool is_figure(char c) { return c >= '0' && c <= '9'; }
bool is_hex_figure(char c) { return is_figure(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word_part(char c) { return is_figure(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// The length of what stands at the front of `text` in a form where 0 is a decimal digit, x a hexadecimal one and anything else
// itself; 0 when it does not.
size_t formed(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return 0;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == '0' ? is_figure(text[i]) : form[i] == 'x' ? is_hex_figure(text[i]) : text[i] == form[i];
    if (!fits) return 0;
  }
  return form.size();
}

size_t uuid_at(std::string_view text) { return formed(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"); }

size_t offset_at(std::string_view text) {
  if (text.starts_with('Z')) return 1;
  for (std::string_view form : {"+00:00", "-00:00", "+0000", "-0000"}) {
    if (size_t length = formed(text, form)) return length;
  }
  return 0;
}

size_t clock_at(std::string_view text) {
  size_t length = formed(text, "00:00:00");
  if (length == 0) length = formed(text, "00:00");
  if (length == 8 && text.size() > length + 1 && (text[length] == '.' || text[length] == ',') && is_figure(text[length + 1])) {
    ++length;
    while (length < text.size() && is_figure(text[length])) ++length;
  }
  return length == 0 ? 0 : length + offset_at(text.substr(length));
}

// `length`, or 0 where a word goes on behind it.
size_t whole_word(std::string_view text, size_t length) { return length < text.size() && is_word_part(text[length]) ? 0 : length; }

size_t time_at(std::string_view text) {
  const size_t date = formed(text, "0000-00-00");
  if (date == 0) return 0;
  if (text.size() > date && (text[date] == 'T' || text[date] == ' ')) {
    const size_t clock = clock_at(text.substr(date + 1));
    if (clock > 0 && whole_word(text, date + 1 + clock) > 0) return date + 1 + clock;
  }
  return whole_word(text, date);
}

std::string normalised_text(std::string_view text) {
  std::string out;
  bool after_space = true;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const bool begins_word = at == 0 || !is_word_part(text[at - 1]);
    const size_t uuid = begins_word ? whole_word(rest, uuid_at(rest)) : 0, time = begins_word ? time_at(rest) : 0;
    if (const size_t length = std::max(uuid, time); length > 0) {
      out += uuid > 0 ? "<uuid>" : "<time>";
      at += length;
      after_space = false;
    } else if (is_space(text[at])) {
      if (!after_space) out += ' ';
      after_space = true;
      ++at;
    } else {
      out += text[at++];
      after_space = false;
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

class Normaliser {
 public:
  json::Value of(const json::Value& value) {
    if (value.is_string()) return normalised_text(value.as_string());
    if (value.is_array()) {
      json::Array elements;
      for (const json::Value& element : value.as_array()) elements.push_back(of(element));
      return elements;
    }
    if (!value.is_object()) return value;
    std::map<std::string_view, const json::Value*> members;
    for (const json::Member& member : value.as_object()) members.emplace(member.name(), &member.value);
    json::Object sorted;
    for (const auto& [name, member] : members) {
      const bool is_id = name == "toolUseId" && member->is_string();
      sorted.set(name, is_id ? tool_use(member->as_string()) : of(*member));
    }
    return sorted;
  }

 private:
  json::Value tool_use(std::string_view id) {
    const auto [known, is_new] = tool_uses_.try_emplace(std::string(id), tool_uses_.size() + 1);
    return fmt::format("<tool use {}>", known->second);
  }

  std::map<std::string, size_t, std::less<>> tool_uses_;
};

// Texts and numbers by their places.
void collect_leaves(const json::Value& value, const std::string& place, std::map<std::string, std::string>& out) {
  if (value.is_object()) {
    for (const json::Member& member : value.as_object())
      collect_leaves(member.value, place.empty() ? std::string(member.name()) : fmt::format("{}.{}", place, member.name()), out);
  } else if (value.is_array()) {
    size_t index = 0;
    for (const json::Value& element : value.as_array()) collect_leaves(element, fmt::format("{}[{}]", place, index++), out);
  } else {
    out.emplace(place, value.is_string() ? std::string(value.as_string()) : json::write(value));
  }
}

}  // namespace

RecordedRequest recorded_request(const ModelRequest& request, ExchangeKind kind) {
  auto value = json::parse(converse_request(request, Media::digest));
  check(value.has_value(), "a request of Converse is no JSON");
  return {kind, request.model_id, std::move(*value)};
}

RecordedRequest recorded_request(const EmbeddingRequest& request) {
  json::Array texts;
  for (const std::string& text : request.texts) texts.emplace_back(text);
  json::Object value{{"texts", std::move(texts)}, {"normalize", request.normalize}};
  if (request.dimensions > 0) value.set("dimensions", request.dimensions);
  if (!request.input_type.empty()) value.set("inputType", request.input_type);
  if (!request.truncate.empty()) value.set("truncate", request.truncate);
  return {ExchangeKind::embeddings, request.model_id, std::move(value)};
}

json::Value normalised(const json::Value& request) {
  json::Value value = request;
  if (value.is_object()) value.as_object().erase("requestMetadata");
  return Normaliser().of(value);
}

std::string key_of(const RecordedRequest& request, Match match) {
  const json::Value value = match == Match::exact ? request.value : normalised(request.value);
  const std::string text = fmt::format("{}\n{}\n{}\n{}", match == Match::exact ? "exact" : "normalised", word_of(request.kind),
                                       request.model_id, json::write(value));
  return hex(sha256(text).substr(0, key_bytes));
}

Difference difference(const json::Value& here, const json::Value& there) {
  std::map<std::string, std::string> ours, theirs;
  collect_leaves(here, {}, ours);
  collect_leaves(there, {}, theirs);
  Difference found;
  size_t same = 0;
  for (const auto& [place, text] : ours) {
    const auto other = theirs.find(place);
    if (other != theirs.end() && other->second == text) {
      ++same;
    } else if (found.place.empty()) {
      found.place = place;
      found.here = text;
      if (other != theirs.end()) found.there = other->second;
    }
  }
  for (const auto& [place, text] : theirs) {
    if (!found.place.empty()) break;
    if (!ours.contains(place)) found = {.place = place, .here = {}, .there = text};
  }
  const size_t most = std::max(ours.size(), theirs.size());
  found.likeness = most == 0 ? 1 : double(same) / double(most);
  return found;
}

}  // namespace outcrop::inference
