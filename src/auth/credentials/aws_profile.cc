#include "auth/credentials/aws_profile.h"

#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view ini_blanks = " \t\r";

std::string_view without_blanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(ini_blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(ini_blanks) + 1 - begin);
}

// A comment begins a line, or stands behind a blank.
std::string_view without_comment(std::string_view value) {
  for (size_t i = 1; i < value.size(); ++i) {
    const bool begins = (value[i] == '#' || value[i] == ';') && (value[i - 1] == ' ' || value[i - 1] == '\t');
    if (begins) return without_blanks(value.substr(0, i));
  }
  return value;
}

std::string_view without_quotes(std::string_view name) {
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

// The profile that "[profile NAME]" or "[NAME]" begins; none for other sections ("[sso-session NAME]").
std::optional<std::string_view> profile_of_section(std::string_view line, ProfileFile kind) {
  const size_t end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view name = without_blanks(line.substr(1, end - 1));
  if (kind == ProfileFile::credentials || name == "default") return name;
  constexpr std::string_view word = "profile";
  if (!name.starts_with(word) || name.size() == word.size() || ini_blanks.find(name[word.size()]) == std::string_view::npos)
    return std::nullopt;
  return without_quotes(without_blanks(name.substr(word.size())));
}

}  // namespace

std::optional<ProfileSettings> profile_in(std::string_view text, ProfileFile kind, std::string_view profile) {
  std::optional<ProfileSettings> settings;
  bool is_ours = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view raw = text.substr(at, end - at), line = without_blanks(raw);
    at = end + 1;
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (raw.front() == '[') {
      is_ours = profile_of_section(line, kind) == profile;
      if (is_ours && !settings) settings.emplace();
      continue;
    }
    const size_t equals = line.find('=');
    const bool is_nested = raw.front() == ' ' || raw.front() == '\t';
    if (!is_ours || is_nested || equals == std::string_view::npos) continue;
    settings->insert_or_assign(ascii_lower(without_blanks(line.substr(0, equals))),
                               std::string(without_comment(without_blanks(line.substr(equals + 1)))));
  }
  return settings;
}

}  // namespace outcrop::auth
