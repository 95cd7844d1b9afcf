// Events by the tables.
#include "wire/event_stream_shapes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/encoding.h"
#include "wire/error.h"
#include "wire/validate.h"

namespace outcrop::wire {
namespace {

HeaderValue header_of(const Shape& shape, const void* value) {
  switch (shape.kind) {
    case Kind::boolean:
      return value_as<bool>(value);
    case Kind::byte:
      return static_cast<int8_t>(value_as<int32_t>(value));
    case Kind::short_:
      return static_cast<int16_t>(value_as<int32_t>(value));
    case Kind::integer:
      return value_as<int32_t>(value);
    case Kind::long_:
      return value_as<int64_t>(value);
    case Kind::blob:
      return HeaderBytes{value_as<std::string>(value)};
    case Kind::timestamp:
      return value_as<Instant>(value);
    default:
      check(shape.kind == Kind::string, "this kind of member cannot be a header of an event");
      return value_as<std::string>(value);
  }
}

// False when the header's type does not fit.
bool read_header(const Shape& shape, const HeaderValue& header, void* value) {
  auto as = [&]<class Held, class Stored>() {
    const Held* held = std::get_if<Held>(&header);
    if (held) *static_cast<Stored*>(value) = static_cast<Stored>(*held);
    return held != nullptr;
  };
  switch (shape.kind) {
    case Kind::boolean:
      return as.template operator()<bool, bool>();
    case Kind::byte:
      return as.template operator()<int8_t, int32_t>();
    case Kind::short_:
      return as.template operator()<int16_t, int32_t>();
    case Kind::integer:
      return as.template operator()<int32_t, int32_t>();
    case Kind::long_:
      return as.template operator()<int64_t, int64_t>();
    case Kind::string:
      return as.template operator()<std::string, std::string>();
    case Kind::timestamp:
      return as.template operator()<Instant, Instant>();
    case Kind::blob:
      if (auto* bytes = std::get_if<HeaderBytes>(&header)) {
        *static_cast<std::string*>(value) = bytes->bytes;
        return true;
      }
      return false;
    default:
      return false;
  }
}

const Member* payload_member(const Shape& event) {
  auto at = std::ranges::find(event.members, Location::event_payload, &Member::location);
  return at == event.members.end() ? nullptr : &*at;
}

bool has_document(const Shape& event) { return std::ranges::find(event.members, Location::body, &Member::location) != event.members.end(); }

// The payload of an event; gives its type, empty when there is none.
std::string_view write_payload(const Shape& shape, const void* event, const PayloadFormat& format, std::string& out) {
  if (const Member* member = payload_member(shape)) {
    const void* value = member->get(event);
    if (!value) return "";
    if (member->shape->kind == Kind::blob || member->shape->kind == Kind::string) {
      out = value_as<std::string>(value);
      return member->shape->kind == Kind::blob ? "application/octet-stream" : "text/plain";
    }
    format.write(*member->shape, value, out);
    return format.content_type;
  }
  if (!has_document(shape)) return "";
  format.write(shape, event, out);
  return format.content_type;
}

struct EventReading {
  const Shape& shape;
  const Message& message;
  const PayloadFormat& format;
  Missing missing = {};

  Result<void> read(void* event) {
    for (const Member& member : shape.members) {
      if (member.location != Location::event_header) continue;
      const HeaderValue* header = message.find(member.name);
      if (header && !read_header(*member.shape, *header, member.emplace(event)))
        return fail("SerializationException", 400, fmt::format("The header {} of an event has a wrong type", member.name));
    }
    Result<void> payload = read_payload(event);
    if (!payload) return payload;
    std::erase_if(missing.paths, [&](const std::string& path) { return message.find(path) != nullptr; });
    std::vector<Violation> violations = find_violations(shape, event, missing);
    if (!violations.empty()) return fail("ValidationException", 400, violations_text(violations));
    return {};
  }

