#include "json/pointer.h"

#include <algorithm>
#include <charconv>

namespace outcrop::json {

namespace {

std::optional<std::string> unescaped(std::string_view token) {
  std::string text;
  text.reserve(token.size());
  for (size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    if (++i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

// Digits without a leading zero (RFC 6901 section 4).
std::optional<size_t> index_of(std::string_view token) {
  size_t index = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size() || (token.size() > 1 && token[0] == '0')) return std::nullopt;
  return index;
}

const Value* step(const Value& value, std::string_view token) {
  if (value.is_object()) return value.find(token);
  if (!value.is_array()) return nullptr;
  const std::optional<size_t> index = index_of(token);
  return index && *index < value.as_array().size() ? &value.as_array()[*index] : nullptr;
}

// Where `token` leads within `to`, which becomes of the kind that `from` is.
Value& made_step(const Value& from, Value& to, std::string_view token) {
  if (from.is_object()) {
    if (!to.is_object()) to = Value::object();
    return to.as_object()[token];
  }
  if (!to.is_array()) to = Value::array();
  const size_t index = *index_of(token);
  if (to.as_array().size() <= index) to.as_array().resize(index + 1);
  return to.as_array()[index];
}

}  // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer pointer;
  while (!text.empty()) {
    if (text[0] != '/') return std::nullopt;
    text.remove_prefix(1);
    const size_t end = std::min(text.find('/'), text.size());
    std::optional<std::string> token = unescaped(text.substr(0, end));
    if (!token) return std::nullopt;
    pointer.tokens_.push_back(std::move(*token));
    text.remove_prefix(end);
  }
  return pointer;
}

const Value* Pointer::find(const Value& value) const {
  const Value* at = &value;
  for (const std::string& token : tokens_) {
    at = step(*at, token);
    if (!at) return nullptr;
  }
  return at;
}

bool Pointer::copy(const Value& from, Value& to) const {
  const Value* found = find(from);
  if (!found) return false;
  const Value* source = &from;
  Value* target = &to;
  for (const std::string& token : tokens_) {
    target = &made_step(*source, *target, token);
    source = step(*source, token);
  }
  *target = *found;
  return true;
}

}  // namespace outcrop::json
