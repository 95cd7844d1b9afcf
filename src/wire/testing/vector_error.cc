#include "wire/testing/vector_error.h"

#include "wire/testing/dynamic_access.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace outcrop::wire::testing {
namespace {

constexpr Member no_message = {.name = "message",
                               .wire_name = "message",
                               .shape = &shapes::string,
                               .presence = &slot_presence<std::string>,
                               .offset = offsetof(Dynamic, members) + (Dynamic::members_max - 1) * sizeof(Slot)};

bool is_message(const Member& member) { return member.name == "message" || member.name == "Message"; }

}  // namespace

VectorError::VectorError(const json::Value& from, const ShapeSet& shapes)
    : status_(static_cast<int>(from.find("case")->find("response")->find("status_code")->as_int64().value())) {
  const json::Value& given = *from.find("case");
  const json::Value* error = given.find("error");
  expected_ = error && error->is_object() ? *error : json::Value(json::Object());
  if (const json::Value* message = given.find("errorMessage"); message && message->is_string()) message_ = message->as_string();
  shape_ = shapes.at(given.find("given")->find("errors")->as_array().at(0).find("shape")->as_string());
  auto message = std::ranges::find_if(shape_.members, is_message);
  members_.push_back(message == shape_.members.end() ? no_message : *message);
  std::ranges::remove_copy_if(shape_.members, std::back_inserter(members_), is_message);
  shape_.members = members_;
}

Fault VectorError::fault(std::string code) const {
  Dynamic members = from_parameters(shape_, expected_);
  return {std::move(code), status_, message_, FaultDetails(std::make_unique<HeldError<Dynamic>>(shape_, std::move(members)))};
}

}  // namespace outcrop::wire::testing
