#include "inference/converse/citation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "inference/converse/converse_request.h"

namespace outcrop::inference {

namespace {

using Kind = Citation::Location::Kind;

struct Place {
  std::string_view name, index;
  Kind kind;
};
constexpr std::array<Place, 4> places = {{{"documentChar", "documentIndex", Kind::document_characters},
                                          {"documentPage", "documentIndex", Kind::document_pages},
                                          {"documentChunk", "documentIndex", Kind::document_chunks},
                                          {"searchResultLocation", "searchResultIndex", Kind::search_result}}};

std::string text_of_member(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member && member->is_string() ? std::string(member->as_string()) : std::string();
}

int number_of_member(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member ? int(std::clamp<int64_t>(member->as_int64().value_or(0), 0, INT32_MAX)) : 0;
}

std::optional<Citation::Location> read_citation_place(const json::Value& location) {
  if (const json::Value* web = location.find("web"))
    return Citation::Location{.kind = Kind::web, .url = text_of_member(*web, "url"), .domain = text_of_member(*web, "domain")};
  for (const Place& place : places) {
    const json::Value* at = location.find(place.name);
    if (!at) continue;
    return Citation::Location{.kind = place.kind,
                              .index = number_of_member(*at, place.index),
                              .start = number_of_member(*at, "start"),
                              .end = number_of_member(*at, "end")};
  }
  return std::nullopt;
}

}  // namespace

Citation read_citation(const json::Value& value) {
  Citation citation{.title = text_of_member(value, "title"), .source = text_of_member(value, "source"), .quotes = {}, .location = {}};
  const json::Value* quotes = value.find("sourceContent");
  if (quotes && quotes->is_array()) {
    for (const json::Value& quote : quotes->as_array()) citation.quotes.push_back(text_of_member(quote, "text"));
  }
  if (const json::Value* location = value.find("location")) citation.location = read_citation_place(*location);
  return citation;
}

json::Value citation_value(const Citation& citation) {
  std::string text;
  json::Writer out(text);
  write_converse_citation(out, citation);
  return std::move(*json::parse(text));
}

}  // namespace outcrop::inference
