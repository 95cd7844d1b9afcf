// The given texts, made ready for questions: their sentences, and BM25 over sentences, paragraphs and headings. Building is
// apart from asking, so that a caller can keep an index. The texts must outlive it.
#pragma once
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/embedded/bm25.h"
#include "inference/embedded/sentences.h"
#include "inference/embedded/vocabulary.h"

namespace outcrop::embedded {

enum class SourceKind : uint8_t {
  instruction,  // the system prompt
  document,
  message,   // an earlier turn of the conversation
  material,  // what the last message brings along beside its request
};

struct Source {
  std::string_view name;  // "policy.txt"; empty when it has none
  std::string_view text;
  SourceKind kind = SourceKind::document;
};

// A sentence of one of the sources.
struct Place {
  uint32_t source = 0, sentence = 0;
  bool operator==(const Place&) const = default;
};

class TextIndex {
 public:
  // Refuses texts beyond the limits as Bedrock refuses a prompt that is too long.
  static Result<TextIndex> build(std::vector<Source> sources);

  const std::vector<Source>& sources() const { return sources_; }
  const Outline& outline_of(uint32_t source) const { return outlines_[source]; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const Bm25Index& by_sentence() const { return by_sentence_; }

  size_t sentences() const { return places_.size(); }
  Place place(size_t i) const { return places_[i]; }
  const Sentence& sentence(Place place) const { return outlines_[place.source].sentences[place.sentence]; }
  std::string_view text_of(Place place) const { return sentence(place).in(sources_[place.source].text); }
  // The heading right above it; empty where there is none.
  std::string_view heading_of(Place place) const {
    return outlines_[place.source].sections[sentence(place).section].in(sources_[place.source].text);
  }
  // Where the sentence of that place stands in by_sentence().
  size_t position(Place place) const { return first_sentence_[place.source] + place.sentence; }
  // The terms of a sentence, in order, and of the headings above it.
  std::span<const TermId> terms_of(size_t i) const;
  std::span<const TermId> heading_terms_of(Place place) const;

  // BM25 of every sentence with what stands around it: its paragraph, its headings and what introduces it.
  std::vector<double> scores(std::span<const WeightedTerm> query) const;

 private:
  TextIndex() = default;
  void add(uint32_t source);
  void add_sentences(uint32_t source);
  void add_sections(uint32_t source);
  void finish();

  std::vector<Source> sources_;
  std::vector<Outline> outlines_;
  std::vector<uint32_t> first_sentence_, first_paragraph_, first_section_;  // of each source
  std::vector<Place> places_;
  Vocabulary vocabulary_;
  Bm25Index by_sentence_, by_paragraph_, by_section_, by_body_;  // by_section_: of headings; by_body_: of what stands below
  std::vector<TermId> terms_, heading_terms_;
  std::vector<uint32_t> term_ends_, heading_term_ends_;  // of each sentence, of each section
};

}  // namespace outcrop::embedded
