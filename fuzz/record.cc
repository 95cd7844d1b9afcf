// Reading records: whatever lies on the disk, the answer is a record or a fault.
#include "wire/record.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "json/json.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace {

using namespace outcrop;

struct Node {
  std::string text;
  int64_t number = 0;
  std::optional<double> ratio;
  std::optional<std::vector<Node>> nodes;
  std::optional<wire::Map<std::optional<std::string>>> texts;
  std::optional<json::Value> document;
  std::string unknown_members;

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
    {.name = "Text", .shape = &wire::shapes::string, .offset = offsetof(Node, text), .id = 1, .flags = wire::Member::required},
    {.name = "Number", .shape = &wire::shapes::long_, .offset = offsetof(Node, number), .id = 2, .flags = wire::Member::required},
    {.name = "Ratio", .shape = &wire::shapes::double_, .presence = &wire::optional_of<double>, .offset = offsetof(Node, ratio), .id = 3},
    {.name = "Nodes", .shape = &node_list, .presence = &wire::optional_of<std::vector<Node>>, .offset = offsetof(Node, nodes), .id = 4},
    {.name = "Texts",
     .shape = &text_map,
     .presence = &wire::optional_of<wire::Map<std::optional<std::string>>>,
     .offset = offsetof(Node, texts),
     .id = 5},
    {.name = "Document",
     .shape = &wire::shapes::document,
     .presence = &wire::optional_of<json::Value>,
     .offset = offsetof(Node, document),
     .id = 6},
};
constexpr wire::Shape Node::shape = {
    .kind = wire::Kind::structure, .name = "Node", .members = node_members, .unknown_offset = offsetof(Node, unknown_members)};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Result<Node> node = wire::decode_record<Node>({reinterpret_cast<const char*>(data), size});
  if (!node) {
    check(node.error().status == 500, "a record that cannot be read is our failure");
    return 0;
  }
  // What was read is written and read again as the same bytes.
  std::string once = wire::encode_record(*node);
  Result<Node> again = wire::decode_record<Node>(once);
  check(again.has_value() && wire::encode_record(*again) == once, "a record does not survive being rewritten");
  return 0;
}
