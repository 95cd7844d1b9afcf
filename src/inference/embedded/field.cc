#include "inference/embedded/field.h"

#include <algorithm>
#include <array>
#include <span>

#include "inference/embedded/limits.h"
#include "inference/embedded/stem.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/word_list.h"

namespace outcrop::embedded {

namespace {

using Words = std::span<const std::string_view>;

// What a stem in a field's name says about its value.
struct NamedKind {
  std::string_view stem;
  EntityKind kind;
};
constexpr auto named_kinds = std::to_array<NamedKind>(
    {{"email", EntityKind::email},    {"mail", EntityKind::email},    {"url", EntityKind::url},       {"uri", EntityKind::url},
     {"link", EntityKind::url},       {"websit", EntityKind::url},    {"date", EntityKind::date},     {"dai", EntityKind::date},
     {"deadlin", EntityKind::date},   {"birthdai", EntityKind::date}, {"path", EntityKind::path},     {"file", EntityKind::path},
     {"directori", EntityKind::path}, {"price", EntityKind::amount},  {"amount", EntityKind::amount}, {"cost", EntityKind::amount},
     {"time", EntityKind::time},      {"citi", EntityKind::name},     {"locat", EntityKind::name},    {"countri", EntityKind::name},
     {"place", EntityKind::name},     {"town", EntityKind::name},     {"destin", EntityKind::name},   {"origin", EntityKind::name},
     {"departur", EntityKind::name},  {"arriv", EntityKind::name},    {"person", EntityKind::name},   {"author", EntityKind::name},
     {"custom", EntityKind::name},    {"compani", EntityKind::name},  {"name", EntityKind::name},     {"recipi", EntityKind::name},
     {"region", EntityKind::name}});

struct Cue {
  std::string_view stem, preposition;
};
// The word before a value that says whose it is: "from Berlin to Paris".
constexpr auto cues = std::to_array<Cue>({{"origin", "from"},
                                          {"departur", "from"},
                                          {"from", "from"},
                                          {"sourc", "from"},
                                          {"destin", "to"},
                                          {"arriv", "to"},
                                          {"recipi", "to"},
                                          {"citi", "in"},
                                          {"locat", "in"},
                                          {"place", "in"},
                                          {"town", "in"},
                                          {"countri", "in"},
                                          {"region", "in"},
                                          {"citi", "for"},
                                          {"locat", "for"},
                                          {"place", "at"},
                                          {"locat", "at"},
                                          {"author", "by"}});
constexpr auto free_texts = std::to_array<std::string_view>({"queri", "question", "prompt", "search", "keyword", "topic", "input"});
constexpr auto search_phrases = std::to_array<std::string_view>({"search for", "look up", "look for", "search", "find", "about"});
constexpr auto links = std::to_array<std::string_view>({"is", "are", "was", "equals", "called", "named", "of", "to", "as"});
// "order_id" is the order's: "order 4711".
constexpr auto identifying = std::to_array<std::string_view>({"code", "id", "identifi", "number"});
constexpr auto yes = std::to_array<std::string_view>({"yes", "true", "on", "y", "enabled"});
constexpr auto no = std::to_array<std::string_view>({"no", "false", "off", "n", "disabled"});
constexpr auto negations =
    std::to_array<std::string_view>({"no", "not", "without", "never", "don't", "dont", "disable", "exclude", "doesn't"});
constexpr size_t value_words_max = 8;
constexpr size_t beside_words_max = 3;

bool holds(const Field& field, std::string_view stem) { return std::ranges::find(field.name, stem) != field.name.end(); }

std::optional<EntityKind> entity_kind_of(const Field& field) {
  std::string_view format = field.text_of("format");
  if (format == "email" || format == "idn-email") return EntityKind::email;
  if (format == "uri" || format == "url" || format == "iri") return EntityKind::url;
  if (format == "date" || format == "date-time") return EntityKind::date;
  if (format == "time") return EntityKind::time;
  for (const std::string& term : field.name)
    for (const NamedKind& named : named_kinds)
      if (named.stem == term) return named.kind;
  return std::nullopt;
}

// The value in the field's form; none when it has none: a date without a day fits no "date".
std::optional<json::Value> formed(const Field& field, std::string_view value) {
  std::string text = collapse_spaces(value);
  if (field.text_of("format") == "date") {
    text = iso_date(text);
    if (text.empty()) return std::nullopt;
  }
  if (field.text_of("format") == "date-time" || text.empty()) return std::nullopt;
  const json::Value* least = field.schema->find("minLength");
  const json::Value* most = field.schema->find("maxLength");
  if (least != nullptr && least->as_uint64().value_or(0) > text.size()) return std::nullopt;
  if (most != nullptr && most->as_uint64().value_or(SIZE_MAX) < text.size()) return std::nullopt;
  return json::Value(text);
}

bool in_range(const json::Value& schema, const json::Value& number) {
  const json::Value* least = schema.find("minimum");
  const json::Value* most = schema.find("maximum");
  double value = number.as_double().value_or(0);
  if (least != nullptr && least->as_double() && value < *least->as_double()) return false;
  return most == nullptr || !most->as_double() || value <= *most->as_double();
}

std::optional<json::Value> number_of(const Field& field, std::string_view text, bool whole) {
  std::string plain = plain_number(text);
  if (plain.empty() || (whole && plain.find('.') != std::string::npos)) return std::nullopt;
  json::Value number = json::Value::number(plain.starts_with('.') || plain.ends_with('.') ? "0" : std::string_view(plain));
  return in_range(*field.schema, number) ? std::optional(number) : std::nullopt;
}

std::optional<Entity> first_number(std::string_view text) {
  for (const Entity& entity : entities(text))
    if (entity.kind == EntityKind::number) return entity;
  return std::nullopt;
}

// What a message searches for: what follows "search for", or all of it.
std::string_view searched_text(std::string_view message) {
  std::string_view read = trimmed(message.substr(0, question_bytes_max));
  std::string folded = fold_case(read);
  if (folded.size() != read.size()) return read;
  for (std::string_view phrase : search_phrases) {
    size_t at = folded.find(std::string(phrase) + " ");
    if (at == std::string::npos) continue;
    std::string_view rest = trimmed(read.substr(at + phrase.size()));
    return rest.substr(0, rest.find_last_not_of(".!?") + 1);
  }
  return read;
}

}  // namespace

std::string_view Field::text_of(std::string_view keyword) const {
  const json::Value* found = schema->find(keyword);
  return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
}

bool FieldFinder::used(const Entity& entity) const {
  return std::ranges::any_of(used_, [&](const Entity& other) { return other.begin < entity.end && entity.begin < other.end; });
}

std::optional<json::Value> FieldFinder::string(const Field& field) {
  if (auto value = facts_.value_of(field.name)) return formed(field, *value);
  if (auto value = by_kind(field)) return value;
  if (entity_kind_of(field) == EntityKind::email || entity_kind_of(field) == EntityKind::url || !field.text_of("format").empty())
    return std::nullopt;
  if (auto phrase = by_phrase(field)) return formed(field, *phrase);
  std::vector<Entity> quotations;
  for (const Entity& entity : facts_.entities())
    if (entity.kind == EntityKind::quotation && !used(entity)) quotations.push_back(entity);
  if (quotations.size() == 1) {
    use(quotations[0]);
    return formed(field, quotations[0].in(facts_.text()));
  }
  bool free_text = std::ranges::any_of(field.name, [](const std::string& term) { return contains(free_texts, term); });
  return free_text ? formed(field, searched_text(facts_.text())) : std::nullopt;
}

std::optional<json::Value> FieldFinder::by_kind(const Field& field) {
  auto kind = entity_kind_of(field);
  if (!kind) return std::nullopt;
  std::vector<Entity> candidates;
  for (const Entity& entity : facts_.entities())
    if (entity.kind == *kind && !used(entity)) candidates.push_back(entity);
  auto give = [&](const Entity& entity) -> std::optional<json::Value> {
    auto value = formed(field, entity.in(facts_.text()));
    if (value) use(entity);
    return value;
  };
  for (const Cue& cue : cues) {
    if (!holds(field, cue.stem)) continue;
    for (const Entity& candidate : candidates)
      if (facts_.word_before(candidate.begin) == cue.preposition) return give(candidate);
  }
  // A name is somebody's: without its cue it is taken only where the field's own name leads to it, or where it is the only one.
  for (size_t place : facts_.places_of(field.name))
    for (const Entity& candidate : candidates)
      if (place < facts_.words().size() && candidate.begin >= facts_.words()[place].word.begin) return give(candidate);
  bool sure = *kind != EntityKind::name || candidates.size() == 1;
  return sure && !candidates.empty() ? give(candidates.front()) : std::nullopt;
}

// "the subject is late delivery", "order number 4711", "ticket ABC-12"
std::optional<std::string_view> FieldFinder::by_phrase(const Field& field) const {
  const std::vector<FactWord>& words = facts_.words();
  std::vector<std::string> name = field.name;
  if (name.size() > 1) std::erase_if(name, [](const std::string& term) { return contains(identifying, term); });
  for (size_t place : facts_.places_of(name)) {
    if (place >= words.size()) continue;
    bool linked = contains(links, words[place].folded);
    size_t first = place + linked;
    if (first >= words.size()) continue;
    std::string_view gap = facts_.text().substr(words[place - 1].word.end, words[first].word.begin - words[place - 1].word.end);
    if (gap.find_first_of(".!?;\n,") != std::string_view::npos) continue;
    std::string_view next = words[first].word.in(facts_.text());
    bool identifier = next.find_first_of("0123456789") != std::string_view::npos || is_upper_case(character_at(next, 0).code);
    if (!linked && !identifier) continue;
    size_t last = first;
    while (last + 1 < words.size() && last + 1 - first < value_words_max) {
      std::string_view between = facts_.text().substr(words[last].word.end, words[last + 1].word.begin - words[last].word.end);
      bool joined = between == "-" || between == "_" || between == "/" || (linked && (between == " " || between == "'"));
      if (!joined || words[last + 1].folded == "and" || words[last + 1].folded == "with") break;
      ++last;
    }
    return facts_.text().substr(words[first].word.begin, words[last].word.end - words[first].word.begin);
  }
  return std::nullopt;
}

std::optional<json::Value> FieldFinder::number(const Field& field, bool whole) {
  if (auto value = facts_.value_of(field.name)) {
    auto number = first_number(*value);
    return number ? number_of(field, number->in(*value), whole) : std::nullopt;
  }
  if (auto value = number_beside_name(field, whole)) return value;
  if (!field.only_number) return std::nullopt;
  std::vector<Entity> candidates;
  for (const Entity& entity : facts_.entities())
    if (entity.kind == EntityKind::number && !used(entity)) candidates.push_back(entity);
  if (candidates.size() != 1) return std::nullopt;
  use(candidates[0]);
  return number_of(field, candidates[0].in(facts_.text()), whole);
}

// "3 nights", "quantity of 5": the closest number to the name's last word, before it or after.
std::optional<json::Value> FieldFinder::number_beside_name(const Field& field, bool whole) {
  if (field.name.empty()) return std::nullopt;
  const std::vector<FactWord>& words = facts_.words();
  for (const std::string& term : field.name) {
    for (size_t place : facts_.places_of(std::span(&term, 1))) {
      for (size_t distance = 1; distance <= beside_words_max; ++distance) {
        for (bool after : {false, true}) {
          size_t at = after ? place - 1 + distance : place - 1 - distance;
          if (at >= words.size()) continue;
          const Word& word = words[at].word;
          auto entity = std::ranges::find_if(facts_.entities(), [&](const Entity& e) {
            return e.kind == EntityKind::number && e.begin <= word.begin && e.end >= word.end;
          });
          if (entity == facts_.entities().end() || used(*entity)) continue;
          auto value = number_of(field, entity->in(facts_.text()), whole);
          if (!value) continue;
          use(*entity);
          return value;
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<json::Value> FieldFinder::boolean(const Field& field) const {
  if (auto value = facts_.value_of(field.name)) {
    std::string folded = fold_case(*value);
    if (contains(yes, folded)) return json::Value(true);
    if (contains(no, folded)) return json::Value(false);
  }
  std::vector<size_t> places = facts_.places_of(field.name);
  if (places.empty()) return std::nullopt;
  size_t first = places[0] - field.name.size();
  for (size_t i = first - std::min(first, beside_words_max); i < first; ++i)
    if (contains(negations, facts_.words()[i].folded)) return json::Value(false);
  return json::Value(true);
}

std::optional<json::Value> FieldFinder::enumerated(const Field& field, const json::Array& choices) {
  if (auto value = facts_.value_of(field.name)) {
    std::vector<json::Value> named = FieldFinder(Facts(*value)).all_enumerated(choices);
    if (!named.empty()) return named.front();
  }
  std::vector<json::Value> named = all_enumerated(choices);
  return named.empty() ? std::nullopt : std::optional(named.front());
}

std::vector<json::Value> FieldFinder::all_enumerated(const json::Array& choices) const {
  std::vector<std::pair<size_t, size_t>> found;  // where it stands first, which it is
  for (size_t i = 0; i < choices.size() && i < filled_elements_max; ++i) {
    std::vector<std::string> wanted = choices[i].is_string()   ? name_terms(choices[i].as_string())
                                      : choices[i].is_number() ? terms(choices[i].number_text())
                                                               : std::vector<std::string>();
    std::vector<size_t> places = facts_.places_of(wanted);
    if (!places.empty()) found.emplace_back(places.front(), i);
  }
  std::ranges::sort(found);
  std::vector<json::Value> named;
  for (const auto& [place, i] : found) named.push_back(choices[i]);
  return named;
}

std::vector<json::Value> FieldFinder::strings(const Field& field) {
  std::vector<json::Value> found;
  auto add = [&](std::string_view text) {
    auto value = found.size() < filled_elements_max ? formed(field, text) : std::nullopt;
    if (value && std::ranges::find(found, *value) == found.end()) found.push_back(std::move(*value));
  };
  if (auto value = facts_.value_of(field.name)) {
    while (!value->empty()) {
      size_t end = std::min({value->find(','), value->find(';'), value->find(" and "), value->size()});
      add(trimmed(value->substr(0, end)));
      value->remove_prefix(std::min(end + (value->substr(end).starts_with(" and ") ? 5 : 1), value->size()));
    }
    return found;
  }
  auto kind = entity_kind_of(field);
  for (const Entity& entity : facts_.entities())
    if (entity.kind == kind.value_or(EntityKind::quotation)) add(entity.in(facts_.text()));
  return found;
}

std::vector<json::Value> FieldFinder::numbers(const Field& field, bool whole) {
  auto value = facts_.value_of(field.name);
  std::string_view text = value.value_or(facts_.text());
  std::vector<json::Value> found;
  for (const Entity& entity : value ? entities(text) : facts_.entities()) {
    if (entity.kind != EntityKind::number || found.size() == filled_elements_max) continue;
    if (auto number = number_of(field, entity.in(text), whole)) found.push_back(std::move(*number));
  }
  return found;
}

}  // namespace outcrop::embedded
