// The error of a protocol vector as a fault whose members are as the vector has them.
#pragma once
#include <vector>

#include "wire/error.h"
#include "wire/testing/dynamic.h"

namespace outcrop::wire::testing {

class VectorError {
 public:
  // `from` is a vector with an "errorCode" in its "case"; `shapes` must outlive the faults.
  VectorError(const json::Value& from, const ShapeSet& shapes);
  VectorError(const VectorError&) = delete;

  Fault fault(std::string code) const;
  const Shape& shape() const { return shape_; }
  const json::Value& expected() const { return expected_; }  // its members
  int status() const { return status_; }

 private:
  json::Value expected_;
  int status_;
  std::string message_;
  Shape shape_;
  std::vector<Member> members_;  // of the model, behind a message that is always first
};

}  // namespace outcrop::wire::testing
