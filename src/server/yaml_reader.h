// Reads a YAML document strictly: a key nobody declared, a key given twice, a value of the wrong kind or out
// of range is a problem with its line and column, and all problems are collected instead of the first alone.
#pragma once
#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/setting.h"

namespace outcrop::server {

struct Problem {
  int line = 0, column = 0;  // from 1; 0 when it concerns the whole file, which the text then names
  std::string text;
};

// Of `known`, the name that is a slip or two away from `name`; empty when none is.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known);

class YamlReader {
 public:
  using Read = std::function<void(const YAML::Node&)>;
  struct Key {
    std::string_view name;
    Read read;
    bool required = false;
  };

  // A map with exactly these keys. An empty node is an empty map.
  void map(const YAML::Node& node, const std::vector<Key>& keys);
  // A map whose keys are data: calls read(key, value) for each.
  void entries(const YAML::Node& node, const std::function<void(const YAML::Node& key, const YAML::Node& value)>& read);
  // A list. An empty node is an empty list.
  void list(const YAML::Node& node, const Read& read);
  // A list, or the one value that would be in it.
  void list_or_one(const YAML::Node& node, const Read& read);

  template <class T>
  void value(const YAML::Node& node, Parsed<T> (*parse)(std::string_view), auto&& keep) {
    if (!node.IsScalar()) return report(node, "must be a single value");
    Parsed<T> parsed = parse(node.Scalar());
    parsed ? keep(std::move(*parsed)) : report(node, parsed.error());
  }
  // A reader that puts the value into `out`, which must outlive it.
  template <class T, class Out>
  Read into(Out& out, Parsed<T> (*parse)(std::string_view)) {
    return [this, &out, parse](const YAML::Node& node) { value<T>(node, parse, [&](T parsed) { out = std::move(parsed); }); };
  }
  // A reader that adds the value, or each of a list of them.
  template <class T>
  Read append_to(std::vector<T>& out, Parsed<T> (*parse)(std::string_view)) {
    return [this, &out, parse](const YAML::Node& node) {
      list_or_one(node, [&](const YAML::Node& item) { value<T>(item, parse, [&](T parsed) { out.push_back(std::move(parsed)); }); });
    };
  }

  // Adds a problem at the node, named by the path to it: "limits.connections: …".
  void report(const YAML::Node& node, std::string_view clause);

  std::vector<Problem> take_problems() { return std::move(problems_); }

 private:
  void enter(std::string part, const std::function<void()>& inside);

  std::vector<std::string> path_;
  std::vector<Problem> problems_;
};

}  // namespace outcrop::server
