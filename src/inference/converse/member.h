// Members of JSON objects, as the files of this folder write them; and what these files share.
#pragma once
#include <string_view>

#include "inference/converse/converse_request.h"
#include "json/writer.h"

namespace outcrop::inference {

inline void text_member(json::Writer& out, std::string_view name, std::string_view text) { out.name(name), out.string(text); }
inline void text_member_unless_empty(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) text_member(out, name, text);
}
inline void flag_member(json::Writer& out, std::string_view name, bool flag) { out.name(name), out.boolean(flag); }

// `write_members()` writes what is in it.
template <class F>
void object_member(json::Writer& out, std::string_view name, F write_members) {
  out.name(name), out.begin_object();
  write_members();
  out.end_object();
}

template <class List, class F>
void list_member(json::Writer& out, std::string_view name, const List& list, F write_element) {
  out.name(name), out.begin_array();
  for (const auto& element : list) write_element(element);
  out.end_array();
}

void write_bytes(json::Writer& out, std::string_view bytes, Media media);
void write_cache_point(json::Writer& out, const CachePointBlock& block);
void write_guard(json::Writer& out, const GuardBlock& block, Media media);

}  // namespace outcrop::inference
