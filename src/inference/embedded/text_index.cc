#include "inference/embedded/text_index.h"

#include "inference/embedded/limits.h"
#include "inference/embedded/tokens.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// What the surroundings of a sentence count beside itself. Tuned on the development questions.
constexpr double paragraph_weight = 0.5;
constexpr double heading_weight = 0.4;
constexpr double lead_weight = 0.4;
constexpr double body_weight = 0.3;
// Headings above a heading that count as its words too.
constexpr size_t heading_levels_max = 4;

std::span<const TermId> range(const std::vector<TermId>& terms, const std::vector<uint32_t>& ends, size_t i) {
  uint32_t begin = i == 0 ? 0 : ends[i - 1];
  return std::span(terms).subspan(begin, ends[i] - begin);
}

}  // namespace

Result<TextIndex> TextIndex::build(std::vector<Source> sources) {
  size_t bytes = 0;
  for (const Source& source : sources) bytes += source.text.size();
  if (bytes > text_bytes_max || sources.size() > sources_max)
    return fail("ValidationException", 400, "Input is too long for requested model.");
  TextIndex index;
  index.sources_ = std::move(sources);
  for (uint32_t source = 0; source < index.sources_.size(); ++source) index.add(source);
  index.finish();
  return index;
}

void TextIndex::add(uint32_t source) {
  first_sentence_.push_back(uint32_t(places_.size()));
  first_section_.push_back(uint32_t(heading_term_ends_.size()));
  first_paragraph_.push_back(uint32_t(by_paragraph_.documents()));
  outlines_.push_back(outline(sources_[source].text));
  add_sentences(source);
  add_sections(source);
}

void TextIndex::add_sentences(uint32_t source) {
  const Outline& outline = outlines_[source];
  uint32_t paragraph = 0;
  size_t paragraph_begin = terms_.size();
  auto end_paragraphs = [&](uint32_t next) {
    for (; paragraph < next; ++paragraph) {
      by_paragraph_.add(std::span(terms_).subspan(paragraph_begin));
      paragraph_begin = terms_.size();
    }
  };
  for (uint32_t i = 0; i < outline.sentences.size(); ++i) {
    const Sentence& sentence = outline.sentences[i];
    end_paragraphs(sentence.paragraph);
    size_t begin = terms_.size();
    for (TermScanner scanner(sentence.in(sources_[source].text)); scanner.next();)
      if (!scanner.is_stop_word()) terms_.push_back(vocabulary_.add(scanner.term()));
    places_.push_back({source, i});
    term_ends_.push_back(uint32_t(terms_.size()));
    by_sentence_.add(std::span(terms_).subspan(begin));
  }
  end_paragraphs(outline.paragraphs);
}

void TextIndex::add_sections(uint32_t source) {
  const Outline& outline = outlines_[source];
  std::vector<std::span<const TermId>> bodies(outline.sections.size());
  for (uint32_t i = 0; i < outline.sentences.size(); ++i) {
    std::span<const TermId> terms = terms_of(first_sentence_[source] + i);
    std::span<const TermId>& body = bodies[outline.sentences[i].section];
    body = body.empty() ? terms : std::span(body.data(), terms.data() + terms.size());
  }
  for (const Section& section : outline.sections) {
    size_t begin = heading_terms_.size();
    uint32_t at = uint32_t(&section - outline.sections.data());
    for (size_t level = 0; at != nothing && level < heading_levels_max; ++level) {
      for (TermScanner scanner(outline.sections[at].in(sources_[source].text)); scanner.next();)
        if (!scanner.is_stop_word() && scanner.word().kind != WordKind::number) heading_terms_.push_back(vocabulary_.add(scanner.term()));
      at = outline.sections[at].parent;
    }
    heading_term_ends_.push_back(uint32_t(heading_terms_.size()));
    by_section_.add(std::span(heading_terms_).subspan(begin));
    by_body_.add(bodies[size_t(&section - outline.sections.data())]);
  }
}

void TextIndex::finish() {
  for (Bm25Index* index : {&by_sentence_, &by_paragraph_, &by_section_, &by_body_}) index->finish(vocabulary_.size());
}

std::span<const TermId> TextIndex::terms_of(size_t i) const { return range(terms_, term_ends_, i); }

std::span<const TermId> TextIndex::heading_terms_of(Place place) const {
  return range(heading_terms_, heading_term_ends_, first_section_[place.source] + sentence(place).section);
}

std::vector<double> TextIndex::scores(std::span<const WeightedTerm> query) const {
  std::vector<double> scores(sentences()), paragraphs(by_paragraph_.documents()), sections(by_section_.documents());
  by_sentence_.add_scores(query, 1, scores);
  by_paragraph_.add_scores(query, paragraph_weight, paragraphs);
  by_section_.add_scores(query, heading_weight, sections);
  by_body_.add_scores(query, body_weight, sections);
  std::vector<double> own = scores;
  for (size_t i = 0; i < scores.size(); ++i) {
    const Sentence& sentence = this->sentence(places_[i]);
    uint32_t source = places_[i].source;
    if (sentence.kind == SentenceKind::heading) {
      scores[i] = 0;
      continue;
    }
    scores[i] += paragraphs[first_paragraph_[source] + sentence.paragraph] + sections[first_section_[source] + sentence.section];
    if (sentence.lead != nothing) scores[i] += lead_weight * own[first_sentence_[source] + sentence.lead];
  }
  return scores;
}

}  // namespace outcrop::embedded
