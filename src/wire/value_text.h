// Values as AWS's messages show them, which is how Java prints them: "[a, b]", "{k=v}", "Item(name=a, weight=null)".
#pragma once
#include <string>

#include "wire/shape.h"

namespace outcrop::wire {

// Sensitive parts are left out: "***Sensitive Data Redacted***".
std::string value_text(const Shape& shape, const void* value);

// "QueueUrl" → "queueUrl", "SAMLMetadata" → "sAMLMetadata".
std::string lower_camel(std::string_view name);

}  // namespace outcrop::wire
