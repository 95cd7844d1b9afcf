// Message attributes: what they may be, what they count, their MD5, and which of them a receiver asked for.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/records/sqs.h"
#include "gen/sqs/types.h"

namespace outcrop::sqs {

// Whether SQS allows every character (API, SendMessage: #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF).
// The text is valid UTF-8.
bool is_message_text(std::string_view text);

// Checked, in the order of their names. Faults in AWS's words.
Result<std::vector<StoredAttribute>> checked_attributes(wire::Map<MessageAttributeValue> given);
// The one system attribute a sender may give: X-Ray's header.
Result<std::string> checked_trace_header(const wire::Map<MessageSystemAttributeValue>& given);

// Names, types and values.
size_t bytes_of(const std::vector<StoredAttribute>& attributes);

// Hex, over the attributes in the order of their names (SQS Developer Guide, "Calculating the MD5 message digest for
// message attributes").
std::string md5_of_attributes(const std::vector<const StoredAttribute*>& attributes);
std::string md5_of_attributes(const std::vector<StoredAttribute>& attributes);
std::string md5_of_trace_header(const std::string& trace_header);

// Whether `name` is among those asked for: itself, "All", ".*", or a prefix ending in ".*".
bool is_asked_for(std::string_view name, const std::vector<std::string>& asked);

}  // namespace outcrop::sqs
