// Amazon Nova's messages ("messages-v1": Amazon Nova user guide, "Complete request schema"; Amazon Nova 2 user guide, "Request
// and response schema"): Converse's shapes with bytes as base64.
#pragma once
#include <memory>
#include <string>

#include "inference/dialects/dialect.h"
#include "inference/dialects/field.h"

namespace outcrop::inference::nova {

// The blocks of a message, added to `out`.
void read_content(const Field& content, Conversation& out, Role role);

std::string write_answer(const CollectedAnswer& answer);
std::unique_ptr<DialectStream> stream_answer();

}  // namespace outcrop::inference::nova
