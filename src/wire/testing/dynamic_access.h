// How the tables reach into slots: one set of functions for each C++ type a slot can hold.
#pragma once
#include "wire/testing/dynamic.h"

namespace outcrop::wire::testing {

// What a slot holds for T: the value itself, or for structures a box of it.
template <class T>
void* fresh_in(Slot& slot) {
  if constexpr (std::is_same_v<T, Structure>) {
    return &slot.value.template emplace<Structure>().emplace();
  } else {
    return &slot.value.template emplace<T>();
  }
}

template <class T>
const void* value_in(const Slot& slot) {
  const T* held = std::get_if<T>(&slot.value);
  if constexpr (std::is_same_v<T, Structure>) {
    return held ? &**held : nullptr;
  } else {
    return held;
  }
}

template <class T>
inline constexpr Presence slot_presence = {
    [](const void* slot) { return value_in<T>(*static_cast<const Slot*>(slot)); },
    [](void* slot) { return fresh_in<T>(*static_cast<Slot*>(slot)); },
};

// Elements that are always there hold their value; those of sparse lists are slots.
template <class T>
inline constexpr ListAccess slot_list = {
    [](const void* list) { return static_cast<const std::vector<Slot>*>(list)->size(); },
    [](const void* list, size_t position) { return value_in<T>((*static_cast<const std::vector<Slot>*>(list))[position]); },
    [](void* list) { return fresh_in<T>(static_cast<std::vector<Slot>*>(list)->emplace_back()); },
};

template <class T>
inline constexpr MapAccess slot_map = {
    [](const void* map) { return static_cast<const Map<Slot>*>(map)->size(); },
    [](const void* map, size_t position) {
      const auto& entry = static_cast<const Map<Slot>*>(map)->at(position);
      return MapAccess::Entry{&entry.key, value_in<T>(entry.value)};
    },
    [](void* map, std::string_view key) { return fresh_in<T>((*static_cast<Map<Slot>*>(map))[key]); },
};

inline constexpr const ListAccess& sparse_slot_list = list_of<Slot>;
inline constexpr const MapAccess& sparse_slot_map = map_of<Slot>;

// Calls `with.template operator()<T>()` for the type that a slot holds for `kind`.
template <class With>
auto for_kind(Kind kind, With with) {
  switch (kind) {
    case Kind::boolean:
      return with.template operator()<bool>();
    case Kind::byte:
    case Kind::short_:
    case Kind::integer:
      return with.template operator()<int32_t>();
    case Kind::long_:
      return with.template operator()<int64_t>();
    case Kind::float_:
      return with.template operator()<float>();
    case Kind::double_:
      return with.template operator()<double>();
    case Kind::string:
    case Kind::blob:
      return with.template operator()<std::string>();
    case Kind::timestamp:
      return with.template operator()<Instant>();
    case Kind::document:
      return with.template operator()<json::Value>();
    case Kind::structure:
    case Kind::union_:
      return with.template operator()<Structure>();
    case Kind::list:
      return with.template operator()<std::vector<Slot>>();
    case Kind::map:
    case Kind::json_text:
    case Kind::stream:
      break;
  }
  return with.template operator()<Map<Slot>>();
}

}  // namespace outcrop::wire::testing
