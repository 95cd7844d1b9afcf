#include "inference/embedded/tool_choice.h"

#include <algorithm>
#include <set>

#include "inference/embedded/facts.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/schema_fill.h"
#include "inference/embedded/synonyms.h"
#include "inference/embedded/tokens.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

constexpr double name_weight = 2;            // a word of the tool's name says more than one of its description
constexpr double near_meaning_weight = 0.5;  // so does the word itself than one of near meaning
constexpr double enough_words = 3;           // of a message that match: more do not make a better fit

using Terms = std::set<std::string, std::less<>>;

Terms terms_of_tool(const Tool& tool) {
  std::vector<std::string> all = terms(tool.description.substr(0, question_bytes_max));
  const json::Value* properties = tool.input_schema != nullptr ? tool.input_schema->find("properties") : nullptr;
  if (properties != nullptr && properties->is_object())
    for (const json::Member& member : properties->as_object())
      for (std::string& term : name_terms(member.name())) all.push_back(std::move(term));
  return Terms(all.begin(), all.end());
}

double match(const Terms& terms, const std::string& wanted) {
  if (terms.contains(wanted)) return 1;
  return std::ranges::any_of(related_terms(wanted), [&](const std::string& related) { return terms.contains(related); })
             ? near_meaning_weight
             : 0;
}

// How the message's words are met by the tool's, as a share of what a short message could reach.
double fit_of(const Tool& tool, const Terms& message) {
  std::vector<std::string> named = name_terms(tool.name);
  Terms name(named.begin(), named.end()), described = terms_of_tool(tool);
  double matched = 0;
  for (const std::string& term : message) matched += std::max(name_weight * match(name, term), match(described, term));
  double reachable = name_weight * std::min(enough_words, double(std::max<size_t>(message.size(), 1)));
  return std::min(1.0, matched / reachable);
}

Terms terms_of_message(std::string_view message) {
  std::vector<std::string> all = terms(message.substr(0, question_bytes_max));
  if (all.size() > question_terms_max) all.resize(question_terms_max);
  return Terms(all.begin(), all.end());
}

ToolCall call_of(std::span<const Tool> tools, size_t i, std::string_view message, double fit) {
  static const json::Value no_schema = json::Value::object();
  Filled filled = fill_schema(tools[i].input_schema != nullptr ? *tools[i].input_schema : no_schema, message);
  return {.tool = i, .input = std::move(filled.value), .fit = fit, .missing = std::move(filled.missing)};
}

struct Candidate {
  size_t tool;
  double fit;
};

// Best first, equals in the order they were given.
std::vector<Candidate> by_fit(std::span<const Tool> tools, std::string_view message) {
  Terms asked = terms_of_message(message);
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < std::min(tools.size(), tools_max); ++i) candidates.push_back({i, fit_of(tools[i], asked)});
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) { return a.fit != b.fit ? a.fit > b.fit : a.tool < b.tool; });
  return candidates;
}

}  // namespace

std::optional<ToolCall> choose_tool(std::span<const Tool> tools, std::string_view message) {
  for (const Candidate& candidate : by_fit(tools, message)) {
    if (candidate.fit < tool_fit_min) break;
    ToolCall call = call_of(tools, candidate.tool, message, candidate.fit);
    if (call.missing.empty()) return call;
  }
  return std::nullopt;
}

std::optional<ToolCall> forced_tool(std::span<const Tool> tools, std::string_view message, std::string_view name) {
  for (const Candidate& candidate : by_fit(tools, message))
    if (name.empty() || tools[candidate.tool].name == name) return call_of(tools, candidate.tool, message, candidate.fit);
  return std::nullopt;
}

}  // namespace outcrop::embedded
