// Shapes: constant tables that say what a service's structures hold and how each member is called on the
// wire. modelgen writes them from the models; every protocol, the validator and the records on disk are
// untemplated code that walks them over plain structs (as upb does for protobuf).
//
// C++ types by kind:
//   boolean bool · byte, short, integer int32_t · long_ int64_t · float_ float · double_ double ·
//   string, blob std::string · timestamp Instant · document json::Value · json_text wire::JsonText · structure, union_ a struct ·
//   list std::vector<T> (sparse: std::vector<std::optional<T>>) · map wire::Map<T> (sparse: of optionals) ·
//   stream wire::BodySource, or of events wire::EventReader<T>
// A member that is required is a plain T; otherwise it is std::optional<T>, or wire::Box<T> in unions and where
// a shape contains itself.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/box.h"
#include "wire/map.h"

namespace outcrop::wire {

class Pattern;
struct Shape;

// A value that its service has written itself: the text of one JSON value.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

enum class Kind : uint8_t {
  boolean,
  byte,
  short_,
  integer,
  long_,
  float_,
  double_,
  string,
  blob,
  timestamp,
  document,
  json_text,  // only in outputs, of a service that speaks JSON alone
  structure,
  union_,
  list,
  map,
  stream,  // only as a member of an operation's input or output, with Location::stream
};

enum class TimestampFormat : uint8_t {
  standard,       // the protocol's own: epoch seconds in JSON and CBOR, date_time in XML and forms, http_date in headers
  epoch_seconds,  // 1515531081.123
  date_time,      // "2018-01-09T18:44:41Z" (RFC 3339)
  http_date,      // "Tue, 09 Jan 2018 18:44:41 GMT" (RFC 9110)
};

// Where an HTTP binding puts a member of an operation's input, output or error.
enum class Location : uint8_t {
  body,
  header,         // one header, wire_name
  headers,        // a map: all headers that begin with wire_name
  query,          // one parameter, wire_name; a map without wire_name: the rest of the query
  path,           // the label {wire_name} of the operation's URI
  status_code,    // of the answer
  payload,        // the whole body
  stream,         // the whole body, written and read while the operation runs: no codec touches it
  event_header,   // of an event stream's message
  event_payload,  // the whole payload of an event
};

// The functions of std::optional<T> and Box<T>: how a value that may be absent sits in its holder.
struct Presence {
  const void* (*get)(const void* holder);  // null when absent
  void* (*emplace)(void* holder);          // a fresh T
};

// The functions of std::vector<T>.
struct ListAccess {
  size_t (*size)(const void* list);
  const void* (*at)(const void* list, size_t position);
  void* (*append)(void* list);  // a fresh T at the end
};

// The functions of Map<T>.
struct MapAccess {
  struct Entry {
    const std::string* key;
    const void* value;
  };
  size_t (*size)(const void* map);
  Entry (*at)(const void* map, size_t position);
  void* (*insert)(void* map, std::string_view key);  // a fresh T; replaces the value of a key that is there
};

// Limits of the model. Lengths count code points of strings, bytes of blobs, entries of lists and maps.
struct Constraints {
  static constexpr int64_t no_min = INT64_MIN, no_max = INT64_MAX;
  int64_t min = no_min, max = no_max;  // lengths, and values of integers
  double real_min = -std::numeric_limits<double>::infinity(),
         real_max = std::numeric_limits<double>::infinity();  // values of float_ and double_
  Pattern* pattern = nullptr;
  std::span<const std::string_view> values = {};  // of an enum
};

struct Member {
  static constexpr uint8_t required = 1, flattened = 2, idempotency_token = 4, json_value = 8, xml_attribute = 16, host_label = 32;

  std::string_view name;  // the model's: awsJson, CBOR, and in messages
  // Elsewhere (restJson, XML, forms, headers, queries, labels); the name when the model gives no other. For a
  // flattened list this is already its element's name.
  std::string_view wire_name;
  const Shape* shape;
  const Presence* presence = nullptr;  // null when the member is a plain T
  uint32_t offset = 0;                 // in the struct
  uint16_t id = 0;                     // of a record's member; frozen
  uint8_t flags = 0;
  Location location = Location::body;
  std::string_view xml_namespace = {};  // "xsi=http://…" with a prefix, else the URI

  bool is(uint8_t flag) const { return (flags & flag) != 0; }
  // The value in a struct, or null when it is absent.
  const void* get(const void* structure) const {
    const void* holder = static_cast<const char*>(structure) + offset;
    return presence ? presence->get(holder) : holder;
  }
  // Where to write the value: made afresh when it is optional, else as it is.
  void* emplace(void* structure) const {
    void* holder = static_cast<char*>(structure) + offset;
    return presence ? presence->emplace(holder) : holder;
  }
};

// An error that can end an event stream: what its frame is called, and which error that is.
struct StreamError {
  std::string_view name;          // "throttlingException"
  std::string_view error;         // the shape's name: "ThrottlingException"
  std::string_view message_name;  // "message" or "Message"
};

struct Shape {
  Kind kind;
  TimestampFormat timestamp = TimestampFormat::standard;
  bool sensitive = false;      // never in logs and messages
  bool sparse = false;         // a list or map that may hold nulls
  std::string_view name = {};  // the model's; empty when it has none (shared scalars, an operation without output)

