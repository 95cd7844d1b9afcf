// The event that a function is given for a request to its URL: payload format version 2.0 (Guide, "Invoking Lambda function URLs").
#pragma once
#include <string>
#include <string_view>

#include "auth/identity.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::lambda {

struct UrlEvent {
  const net::RequestHead& head;
  std::string_view path;  // raw, without what names the URL
  std::string_view body;
  std::string_view url_id, domain_name;
  std::string_view request_id, trace_header;
  const Identity* caller = nullptr;  // null: nobody was authenticated
  Instant at;
};

// JSON.
std::string write_event(const UrlEvent& event);

// Whether bodies of that type are passed on as they are; others are encoded.
bool is_text_type(std::string_view content_type);

}  // namespace outcrop::lambda
