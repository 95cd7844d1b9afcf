// Citations in Anthropic's Messages API: where in a document, a search result or the web a quote stands.
#include "inference/dialects/anthropic_blocks.h"

namespace outcrop::inference::anthropic {

namespace {

using Kind = Citation::Location::Kind;

// A kind of location and what its members are called.
struct LocationNames {
  Kind kind;
  std::string_view type, index, start, end;
};

constexpr LocationNames location_names[] = {
    {Kind::document_characters, "char_location", "document_index", "start_char_index", "end_char_index"},
    {Kind::document_pages, "page_location", "document_index", "start_page_number", "end_page_number"},
    {Kind::document_chunks, "content_block_location", "document_index", "start_block_index", "end_block_index"},
    {Kind::search_result, "search_result_location", "search_result_index", "start_block_index", "end_block_index"},
};

const LocationNames* names_of(std::string_view type) {
  for (const LocationNames& names : location_names) {
    if (names.type == type) return &names;
  }
  return nullptr;
}

const LocationNames& names_of(Kind kind) {
  for (const LocationNames& names : location_names) {
    if (names.kind == kind) return names;
  }
  return location_names[0];
}

std::string_view title_name(Kind kind) { return kind == Kind::search_result ? "title" : "document_title"; }

Citation read_place(const Field& field, const LocationNames& names) {
  Citation read;
  read.location = Citation::Location{.kind = names.kind,
                                     .index = field[names.index].integer({.min = 0}).value_or(0),
                                     .start = field[names.start].integer({.min = 0}).value_or(0),
                                     .end = field[names.end].integer({.min = 0}).value_or(0)};
  read.title = field[title_name(names.kind)].string();
  if (names.kind == Kind::search_result) {
    field.object({"type", "cited_text", names.index, names.start, names.end, "source"}, {"title"});
    read.source = field["source"].string();
  } else {
    field.object({"type", "cited_text", names.index, names.start, names.end}, {"document_title", "file_id"});
  }
  return read;
}

Citation read_web(const Field& field) {
  field.object({"type", "cited_text", "url", "encrypted_index"}, {"title"});
  Citation read;
  read.title = field["title"].string();
  read.location = Citation::Location{.kind = Kind::web, .url = field["url"].string()};
  return read;
}

}  // namespace

std::vector<Citation> read_citations(const Field& citations) {
  std::vector<Citation> read;
  for (const Field& citation : citations.elements()) {
    const auto type = read_tag(
        citation, {"char_location", "content_block_location", "page_location", "search_result_location", "web_search_result_location"});
    if (!type) continue;
    const Field field = citation.as(*type);
    const LocationNames* names = names_of(*type);
    Citation& one = read.emplace_back(names ? read_place(field, *names) : read_web(field));
    if (auto quote = field["cited_text"].text()) one.quotes.emplace_back(*quote);
  }
  return read;
}

void write_citation(json::Writer& out, const Citation& citation) {
  const Citation::Location location = citation.location.value_or(Citation::Location());
  std::string quote;
  for (const std::string& part : citation.quotes) quote += part;
  out.begin_object();
  if (location.kind == Kind::web) {
    out.name("type"), out.string("web_search_result_location");
    out.name("cited_text"), out.string(quote);
    out.name("url"), out.string(location.url);
    out.name("title"), out.string(citation.title);
    return out.end_object();
  }
  const LocationNames& names = names_of(location.kind);
  out.name("type"), out.string(names.type);
  out.name("cited_text"), out.string(quote);
  out.name(names.index), out.number(location.index);
  if (location.kind == Kind::search_result) out.name("source"), out.string(citation.source);
  out.name(title_name(location.kind));
  citation.title.empty() ? out.null() : out.string(citation.title);
  out.name(names.start), out.number(location.start);
  out.name(names.end), out.number(location.end);
  out.end_object();
}

}  // namespace outcrop::inference::anthropic
