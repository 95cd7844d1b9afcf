#include "services/lambda/function/code_in_place.h"

#include <fmt/format.h>

#include <filesystem>

#include "gen/lambda/errors.h"

namespace outcrop::lambda {

namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& directory, const fs::path& root) {
  const auto [mismatch, rest] = std::mismatch(root.begin(), root.end(), directory.begin(), directory.end());
  return mismatch == root.end() || (mismatch->empty() && std::next(mismatch) == root.end());
}

bool is_allowed(const fs::path& directory, const InPlacePolicy& policy) {
  if (policy.allows_any) return true;
  for (const std::string& root : policy.below) {
    std::error_code problem;
    const fs::path real = fs::weakly_canonical(root, problem);
    if (!problem && is_below(directory, real)) return true;
  }
  return false;
}

}  // namespace

Result<std::optional<std::string>> code_directory_in(const wire::Map<std::string>& tags, const InPlacePolicy& policy) {
  const std::string* tag = tags.find(code_directory_tag);
  if (!tag) return std::nullopt;
  const fs::path named(*tag);
  std::error_code problem;
  const fs::path real = fs::canonical(named, problem);  // links resolved, so that none leads out of what is allowed
  if (!named.is_absolute() || problem || !fs::is_directory(real, problem))
    return fail(invalid_parameter_value_exception(fmt::format(
        "The tag {} must name an absolute path of a directory of this server's machine, and {} is none.", code_directory_tag, *tag)));
  if (!is_allowed(real, policy))
    return fail(invalid_parameter_value_exception(fmt::format(
        "The tag {} names {}, which is below none of the directories that lambda.code_directories of the server's configuration "
        "lists.",
        code_directory_tag, *tag)));
  return real.string();
}

}  // namespace outcrop::lambda
