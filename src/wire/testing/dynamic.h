// Shapes and values made at run time, so that tests can walk any model and any vector without generated code.
// A structure of any shape is a Dynamic: its members are slots that hold whatever C++ type their shape asks for.
#pragma once
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "json/json.h"
#include "wire/operation.h"
#include "wire/shape.h"

namespace outcrop::wire::testing {

struct Dynamic;
struct Slot;
using Structure = Box<Dynamic>;

struct Slot {
  std::variant<std::monostate, bool, int32_t, int64_t, float, double, std::string, Instant, json::Value, Structure, std::vector<Slot>,
               Map<Slot>>
      value;
  friend bool operator==(const Slot&, const Slot&) = default;
};

struct Dynamic {
  static constexpr size_t members_max = 96;
  std::array<Slot, members_max> members;
  std::string unknown_members;
  friend bool operator==(const Dynamic&, const Dynamic&) = default;
};

// Owns tables. Shapes may refer to each other in any order.
class ShapeSet {
 public:
  // From a model: of models/ (awsmodel/1), or of the protocol vectors, whose shapes are written as botocore has them.
  // Names are looked up in `shapes`, an object.
  static ShapeSet from_model(const json::Value& shapes);
  static ShapeSet from_botocore(const json::Value& shapes);

  ShapeSet() = default;
  ShapeSet(ShapeSet&&) = default;

  const Shape& at(std::string_view name) const;
  bool contains(std::string_view name) const { return shapes_.contains(name); }
  std::vector<std::string> structures() const;  // names of all structures

 private:
  friend class ShapeBuilder;
  // Deques keep the addresses of what they hold.
  std::map<std::string, Shape, std::less<>> shapes_;
  std::deque<Shape> variants_;
  std::deque<std::vector<Member>> members_;
  std::deque<std::string> texts_;
};

// A random value of a structure; deeper ones are emptier. Every text is UTF-8, every number finite.
Dynamic random_structure(const Shape& shape, Random& random, int depth = 0);

// The structure as the protocol vectors write parameters: blobs as text, timestamps as epoch seconds.
json::Value to_parameters(const Shape& shape, const void* structure);
Dynamic from_parameters(const Shape& shape, const json::Value& parameters);

}  // namespace outcrop::wire::testing
