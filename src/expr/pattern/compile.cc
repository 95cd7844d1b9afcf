// The grammar of event patterns, read in the order in which AWS's engine reads it, so that of several mistakes the same one
// is told, at the same place.
#include "expr/pattern/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "expr/limits.h"
#include "expr/pattern/match_expression.h"
#include "expr/pattern/pattern_reader.h"

namespace outcrop::expr {
namespace {

using json::Token;

constexpr std::string_view or_name = "$or";
// Names that mean something in match expressions, or are to: no fields within "$or".
constexpr auto reserved_names = std::to_array<std::string_view>({
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
});

// One way to satisfy what was read so far: of each path the field that was read last.
using Way = std::map<std::string, uint32_t>;

class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : reader_(text), match_expression_(reader_) {}

  std::expected<CompiledPattern, std::string> whole() {
    if (reader_.next() != Token::begin_object)
      refuse("Filter is not an object");
    else
      read_object("", false);
    if (!problem_.empty()) return std::unexpected(std::move(problem_));
    finish();
    if (wildcards_are_too_complex())
      return std::unexpected(
          "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character");
    return std::move(pattern_);
  }

 private:
  bool refuse(std::string_view problem) {
    problem_ = refusal_at(reader_, problem);
    return false;
  }

  // The members of an object whose '{' came last. Recursion is bounded by the reader's depth.
  bool read_object(const std::string& path, bool within_or) {
    bool is_empty = true;
    while (reader_.next() != Token::end_object) {
      if (reader_.token() == Token::error) return refuse("");
      is_empty = false;
      if (!read_member(path, within_or)) return false;
    }
    return is_empty ? refuse("Empty objects are not allowed") : true;
  }

  bool read_member(const std::string& path, bool within_or) {
    const std::string name(reader_.text());
    if (name == or_name) return read_or(path);
    if (within_or && std::ranges::find(reserved_names, name) != reserved_names.end())
      return refuse(fmt::format("{} is Ruler reserved fieldName which cannot be used inside {}.", name, or_name));
    const std::string member_path = path.empty() ? name : path + '.' + name;
    switch (reader_.next()) {
      case Token::begin_object:
        return read_object(member_path, within_or);
      case Token::begin_array:
        return read_field(member_path);
      default:
        return refuse(fmt::format("\"{}\" must be an object or an array", name));
    }
  }

  // Each object goes on from the ways there were before; what follows goes on from all that come of it.
  bool read_or(const std::string& path) {
    if (reader_.next() != Token::begin_array) return refuse(fmt::format("It must be an Array followed with {}.", or_name));
    const std::vector<Way> before = std::move(ways_);
    std::vector<Way> after;
    size_t objects = 0;
    for (; reader_.next() != Token::end_array; ++objects) {
      if (reader_.token() != Token::begin_object)
        return refuse(fmt::format("Only JSON object is allowed in array of {} relationship.", or_name));
      ways_ = before;
      if (!read_object(path, true)) return false;
      if (after.size() + ways_.size() > limits::or_combinations_max)
        return refuse(fmt::format("Rule is too complex - its {} have more than {} combinations", or_name, limits::or_combinations_max));
      std::ranges::move(ways_, std::back_inserter(after));
    }
    if (objects < 2) return refuse(fmt::format("There must have at least 2 Objects in {} relationship.", or_name));
    ways_ = std::move(after);
    return true;
  }

  bool read_field(const std::string& path) {
    PatternField field{.path = path};
    while (reader_.next() != Token::end_array)
      if (!read_alternative(field)) return false;
    if (field.alternatives.empty() && !field.absent_too) return refuse("Empty arrays are not allowed");
    const uint32_t id = uint32_t(pattern_.fields.size());
    pattern_.fields.push_back(std::move(field));
    for (Way& way : ways_) way[path] = id;
    return true;
  }

  bool read_alternative(PatternField& field) {
    switch (reader_.token()) {
      case Token::begin_object:
        if (match_expression_.read(field)) return true;
        problem_ = match_expression_.problem();
        return false;
      case Token::string: {
        const std::string_view text = reader_.text();
        const std::optional<Address> address = parse_address(text);
        field.alternatives.push_back({{address ? Operand(AddressBlock{*address, unsigned(address->size() * 8)})
                                               : Operand(TextPart{Part::whole, std::string(text)})}});
        return true;
      }
      case Token::number:
        field.alternatives.push_back(number_alternative(reader_.text()));
        return true;
      case Token::true_value:
      case Token::false_value:
      case Token::null:
        field.alternatives.push_back(
            {{Literal{reader_.token() == Token::null ? json::Kind::null : json::Kind::boolean, std::string(reader_.token_text())}}});
        return true;
      default:
        return refuse("Match value must be String, number, true, false, or null");
    }
  }

  // A number that cannot be compared, an account's say, still equals what is written alike.
  static Alternative number_alternative(std::string_view text) {
    Alternative alternative{{Literal{json::Kind::number, std::string(text)}}};
    if (auto number = comparable_number(text)) alternative.operands.push_back(NumberRange{*number, *number});
    return alternative;
  }

  void finish() {
    for (const Way& way : ways_) {
      std::vector<uint32_t>& fields = pattern_.ways.emplace_back();
      for (const auto& [path, field] : way) fields.push_back(field);
    }
    for (uint32_t id = 0; id < pattern_.fields.size(); ++id) {
      PathNode* node = &pattern_.root;
      std::string_view rest = pattern_.fields[id].path;
      for (bool more = true; more;) {
        const size_t dot = rest.find('.');
        node = &node->children[std::string(rest.substr(0, dot))];
        more = dot != rest.npos;
        if (more) rest.remove_prefix(dot + 1);
      }
      node->fields.push_back(id);
    }
  }

  bool wildcards_are_too_complex() const {
    std::map<std::string_view, std::vector<std::vector<const Wildcard*>>> by_path;
    for (const PatternField& field : pattern_.fields)
      for (const Alternative& alternative : field.alternatives) {
        std::vector<const Wildcard*> wildcards;
        for (const Operand& operand : alternative.operands)
          if (auto* wildcard = std::get_if<Wildcard>(&operand)) wildcards.push_back(wildcard);
        if (!wildcards.empty()) by_path[field.path].push_back(std::move(wildcards));
      }
    return std::ranges::any_of(by_path, [](const auto& field) { return too_complex(field.second); });
  }

  PatternReader reader_;
  MatchExpression match_expression_;
  CompiledPattern pattern_;
  std::vector<Way> ways_ = std::vector<Way>(1);
  std::string problem_;
};

}  // namespace

std::expected<CompiledPattern, std::string> compile_pattern(std::string_view text) {
  if (characters_of(text) > limits::pattern_characters_max)
    return std::unexpected(fmt::format("Event pattern is longer than {} characters", limits::pattern_characters_max));
  return PatternCompiler(text).whole();
}

}  // namespace outcrop::expr