 private:
  Result<void> read_payload(void* event) {
    const Member* member = payload_member(shape);
    if (!member)
      return message.payload.empty() && !has_document(shape) ? Result<void>() : format.read(shape, message.payload, event, missing);
    if (member->shape->is_structure()) return format.read(*member->shape, message.payload, member->emplace(event), missing);
    if (member->shape->kind == Kind::string && !is_valid_utf8(message.payload))
      return fail("SerializationException", 400, "The text of an event is not valid UTF-8");
    *static_cast<std::string*>(member->emplace(event)) = message.payload;
    return {};
  }
};

struct FaultText {
  std::string message;
};

// An error as a structure with one member.
struct FaultShape {
  explicit FaultShape(const StreamError& error)
      : member{.name = error.message_name,
               .wire_name = error.message_name,
               .shape = &shapes::string,
               .offset = offsetof(FaultText, message)},
        shape{.kind = Kind::structure, .name = error.error, .members = {&member, 1}} {}
  const Member member;
  const Shape shape;
};

Fault read_exception(const Shape& events, const Message& message, const PayloadFormat& format) {
  std::string_view name = message.text(":exception-type");
  auto at = std::ranges::find(events.stream_errors, name, &StreamError::name);
  const StreamError error = at == events.stream_errors.end() ? StreamError{name, name, "message"} : *at;
  FaultText text;
  Missing missing;
  // An exception whose text cannot be read is that exception all the same.
  (void)format.read(FaultShape(error).shape, message.payload, &text, missing);
  return {std::string(error.error), 400, std::move(text.message)};
}

}  // namespace

Message write_event(const Shape& events, const void* event, const PayloadFormat& format) {
  auto set = std::ranges::find_if(events.members, [&](const Member& member) { return member.get(event) != nullptr; });
  check(set != events.members.end(), "an event without a member was written");
  const void* value = set->get(event);
  Message message;
  std::string_view type = write_payload(*set->shape, value, format, message.payload);
  message.headers.push_back({":event-type", std::string(set->name)});
  if (!type.empty()) message.headers.push_back({":content-type", std::string(type)});
  message.headers.push_back({":message-type", "event"});
  for (const Member& member : set->shape->members) {
    if (member.location != Location::event_header) continue;
    if (const void* header = member.get(value)) message.headers.push_back({std::string(member.name), header_of(*member.shape, header)});
  }
  return message;
}

Message write_stream_fault(const Shape& events, const Fault& fault, const PayloadFormat& format) {
  auto error = std::ranges::find(events.stream_errors, fault.code, &StreamError::error);
  if (error == events.stream_errors.end())
    return {{{":message-type", "error"}, {":error-code", fault.code}, {":error-message", fault.message}}, ""};
  Message message = {
      {{":exception-type", std::string(error->name)}, {":content-type", std::string(format.content_type)}, {":message-type", "exception"}},
      ""};
  if (const ErrorDetails* details = details_of(fault)) {
    format.write(details->shape, details->structure(), message.payload);
    return message;
  }
  const FaultText text = {fault.message};
  format.write(FaultShape(*error).shape, &text, message.payload);
  return message;
}

Message write_initial(std::string_view name, const Shape& shape, const void* structure, const PayloadFormat& format) {
  Message message = {{{":event-type", std::string(name)}, {":content-type", std::string(format.content_type)}, {":message-type", "event"}},
                     ""};
  format.write(shape, structure, message.payload);
  return message;
}

Result<bool> read_event(const Shape& events, const Message& message, const PayloadFormat& format, void* event) {
  std::string_view kind = message.text(":message-type");
  if (kind == "exception") return fail(read_exception(events, message, format));
  if (kind == "error") return fail(std::string(message.text(":error-code")), 500, std::string(message.text(":error-message")));
  if (kind != "event") return fail("SerializationException", 400, "Event stream: a message is no event");
  auto member = std::ranges::find(events.members, message.text(":event-type"), &Member::name);
  if (member == events.members.end()) return false;
  Result<void> read = EventReading{*member->shape, message, format}.read(member->emplace(event));
  if (!read) return fail(std::move(read.error()));
  return true;
}

}  // namespace outcrop::wire
