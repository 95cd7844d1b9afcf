// How structs are filled from a format of named values (JSON, CBOR), whose reader gives one token after the other: the walk
// over the tables that such formats share. A format is a class Reading over this one, with
//
//   bool belongs(const Member&)                  whether a member stands in this format at all
//   std::string_view name_of(const Member&)      what it is called there
//   Next next_key(const Path&), next_element()   the next entry of an object, element of a list; `path` is the object's
//   std::string_view key()                       of the entry; valid until its value is begun
//   bool next_is_null()                          begins the entry's value
//   bool skip_value()                            passes over the entry's value, which was not begun
//   bool read_value(const Shape&, void*, const Path&, int depth)   the value that was begun
//   bool refuse(std::string problem)             false, and keeps what is wrong
#pragma once
#include <string>
#include <string_view>

#include "wire/limits.h"
#include "wire/shape.h"

namespace outcrop::wire {

template <class Reading>
class StructReading {
 protected:
  enum class Next : uint8_t { end, null, value, broken };

  // Members that are null or unknown are passed over.
  bool read_structure(const Shape& shape, void* structure, const Path& path, int depth, uint64_t seen = 0) {
    if (depth > limits::request_depth_max) return self().refuse("Structures are nested too deeply");
    size_t expected = 0;  // members mostly come in the order of the table
    Next next;
    while ((next = self().next_key(path)) == Next::value) {
      const Member* member = find(shape, self().key(), expected);
      if (!member) {
        if (!self().skip_value()) return false;
        continue;
      }
      if (self().next_is_null()) continue;
      if (!self().read_value(*member->shape, member->emplace(structure), path.child(*member), depth)) return false;
      seen |= Missing::bit(static_cast<size_t>(member - shape.members.data()));
    }
    if (next == Next::end) missing_.note(shape, seen, path);
    return next == Next::end;
  }

  // Nulls count where the model says that they may be there.
  bool read_list(const Shape& shape, void* list, const Path& path, int depth) {
    size_t position = 0;
    Next next;
    while ((next = self().next_element()) == Next::value || next == Next::null) {
      if (next == Next::null) {
        if (shape.sparse) shape.list->append(list);
        continue;
      }
      void* element = shape.list->append(list);
      if (shape.sparse) element = shape.presence->emplace(element);
      if (!self().read_value(*shape.element, element, path.element(position++), depth)) return false;
    }
    return next == Next::end;
  }

  bool read_map(const Shape& shape, void* map, const Path& path, int depth) {
    std::string key;
    Next next;
    while ((next = self().next_key(path)) == Next::value) {
      key = self().key();
      if (self().next_is_null()) {
        if (shape.sparse) shape.map->insert(map, key);
        continue;
      }
      void* value = shape.map->insert(map, key);
      if (shape.sparse) value = shape.presence->emplace(value);
      if (!self().read_value(*shape.element, value, path.value(key), depth)) return false;
    }
    return next == Next::end;
  }

 private:
  friend Reading;
  explicit StructReading(Missing& missing) : missing_(missing) {}

  Reading& self() { return static_cast<Reading&>(*this); }

  const Member* find(const Shape& shape, std::string_view name, size_t& expected) {
    for (size_t i = 0, count = shape.members.size(); i < count; ++i) {
      const size_t position = expected + i < count ? expected + i : expected + i - count;
      const Member& member = shape.members[position];
      if (self().name_of(member) != name) continue;
      expected = position + 1 == count ? 0 : position + 1;
      return self().belongs(member) ? &member : nullptr;
    }
    return nullptr;
  }

  Missing& missing_;
};

}  // namespace outcrop::wire
