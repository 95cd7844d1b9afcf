// CBOR: whatever comes is read to an end or an error, skipping agrees with reading, and structs survive being written.
#include "wire/cbor_reader.h"
#include "wire/cbor_shapes.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/time.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace {

using namespace outcrop;

struct Node {
  std::optional<std::string> text, bytes;
  std::optional<int64_t> number;
  std::optional<double> ratio;
  std::optional<Instant> at;
  std::optional<std::vector<Node>> nodes;
  std::optional<wire::Map<std::optional<std::string>>> texts;

  static const wire::Shape shape;
};

constexpr wire::Shape node_list = {.kind = wire::Kind::list, .element = &Node::shape, .list = &wire::list_of<Node>};
constexpr wire::Shape text_map = {.kind = wire::Kind::map,
                                  .sparse = true,
                                  .element = &wire::shapes::string,
                                  .presence = &wire::optional_of<std::string>,
                                  .key = &wire::shapes::string,
                                  .map = &wire::map_of<std::optional<std::string>>};
constexpr wire::Member node_members[] = {
    {.name = "t", .shape = &wire::shapes::string, .presence = &wire::optional_of<std::string>, .offset = offsetof(Node, text)},
    {.name = "b", .shape = &wire::shapes::blob, .presence = &wire::optional_of<std::string>, .offset = offsetof(Node, bytes)},
    {.name = "n", .shape = &wire::shapes::long_, .presence = &wire::optional_of<int64_t>, .offset = offsetof(Node, number)},
    {.name = "r", .shape = &wire::shapes::double_, .presence = &wire::optional_of<double>, .offset = offsetof(Node, ratio)},
    {.name = "a", .shape = &wire::shapes::timestamp, .presence = &wire::optional_of<Instant>, .offset = offsetof(Node, at)},
    {.name = "l", .shape = &node_list, .presence = &wire::optional_of<std::vector<Node>>, .offset = offsetof(Node, nodes)},
    {.name = "m",
     .shape = &text_map,
     .presence = &wire::optional_of<wire::Map<std::optional<std::string>>>,
     .offset = offsetof(Node, texts)},
};
constexpr wire::Shape Node::shape = {.kind = wire::Kind::structure, .name = "Node", .members = node_members};

bool reads_to_the_end(std::string_view bytes) {
  wire::CborReader reader(bytes);
  while (reader.next() != wire::CborToken::end) {
    if (reader.token() == wire::CborToken::error) return false;
  }
  return true;
}

bool skips_to_the_end(std::string_view bytes) {
  wire::CborReader reader(bytes);
  reader.next();
  return reader.skip() && reader.next() == wire::CborToken::end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(reads_to_the_end(bytes) == skips_to_the_end(bytes), "skipping and reading disagree");
  Node node;
  wire::Missing missing;
  Result<void> read = wire::read_cbor(Node::shape, bytes, &node, missing);
  if (!read) {
    check(read.error().status == 400, "what a client sends is the client's fault");
    return 0;
  }
  std::string once, twice;
  wire::write_cbor(Node::shape, &node, once);
  Node again;
  check(wire::read_cbor(Node::shape, once, &again, missing).has_value(), "what was written does not read back");
  wire::write_cbor(Node::shape, &again, twice);
  check(once == twice, "a struct does not survive being written");
  return 0;
}