  std::span<const Member> members = {};             // of structures and unions, in the model's order
  std::string_view xml_namespace = {};              // of a structure's root element
  std::string_view xml_name = {};                   // of a structure's root element, where it is not the name
  std::span<const StreamError> stream_errors = {};  // of a union of events

  const Shape* element = nullptr;      // of lists; of a map, its values; of a stream of events, their union
  const Presence* presence = nullptr;  // of elements and values, when sparse
  const Shape* key = nullptr;          // of maps: a string
  std::string_view element_name = {};  // XML and forms, not flattened: "member"; of a map's value: "value"
  std::string_view key_name = {};      // "key"
  const ListAccess* list = nullptr;
  const MapAccess* map = nullptr;

  const Constraints* constraints = nullptr;

  // Of a record's structure: its std::string of members that this release does not know.
  static constexpr uint32_t keeps_none = UINT32_MAX;
  uint32_t unknown_offset = keeps_none;

  bool is_structure() const { return kind == Kind::structure || kind == Kind::union_; }
};

// The functions above for each C++ type; the only templates of the machinery.
template <class Holder>
inline constexpr Presence presence_in = {
    [](const void* holder) -> const void* {
      auto& value = *static_cast<const Holder*>(holder);
      return value ? &*value : nullptr;
    },
    [](void* holder) -> void* { return &static_cast<Holder*>(holder)->emplace(); },
};
template <class T>
inline constexpr Presence optional_of = presence_in<std::optional<T>>;
template <class T>
inline constexpr Presence box_of = presence_in<Box<T>>;

template <class T>
inline constexpr ListAccess list_of = {
    [](const void* list) { return static_cast<const std::vector<T>*>(list)->size(); },
    [](const void* list, size_t position) -> const void* { return &(*static_cast<const std::vector<T>*>(list))[position]; },
    [](void* list) -> void* { return &static_cast<std::vector<T>*>(list)->emplace_back(); },
};

template <class T>
inline constexpr MapAccess map_of = {
    [](const void* map) { return static_cast<const Map<T>*>(map)->size(); },
    [](const void* map, size_t position) {
      auto& entry = static_cast<const Map<T>*>(map)->at(position);
      return MapAccess::Entry{&entry.key, &entry.value};
    },
    [](void* map, std::string_view key) -> void* { return &static_cast<Map<T>*>(map)->renew(key); },
};

// A value that its table says is a T.
template <class T>
const T& value_as(const void* value) {
  return *static_cast<const T*>(value);
}

// Where a value is inside its request: a chain on the stack, rendered only when something is wrong with it.
struct Path {
  const Path* parent = nullptr;
  const Member* member = nullptr;  // a member of a structure, or
  size_t position = 0;             // of a list's element, counted from 0, or
  std::string_view key = {};       // of a map's value
  enum class Step : uint8_t { root, member, element, value } step = Step::root;

  Path child(const Member& to) const { return {.parent = this, .member = &to, .step = Step::member}; }
  Path element(size_t at) const { return {.parent = this, .position = at, .step = Step::element}; }
  Path value(std::string_view of) const { return {.parent = this, .key = of, .step = Step::value}; }
  // "Entries.0.MessageBody": names as the model has them, joined by dots. Canonical: it tells places apart.
  std::string text() const;
};

// What a decoder found missing. Required members are plain values, so only it can know; the validator words it.
struct Missing {
  std::vector<std::string> paths;  // Path::text() of each required member that did not come

  // The bit of members[i] in a set of members; none beyond the 64th, which modelgen lets no required member be.
  static constexpr uint64_t bit(size_t i) { return i < 64 ? uint64_t{1} << i : 0; }

  // Marks the required members of `shape` of which `seen` has no bit.
  void note(const Shape& shape, uint64_t seen, const Path& path) {
    for (size_t i = 0; i < shape.members.size(); ++i) {
      const Member& member = shape.members[i];
      if (member.is(Member::required) && !(seen & bit(i))) paths.push_back(path.child(member).text());
    }
  }
};

// Shapes without names or constraints, shared by all services.
namespace shapes {
inline constexpr Shape boolean = {.kind = Kind::boolean};
inline constexpr Shape byte = {.kind = Kind::byte};
inline constexpr Shape short_ = {.kind = Kind::short_};
inline constexpr Shape integer = {.kind = Kind::integer};
inline constexpr Shape long_ = {.kind = Kind::long_};
inline constexpr Shape float_ = {.kind = Kind::float_};
inline constexpr Shape double_ = {.kind = Kind::double_};
inline constexpr Shape string = {.kind = Kind::string};
inline constexpr Shape blob = {.kind = Kind::blob};
inline constexpr Shape document = {.kind = Kind::document};
inline constexpr Shape json_text = {.kind = Kind::json_text};
inline constexpr Shape body_stream = {.kind = Kind::stream};
inline constexpr Shape timestamp = {.kind = Kind::timestamp};
inline constexpr Shape timestamp_epoch_seconds = {.kind = Kind::timestamp, .timestamp = TimestampFormat::epoch_seconds};
inline constexpr Shape timestamp_date_time = {.kind = Kind::timestamp, .timestamp = TimestampFormat::date_time};
inline constexpr Shape timestamp_http_date = {.kind = Kind::timestamp, .timestamp = TimestampFormat::http_date};
}  // namespace shapes

}  // namespace outcrop::wire
