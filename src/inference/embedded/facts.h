// What a text states in a form that fields can be filled from: its words, its entities, and its "key: value" lines. Read once,
// then asked for by many fields.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/embedded/entities.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/vocabulary.h"

namespace outcrop::embedded {

struct KeyValue {
  std::vector<std::string> key;  // terms
  std::string_view value;        // without quotation marks
};

struct FactWord {
  Word word;
  std::string folded, term;
};

class Facts {
 public:
  explicit Facts(std::string_view text);

  std::string_view text() const { return text_; }
  const std::vector<FactWord>& words() const { return words_; }
  const std::vector<Entity>& entities() const { return entities_; }

  // The value of the first line whose key is these terms; else of the first whose key holds them all.
  std::optional<std::string_view> value_of(std::span<const std::string> key) const;

  // Indexes of the words after which each occurrence of the terms, in order and beside each other, ends; of the first
  // name_places_max occurrences of the first term.
  std::vector<size_t> places_of(std::span<const std::string> terms) const;

  // The word before text[at], in lower case; empty at the beginning of a clause.
  std::string_view word_before(size_t at) const;

 private:
  void read_line(std::string_view line);
  bool add_pair(std::string_view piece);

  std::string_view text_;
  std::vector<FactWord> words_;
  std::vector<Entity> entities_;
  std::vector<KeyValue> key_values_;
  Vocabulary terms_;
  std::vector<std::vector<uint32_t>> places_;  // of each term in words_, the first name_places_max
};

// The terms of a name as programs write it: "orderId", "order_id" and "Order ID" are the same.
std::vector<std::string> name_terms(std::string_view name);

}  // namespace outcrop::embedded
