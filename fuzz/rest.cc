// Requests of REST services: a path and query, headers, a blank line and a body, through the router, the bindings and
// both bodies. What was decoded must be encodable, and no header of an answer may hold the end of one.
#include <algorithm>

#include "base/check.h"
#include "base/time.h"
#include "wire/route.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"  // as in the tables that modelgen writes

namespace {

using namespace outcrop;
using namespace outcrop::wire;

struct Part {
  std::optional<std::string> name;
  std::optional<int32_t> number;
  std::optional<std::vector<Part>> parts;
  std::optional<Map<int64_t>> counts;

  static const Shape shape;
};

struct Thing {
  std::optional<std::string> label, rest, text, notes, kind;
  std::optional<Instant> since;
  std::optional<std::vector<int32_t>> numbers;
  std::optional<Map<std::vector<std::string>>> all;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::vector<Instant>> dates;
  std::optional<Map<std::string>> meta;
  std::optional<Part> part;

  static const Shape in_body, as_payload;
};

constexpr Shape texts = {.kind = Kind::list, .element = &shapes::string, .element_name = "member", .list = &list_of<std::string>};
constexpr Shape numbers = {.kind = Kind::list, .element = &shapes::integer, .element_name = "member", .list = &list_of<int32_t>};
constexpr Shape dates = {.kind = Kind::list, .element = &shapes::timestamp, .element_name = "member", .list = &list_of<Instant>};
constexpr Shape parts = {.kind = Kind::list, .element = &Part::shape, .element_name = "Part", .list = &list_of<Part>};
constexpr Shape counts = {.kind = Kind::map,
                          .element = &shapes::long_,
                          .key = &shapes::string,
                          .element_name = "value",
                          .key_name = "key",
                          .map = &map_of<int64_t>};
constexpr Shape text_map = {.kind = Kind::map, .element = &shapes::string, .key = &shapes::string, .map = &map_of<std::string>};
constexpr Shape list_map = {.kind = Kind::map, .element = &texts, .key = &shapes::string, .map = &map_of<std::vector<std::string>>};

template <class T>
constexpr Member bound(std::string_view name, const Shape& shape, size_t offset, Location location = Location::body, uint8_t flags = 0) {
  return {.name = name,
          .wire_name = name,
          .shape = &shape,
          .presence = &optional_of<T>,
          .offset = uint32_t(offset),
          .flags = flags,
          .location = location};
}

constexpr Member part_members[] = {
    bound<std::string>("name", shapes::string, offsetof(Part, name), Location::body, Member::xml_attribute),
    bound<int32_t>("number", shapes::integer, offsetof(Part, number)),
    bound<std::vector<Part>>("parts", parts, offsetof(Part, parts), Location::body, Member::flattened),
    bound<Map<int64_t>>("counts", counts, offsetof(Part, counts)),
};
constexpr Shape Part::shape = {.kind = Kind::structure, .name = "Part", .members = part_members};

// The same members with the part in the body, and as the whole body.
template <Location of_part>
constexpr Member thing_members[] = {
    bound<std::string>("label", shapes::string, offsetof(Thing, label), Location::path),
    bound<std::string>("rest", shapes::string, offsetof(Thing, rest), Location::path),
    bound<Instant>("since", shapes::timestamp, offsetof(Thing, since), Location::query),
    bound<std::vector<int32_t>>("n", numbers, offsetof(Thing, numbers), Location::query),
    bound<Map<std::vector<std::string>>>("all", list_map, offsetof(Thing, all), Location::query),
    bound<std::string>("x-text", shapes::string, offsetof(Thing, text), Location::header),
    bound<std::string>("x-notes", shapes::string, offsetof(Thing, notes), Location::header, Member::json_value),
    bound<std::vector<std::string>>("x-tags", texts, offsetof(Thing, tags), Location::header),
    bound<std::vector<Instant>>("x-dates", dates, offsetof(Thing, dates), Location::header),
    bound<Map<std::string>>("x-meta-", text_map, offsetof(Thing, meta), Location::headers),
    bound<Part>("part", Part::shape, offsetof(Thing, part), of_part),
};
constexpr Shape Thing::in_body = {.kind = Kind::structure, .name = "Thing", .members = thing_members<Location::body>};
constexpr Shape Thing::as_payload = {.kind = Kind::structure, .name = "Thing", .members = thing_members<Location::payload>};

constexpr Operation operations[] = {
    {.name = "Acl", .method = "POST", .uri = "/{label}/{rest+}?acl", .input = &Thing::in_body, .output = &Thing::in_body},
    {.name = "Exact", .method = "POST", .uri = "/exact/{label}", .input = &Thing::in_body, .output = &Thing::in_body},
    {.name = "Middle", .method = "POST", .uri = "/{rest+}/middle/{label}", .input = &Thing::as_payload, .output = &Thing::as_payload},
    {.name = "Put", .method = "POST", .uri = "/{label}/{rest+}", .input = &Thing::as_payload, .output = &Thing::as_payload},
};
constexpr ProtocolKind kinds[] = {ProtocolKind::rest_json_1};
constexpr ServiceModel service = {.name = "fuzz", .signing_name = "fuzz", .protocols = kinds, .operations = operations};

// Cuts the next line off the front.
std::string_view next_line(std::string_view& text) {
  size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

net::RequestHead head_of(std::string_view& text) {
  std::string_view target = next_line(text);
  size_t question = std::min(target.find('?'), target.size());
  net::RequestHead head = {.method = "POST", .path = "/" + std::string(target.substr(0, question))};
  head.query = target.substr(std::min(question + 1, target.size()));
  for (std::string_view line = next_line(text); !line.empty(); line = next_line(text)) {
    size_t colon = line.find(':');
    if (colon != std::string_view::npos) head.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 1)));
  }
  return head;
}

void check_headers(const Response& response) {
  for (const net::Header& header : response.head.headers)
    check((header.name + header.value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a header with an end in it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Router router({&service});
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const net::RequestHead head = head_of(text);
  auto route = router.route(head, "fuzz", text);
  if (!route) return 0;
  for (const Protocol* protocol : {&rest_json_1(), &rest_xml()}) {
    Thing thing;
    Missing missing;
    Result<void> read =
        protocol->decode(service, *route->operation, {.head = head, .body = text, .labels = route->labels}, &thing, missing);
    check_headers(read ? protocol->encode(service, *route->operation, &thing, "id") : protocol->encode_fault(&service, read.error(), "id"));
  }
  return 0;
}
