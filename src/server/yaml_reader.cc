#include "server/yaml_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace outcrop::server {

namespace {

// Levenshtein's distance, one row at a time.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t(0));
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view nearest;
  size_t least = std::max<size_t>(2, name.size() / 3) + 1;
  for (std::string_view candidate : known) {
    size_t distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

void YamlReader::map(const YAML::Node& node, const std::vector<Key>& keys) {
  std::vector<std::string_view> names;
  for (const Key& key : keys) names.push_back(key.name);
  std::set<std::string> seen;
  entries(node, [&](const YAML::Node& name, const YAML::Node& value) {
    auto key = std::ranges::find(keys, name.Scalar(), &Key::name);
    if (key == keys.end()) {
      std::string_view nearest = nearest_name(name.Scalar(), names);
      report(name, nearest.empty() ? fmt::format("is not a known key; known here: {}", fmt::join(names, ", "))
                                   : fmt::format("is not a known key; did you mean {}?", nearest));
    } else {
      seen.insert(name.Scalar());
      key->read(value);
    }
  });
  if (!node.IsMap() && !node.IsNull()) return;
  for (const Key& key : keys) {
    if (key.required && !seen.contains(std::string(key.name))) report(node, fmt::format("lacks the key {}", key.name));
  }
}

void YamlReader::entries(const YAML::Node& node, const std::function<void(const YAML::Node&, const YAML::Node&)>& read) {
  if (node.IsNull()) return;
  if (!node.IsMap()) return report(node, "must be a map of keys and values");
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      report(entry.first, "a key must be a single value");
      continue;
    }
    enter(entry.first.Scalar(), [&] {
      if (!seen.insert(entry.first.Scalar()).second) {
        report(entry.first, "is given twice");
      } else {
        read(entry.first, entry.second);
      }
    });
  }
}

void YamlReader::list(const YAML::Node& node, const Read& read) {
  if (node.IsNull()) return;
  if (!node.IsSequence()) return report(node, "must be a list");
  size_t index = 0;
  for (const auto& item : node) enter(fmt::format("[{}]", index++), [&] { read(item); });
}

void YamlReader::list_or_one(const YAML::Node& node, const Read& read) { node.IsScalar() ? read(node) : list(node, read); }

void YamlReader::report(const YAML::Node& node, std::string_view clause) {
  std::string path;
  for (const std::string& part : path_) {
    if (!path.empty() && !part.starts_with('[')) path += '.';
    path += part;
  }
  YAML::Mark mark = node.Mark();
  problems_.push_back(
      {mark.line + 1, mark.column + 1, path.empty() ? fmt::format("the file {}", clause) : fmt::format("{}: {}", path, clause)});
}

void YamlReader::enter(std::string part, const std::function<void()>& inside) {
  path_.push_back(std::move(part));
  inside();
  path_.pop_back();
}

}  // namespace outcrop::server
