// Members of requests on their way into records: what a request leaves out stays as it is, and an empty text takes one away.
#pragma once
#include <optional>
#include <string>

#include "wire/map.h"

namespace outcrop::apigatewayv2 {

inline void set_text(std::optional<std::string>& to, std::optional<std::string>& from) {
  if (!from) return;
  if (from->empty()) {
    to.reset();
  } else {
    to = std::move(*from);
  }
}

template <class T>
void set_value(std::optional<T>& to, const std::optional<T>& from) {
  if (from) to = from;
}

// Maps in which an empty text takes its key away: parameters and stage variables.
inline void merge_texts(wire::Map<std::string>& to, const std::optional<wire::Map<std::string>>& from) {
  if (!from) return;
  for (const auto& [key, value] : *from) {
    if (value.empty()) {
      to.erase(key);
    } else {
      to[key] = value;
    }
  }
}

inline void merge_texts(std::optional<wire::Map<std::string>>& to, const std::optional<wire::Map<std::string>>& from) {
  if (!from) return;
  if (!to) to.emplace();
  merge_texts(*to, from);
}

}  // namespace outcrop::apigatewayv2
