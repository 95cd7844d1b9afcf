#include "inference/embedded/entities.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>

#include "base/encoding.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/stem.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/word_list.h"

namespace outcrop::embedded {

namespace {

constexpr auto months = std::to_array<std::string_view>(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"});
constexpr auto currency_words =
    std::to_array<std::string_view>({"aud", "cad", "cent", "cents", "chf", "dollar", "dollars", "eur", "euro", "euros", "gbp", "inr", "jpy",
                                     "pound", "pounds", "rupees", "usd", "yen", "yuan"});
constexpr auto number_words = std::to_array<std::string_view>(
    {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"});
constexpr auto days = std::to_array<std::string_view>({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"});
constexpr auto near_days = std::to_array<std::string_view>({"today", "tomorrow", "tonight", "yesterday"});

// 1 to 12; 0 when the word names no month. Short forms count from three letters on.
size_t month_of(std::string_view word) {
  std::string folded = ascii_lower(word);
  for (size_t i = 0; i < months.size(); ++i)
    if (folded == months[i] || (folded.size() == 3 && months[i].starts_with(folded)) || (folded == "sept" && i == 8)) return i + 1;
  return 0;
}

std::optional<uint32_t> number_between(std::string_view digits, uint32_t least, uint32_t most) {
  if (digits.empty() || digits.size() > 4 || !std::ranges::all_of(digits, is_ascii_digit)) return std::nullopt;
  uint32_t number = 0;
  for (char digit : digits) number = number * 10 + uint32_t(digit - '0');
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

// "27", "27th"
std::optional<uint32_t> day_of(std::string_view word) {
  for (std::string_view ordinal : {"st", "nd", "rd", "th"})
    if (word.ends_with(ordinal)) word.remove_suffix(2);
  return number_between(word, 1, 31);
}
std::optional<uint32_t> year_of(std::string_view word) { return word.size() == 4 ? number_between(word, 1000, 2999) : std::nullopt; }

std::string date_text(uint32_t year, uint32_t month, uint32_t day) {
  constexpr auto lengths = std::to_array<uint32_t>({31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31});
  if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) return {};
  auto two = [](uint32_t n) { return std::string{char('0' + n / 10), char('0' + n % 10)}; };
  return std::to_string(year) + "-" + two(month) + "-" + two(day);
}

bool is_email_character(char c) { return is_ascii_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%'; }
bool ends_path(char c) { return is_blank(c) || std::string_view("\"'<>()[]{},;|").find(c) != std::string_view::npos || uint8_t(c) >= 0x80; }
bool is_url_end(char c) { return is_blank(c) || std::string_view("\"<>`{}|\\^").find(c) != std::string_view::npos || uint8_t(c) >= 0x80; }

class EntityScanner {
 public:
  explicit EntityScanner(std::string_view text) : text_(text), words_(words(text)) {}

  std::vector<Entity> run() {
    scan_characters();
    for (size_t i = 0; i < words_.size();) i = std::max(i + 1, scan_names(i));
    for (size_t i = 0; i < words_.size();) i = std::max(i + 1, scan_date(i));
    for (size_t i = 0; i < words_.size(); ++i) scan_number(i);
    std::ranges::sort(found_, {}, [](const Entity& e) { return std::tuple(e.begin, e.end, e.kind); });
    return std::move(found_);
  }

 private:
  void add(EntityKind kind, size_t begin, size_t end) {
    size_t& count = counts_[size_t(kind)];
    if (begin < end && count++ < facts_per_kind_max) found_.push_back({uint32_t(begin), uint32_t(end), kind});
  }

  std::string_view word(size_t i) const { return i < words_.size() ? words_[i].in(text_) : std::string_view(); }
  std::string_view between(size_t i) const { return text_.substr(words_[i].end, words_[i + 1].begin - words_[i].end); }

  void scan_characters() {
    for (size_t at = 0; at < text_.size();) {
      char c = text_[at];
      bool starts = at == 0 || !is_ascii_alphanumeric(text_[at - 1]);
      size_t after = 0;
      if (c == '@')
        after = scan_email(at);
      else if (starts && (c == 'h' || c == 'H' || c == 'f' || c == 'w'))
        after = scan_url(at);
      else if (c == '/' && starts)
        after = scan_path(at);
      else if (c == '"' && at >= quotation_end_)
        scan_quotation(at, "\"");
      else if (uint8_t(c) == 0xe2 && text_.substr(at).starts_with("“"))
        scan_quotation(at, "”");
      at = std::max(at + 1, after);
    }
  }

  size_t scan_email(size_t at) {
    size_t begin = at, end = at + 1;
    while (begin > email_end_ && at - begin < 64 && is_email_character(text_[begin - 1])) --begin;
    while (end < text_.size() && end - at < 255 && is_email_character(text_[end])) ++end;
    while (end > at + 1 && !is_ascii_alphanumeric(text_[end - 1])) --end;
    size_t dot = text_.substr(at, end - at).rfind('.');
    if (begin == at || dot == std::string_view::npos || dot + 2 >= end - at) return 0;
    add(EntityKind::email, begin, end);
    return email_end_ = end;
  }

  size_t scan_url(size_t at) {
    std::string_view rest = text_.substr(at);
    bool url = rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("ftp://") || rest.starts_with("www.");
    if (!url) return 0;
    size_t end = at;
    while (end < text_.size() && end - at < 2048 && !is_url_end(text_[end])) ++end;
    while (end > at && std::string_view(".,;:!?)'*").find(text_[end - 1]) != std::string_view::npos) --end;
    add(EntityKind::url, at, end);
    return end;
  }

  size_t scan_path(size_t at) {
    size_t end = at + 1;
    while (end < text_.size() && end - at < 1024 && !ends_path(text_[end])) ++end;
    while (end > at && (text_[end - 1] == '.' || text_[end - 1] == ':')) --end;
    if (end - at < 3 || !is_ascii_alphanumeric(text_[at + 1])) return end;
    add(EntityKind::path, at, end);
    return end;
  }

  // What is quoted is read on: a path in quotation marks is a path too.
  void scan_quotation(size_t at, std::string_view close) {
    size_t begin = at + (close.size() == 1 ? 1 : close.size());
    size_t end = text_.substr(0, std::min(text_.size(), begin + 200)).find(close, begin);
    if (end == std::string_view::npos || text_.substr(begin, end - begin).find('\n') != std::string_view::npos) return;
    add(EntityKind::quotation, begin, end);
    quotation_end_ = end + close.size();
  }

  // A run of capitalised words, "van" and initials between them; not the first word of a sentence alone.
  size_t scan_names(size_t i) {
    if (!is_capitalised(i)) return i + 1;
    size_t end = i + 1;
    while (end < words_.size() && end - i < 8 && joins_name(end)) ++end;
    bool alone = end == i + 1;
    bool common = is_stop_word(ascii_lower(word(i)));
    if (common && (alone || begins_sentence(i))) return i + 1;
    if (alone && (begins_sentence(i) || words_[i].end - words_[i].begin < 2)) return i + 1;
    add(EntityKind::name, words_[i].begin, words_[end - 1].end);
    return end;
  }

  bool is_capitalised(size_t i) const {
    return words_[i].kind == WordKind::letters && is_upper_case(character_at(text_, words_[i].begin).code);
  }
  bool joins_name(size_t i) const {
    std::string_view gap = between(i - 1);
    return is_capitalised(i) && (gap == " " || gap == ". " || gap == "-" || gap == "\n" || gap == " & ") &&
           !(gap == ". " && words_[i - 1].end - words_[i - 1].begin > 2);
  }
  bool begins_sentence(size_t i) const {
    if (i == 0) return true;
    std::string_view gap = between(i - 1);
    return gap.find_first_of(".!?:\n*>") != std::string_view::npos && gap != "\n";
  }

  // "27 November 1996", "November 27th, 1996", "March 2020", "April-July 1997", "2022-12-17", "1996", "tomorrow"
  size_t scan_date(size_t i) {
    std::string_view first = word(i);
    if (words_[i].kind == WordKind::number && first.find_first_of("-/") != std::string_view::npos) {
      add(EntityKind::date, words_[i].begin, words_[i].end);
      return i + 1;
    }
    size_t end = 0;
    if (month_of(first) > 0 && is_capitalised(i))
      end = date_after_month(i);
    else if (day_of(first) && month_of(word(i + 1)) > 0 && is_capitalised(i + 1))
      end = year_of(word(i + 2)) ? i + 3 : i + 2;
    else if (year_of(first) && words_[i].kind == WordKind::number && *year_of(first) >= 1500 && *year_of(first) < 2200)
      end = i + 1;
    else if (contains(days, ascii_lower(first)) || contains(near_days, ascii_lower(first)))
      end = i + 1;
    if (end == 0) return i + 1;
    add(EntityKind::date, words_[i].begin, words_[end - 1].end);
    return end;
  }

  size_t date_after_month(size_t i) const {
    size_t end = i + 1;
    if (end < words_.size() && between(i) == "-" && month_of(word(end)) > 0) ++end;
    if (day_of(word(end)) && !year_of(word(end))) ++end;
    if (year_of(word(end))) ++end;
    bool month_alone = end == i + 1;
    return month_alone && (first_word_is_verb(i) || begins_sentence(i)) ? 0 : end;
  }
  // "May" and "March" alone are no dates.
  bool first_word_is_verb(size_t i) const { return word(i) == "May" || word(i) == "March"; }

  void scan_number(size_t i) {
    const Word& number = words_[i];
    if (number.kind != WordKind::number) {
      if (contains(number_words, ascii_lower(word(i)))) add(EntityKind::number, number.begin, number.end);
      return;
    }
    std::string_view digits = word(i);
    if (digits.find(':') != std::string_view::npos) return add(EntityKind::time, number.begin, number.end);
    if (digits.find_first_of("-/") != std::string_view::npos) return;
    size_t begin = currency_begin(number.begin);
    size_t end = currency_end(i);
    if (begin < number.begin || end > number.end) add(EntityKind::amount, begin, end);
    bool negative = number.begin > 0 && text_[number.begin - 1] == '-' && (number.begin == 1 || is_blank(text_[number.begin - 2]));
    add(EntityKind::number, number.begin - negative, number.end);
  }

  size_t currency_begin(size_t at) const {
    std::string_view before = text_.substr(0, at);
    for (std::string_view sign : {"$", "€", "£", "¥", "₹"})
      if (before.ends_with(sign)) return at - sign.size();
    for (std::string_view code : {"USD ", "EUR ", "GBP ", "CHF ", "€ ", "$ "})
      if (before.ends_with(code)) return at - code.size();
    return at;
  }
  size_t currency_end(size_t i) const {
    std::string_view after = text_.substr(words_[i].end);
    for (std::string_view sign : {"€", " €", "£", " £", "%"})
      if (after.starts_with(sign)) return words_[i].end + sign.size();
    bool word_follows = i + 1 < words_.size() && between(i) == " " && contains(currency_words, ascii_lower(word(i + 1)));
    return word_follows ? words_[i + 1].end : words_[i].end;
  }

  std::string_view text_;
  std::vector<Word> words_;
  std::vector<Entity> found_;
  std::array<size_t, 9> counts_{};
  size_t email_end_ = 0;
  size_t quotation_end_ = 0;
};

}  // namespace

std::vector<Entity> entities(std::string_view text) { return EntityScanner(text).run(); }

std::string iso_date(std::string_view date) {
  std::vector<Word> parts = words(date);
  if (parts.size() == 1 && parts[0].kind == WordKind::number) {
    std::string_view digits = parts[0].in(date);
    size_t first = digits.find_first_of("-/");
    size_t second = first == std::string_view::npos ? first : digits.find(digits[first], first + 1);
    if (second == std::string_view::npos) return {};
    std::array<std::string_view, 3> groups = {digits.substr(0, first), digits.substr(first + 1, second - first - 1),
                                              digits.substr(second + 1)};
    bool year_first = groups[0].size() == 4;
    auto year = year_of(groups[year_first ? 0 : 2]);
    auto month = number_between(groups[year_first ? 1 : 0], 1, 12);
    auto day = number_between(groups[year_first ? 2 : 1], 1, 31);
    return year && month && day ? date_text(*year, *month, *day) : std::string();
  }
  std::optional<uint32_t> year, day;
  uint32_t month = 0;
  for (const Word& part : parts) {
    std::string_view word = part.in(date);
    if (size_t named = month_of(word))
      month = month == 0 ? uint32_t(named) : 13;
    else if (auto known = year_of(word))
      year = known;
    else if (auto known_day = day_of(word))
      day = known_day;
  }
  return year && day ? date_text(*year, month, *day) : std::string();
}

std::string plain_number(std::string_view number) {
  auto spelled = std::ranges::find(number_words, ascii_lower(number));
  if (spelled != number_words.end()) return std::to_string(spelled - number_words.begin());
  std::string plain;
  size_t points = 0;
  for (size_t i = 0; i < number.size(); ++i) {
    char c = number[i];
    points += c == '.';
    bool sign = i == 0 && c == '-';
    if (is_ascii_digit(c) || c == '.' || sign)
      plain += c;
    else if (c != ',')
      return {};
  }
  size_t digits = plain.find_first_of("0123456789");
  if (digits == std::string::npos || points > 1) return {};
  while (plain.size() > digits + 1 && plain[digits] == '0' && plain[digits + 1] != '.') plain.erase(digits, 1);
  return plain;
}

}  // namespace outcrop::embedded
